"""The forms of meetings, result notices and approval documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from app.meetings.models import Candidate
from app.meetings.voting import Votes
from app.web.widgets import DateInput

VOTES_MAX = 999
NOTE_MAX = 500
COUNTS = ("agree", "against", "abstain")


def _text(label: Any, longest: int, wanted: Any, **values: Any) -> StringField:
    too_long = _l("不超过 %(max)d 字。")
    return StringField(
        label, filters=[lambda text: (text or "").strip()],
        validators=[DataRequired(wanted), Length(max=longest, message=too_long)], **values,
    )


class Count(IntegerField):
    """A whole number; `sentence` is said for everything else, in place of WTForms' English."""

    def __init__(self, label: Any, low: int, high: int, sentence: Any, **values: Any) -> None:
        super().__init__(label, [InputRequired(sentence), NumberRange(low, high, sentence)], **values)
        self.sentence = sentence

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(self.sentence) from None


class Day(DateField):
    """A native date field that says in Chinese what it wants."""

    widget = DateInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("请选择日期，格式为 2026-11-24。")) from None
        if self.data is not None and not date(2000, 1, 1) <= self.data <= date(2100, 1, 1):
            raise ValueError(_("请检查年份。"))


class MeetingForm(FlaskForm):
    name = _text(_l("会议名称"), 100, _l("请填写会议名称。"))
    held_on = Day(_l("会议日期"), validators=[InputRequired(_l("请选择会议日期。"))])
    place = _text(_l("会议地点"), 200, _l("请填写会议地点。"))
    members_expected = Count(
        _l("应到委员人数"), 1, VOTES_MAX, _l("请填写 1 至 999 的整数。"),
        description=_l("出席人数须达到应到人数的三分之二"),
    )


class NoticeForm(FlaskForm):
    """评审结果公示."""

    place = _text(_l("公示地点"), 200, _l("请填写公示地点，例如网站名称。"))
    contact = _text(_l("异议受理部门和电话"), 200, _l("请填写受理异议的部门和电话。"))
    working_days = Count(_l("公示工作日"), 1, 60, _l("请填写 1 至 60 的整数。"), default=5)


class ApprovalForm(FlaskForm):
    """批准文件."""

    number = _text(_l("批准文号"), 60, _l("请填写批准文号，例如 柳职改〔2026〕12号。"))
    title = _text(_l("文件标题"), 200, _l("请填写文件标题。"))
    dated = Day(_l("文件日期"), validators=[InputRequired(_l("请选择文件日期。"))])
    authority = _text(_l("批准机关"), 100, _l("请填写批准机关。"))


@dataclass
class VotesForm:
    """The sheet of votes: one row of three counts for each candidate. What was typed is kept as it was typed."""

    present: str = ""
    typed: dict[int, dict[str, str]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, present: int, candidates: Sequence[Candidate]) -> VotesForm:
        """As the table has it."""
        form = cls(present=str(present or ""))
        for each in candidates:
            counts = {name: "" if getattr(each, name) is None else str(getattr(each, name)) for name in COUNTS}
            form.typed[each.id] = counts | {"note": each.note}
        return form

    @classmethod
    def sent(cls, values: Mapping[str, str], candidates: Sequence[Candidate]) -> VotesForm:
        """As it was sent."""
        form = cls(present=values.get("present", "").strip())
        for each in candidates:
            form.typed[each.id] = {name: values.get(f"{name}_{each.id}", "").strip() for name in (*COUNTS, "note")}
        return form

    def validate(self, candidates: Sequence[Candidate]) -> bool:
        if not _counts(self.present):
            self.errors.append(_("实到委员人数请填写 0 至 999 的整数。"))
        for each in candidates:
            row = self.typed[each.id]
            filled = [row[name] for name in COUNTS if row[name]]
            name = each.application.applicant_name
            if not all(_counts(text) for text in filled):
                self.errors.append(_("%(name)s的票数请填写 0 至 999 的整数。", name=name))
            elif filled and len(filled) < len(COUNTS):
                self.errors.append(_("%(name)s的三项票数请都填写，没有的填 0。", name=name))
            if len(row["note"]) > NOTE_MAX:
                self.errors.append(_("%(name)s的备注不超过 500 字。", name=name))
        return not self.errors

    def votes(self) -> dict[int, Votes]:
        """By candidate id; call after validate."""
        return {
            key: Votes(*(int(row[name]) if row[name] else None for name in COUNTS)) for key, row in self.typed.items()
        }

    def notes(self) -> dict[int, str]:
        return {key: row["note"] for key, row in self.typed.items()}


def _counts(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3
