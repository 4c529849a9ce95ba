"""The form of an opinion."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.reviews.models import Conclusion, Opinion
from app.reviews.services import TEXT_MAX, OpinionText
from app.reviews.wording import CONCLUSIONS
from app.web.fields import MomentField


class Needed:
    """Marks what an opinion must say to be complete; a draft may be kept without it."""

    field_flags: ClassVar = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        """Never refuses."""


PEOPLE = [Needed(), Optional(), NumberRange(0, 99, _l("请填写 0 到 99 的整数。"))]
GRADE = "grade_"


def _at_most(n: int) -> Length:
    return Length(max=n, message=_l("最多 %(n)s 个字，请缩短。", n=n))


class BodyOpinionForm(FlaskForm):
    """审核意见 of a body."""

    version = HiddenField(default="0")
    conclusion = RadioField(
        _l("结论"), choices=[(c.value, name) for c, name in CONCLUSIONS.items()], default=Conclusion.AGREE.value,
        validators=[InputRequired(_l("请选择结论。"))],
    )
    text = TextAreaField(_l("审核意见"), validators=[Needed(), _at_most(TEXT_MAX)], description=_l("20 到 2000 个字，写进评审表；送出以后申报人也能看到。"))
    signed_by = StringField(_l("负责人"), validators=[Needed(), _at_most(50)])

    def said(self) -> OpinionText:
        """What the form says; call it when the form is valid."""
        return OpinionText(
            conclusion=Conclusion(self.conclusion.data), text=(self.text.data or "").strip(),
            signed_by=(self.signed_by.data or "").strip(),
        )


class UnitOpinionForm(BodyOpinionForm):
    """单位推荐意见; a field for each of the recent years is added by `unit_form`."""

    text = TextAreaField(_l("单位审核意见"), validators=[Needed(), _at_most(TEXT_MAX)],
                         description=_l("20 到 2000 个字，写进评审表；送出以后申报人也能看到。"))
    defence_at = MomentField(_l("答辩时间"), [Optional()])
    defence_questions = TextAreaField(_l("答辩问题"), validators=[_at_most(1000)])
    defence_result = StringField(_l("答辩结果"), validators=[_at_most(200)], description=_l("例如：合格，85 分。"))
    group_leader = StringField(_l("组长"), validators=[Needed(), _at_most(50)])
    group_members = TextAreaField(
        _l("小组成员"), validators=[Needed(), _at_most(500)], description=_l("一行一人：姓名、职称；共 5 人以上单数。")
    )
    expected = IntegerField(_l("应到"), validators=PEOPLE, id="v-all")
    present = IntegerField(_l("实到"), validators=PEOPLE, id="v-in")
    agree = IntegerField(_l("同意"), validators=PEOPLE, id="v-yes")
    against = IntegerField(_l("反对"), validators=PEOPLE, id="v-no")
    abstain = IntegerField(_l("弃权"), validators=PEOPLE, id="v-abs")

    @property
    def grades(self) -> list[Any]:
        return [field for field in self if field.name.startswith(GRADE)]

    def said(self) -> OpinionText:
        return OpinionText(
            conclusion=Conclusion(self.conclusion.data), text=(self.text.data or "").strip(),
            defence_at=self.defence_at.data,
            defence_questions=self.defence_questions.data or "", defence_result=self.defence_result.data or "",
            group_leader=self.group_leader.data or "", group_members=self.group_members.data or "",
            expected=self.expected.data, present=self.present.data, agree=self.agree.data, against=self.against.data,
            abstain=self.abstain.data, signed_by=(self.signed_by.data or "").strip(),
            assessments=[
                {"year": int(field.name.removeprefix(GRADE)), "grade": field.data} for field in self.grades if field.data
            ],
        )


def unit_form(years: list[int], grades: list[tuple[str, str]]) -> type[UnitOpinionForm]:
    """The unit's form with one choice for each year."""
    fields = {
        f"{GRADE}{year}": SelectField(
            _l("%(year)s 年", year=year), choices=[("", _l("未填")), *grades], validators=[Optional()]
        )
        for year in years
    }
    return type("YearsOpinionForm", (UnitOpinionForm,), fields)


def stored(opinion: Opinion) -> dict[str, Any]:
    """An opinion as the values of its form."""
    values = {
        name: getattr(opinion, name)
        for name in (
            "text", "signed_by", "defence_questions", "defence_result", "group_leader", "group_members", "expected",
            "present", "agree", "against", "abstain",
        )
    }
    values |= {f"{GRADE}{row['year']}": row["grade"] for row in opinion.assessments or []}
    values["defence_at"] = opinion.defence_at
    return values | {"version": str(opinion.version), "conclusion": opinion.conclusion.value}
