"""资格自查: the questions of a series and level, no more than its rules ask, and the facts that the answers are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.validators import ValidationError

from app.catalogue.lists import CodeList, Further
from app.catalogue.queries import code_choices
from app.days import beijing_day
from app.eligibility.queries import standards
from app.eligibility.terms import NO_TITLE, Assessment, Clock, Facts, Held, Hours, Rule, Standards, clock_of
from app.extensions import business_now, db
from app.web import fields

CHOOSE = _l("请选择")
NOTHING = "-"  # the answer that there is none
HIDDEN_TYPES = frozenset({"RECONF", "INIT"})  # businesses of their own
SCHOOLING = ("education", "degree")


def _of_kind(kind: str, none: Any) -> Callable[[], list[tuple[str, Any]]]:
    """The qualifications of one kind, the highest first, and the answer that there is none."""

    def options() -> list[tuple[str, Any]]:
        tokens = standards(db.session).tokens
        found = [each for each in code_choices(db.session, CodeList.QUALIFYING) if tokens[each.code].kind == kind]
        found.sort(key=lambda each: -(tokens[each.code].rank or 0))
        return [*((each.code, each.name) for each in found), (NOTHING, none)]

    return options


def _levels() -> list[tuple[str, str]]:
    return [(each.code, each.name) for each in code_choices(db.session, CodeList.TITLE_LEVEL)]


def _grades() -> list[tuple[str, str]]:
    return [(each.code, each.name) for each in code_choices(db.session, CodeList.ANNUAL_ASSESSMENT)]


def _types() -> list[tuple[str, str]]:
    found = code_choices(db.session, CodeList.APPLY_TYPE)
    return [(each.code, each.name) for each in found if each.code not in HIDDEN_TYPES]


def _certificate(label: Any, kind: str, hint: Any = "") -> Any:
    """A question whose answer is "none" until another is given, as it is for most people."""
    options = _of_kind(kind, _l("没有"))
    return fields.choice(label, lambda: options()[::-1], hint=hint)


def _not_in_future(form: Any, field: Any) -> None:
    if field.data and field.data > beijing_day(business_now()):
        raise ValidationError(_l("这个时间不能晚于今天，请检查。"))


def _since(label: Any, hint: Any = "") -> Any:
    return fields.day(label, required=False, hint=hint, checks=[_not_in_future])


def _question(label: Any, options: Any, hint: Any = "") -> Any:
    return fields.choice(label, options, hint=hint, first=CHOOSE, required=False)


class SelfCheckForm(FlaskForm):
    """Every question there is; `ask_only` takes away those that the rules do not ask. None must be answered."""

    education = _question(_l("最高学历"), _of_kind("education", _l("其他（高中及以下）")))
    degree = _question(_l("最高学位"), _of_kind("degree", _l("无学位")))
    skill = _certificate(_l("职业技能等级"), "skill", _l("有多个的选最高的。"))
    skill_since = _since(_l("技能等级证书取得时间"))
    other = _certificate(_l("其他资格"), "other")
    other_since = _since(_l("其他资格取得时间"))
    title = _question(_l("本系列现职称级别"), _levels, _l("只填与申报系列相同的职称。"))
    title_since = _since(_l("现职称取得时间"), _l("批准文件中评委会通过的日期。"))
    working_since = _since(_l("从事本专业工作的起始时间"))
    exam = _question(
        _l("这一级别的职称考试"), lambda: [("yes", _l("已合格")), ("no", _l("没有合格成绩"))], _l("以成绩合格证明为准。")
    )
    hours_total = fields.number(
        _l("继续教育学时最少的一年：总学时"), 0, 9999, required=False, hint=_l("任现职以来，最多看近五年。")
    )
    hours_pro = fields.number(_l("继续教育学时最少的一年：专业科目学时"), 0, 9999, required=False)
    grade = _question(_l("年度考核最低的一次"), _grades, _l("任现职以来，最多看近五年。"))
    apply_type = fields.choice(_l("申报类型"), _types, hint=_l("一般选「正常申报」。"))

    def ask_only(self, rules: Sequence[Rule]) -> None:
        """Leaves the questions that these rules ask; none where there are no rules."""
        asked = set(questions(rules, standards(db.session)))
        for name in [each.short_name for each in self if each.short_name not in (*asked, "csrf_token")]:
            del self[name]

    def said(self, name: str) -> Any:
        """The answer to a question; None if it is not asked or not answered."""
        field = self._fields.get(name)
        return None if field is None or field.data == "" else field.data

    def facts(self) -> Facts:
        """What was answered, once the form is valid."""
        kinds = [kind for kind in (*SCHOOLING, "skill", "other") if self.said(kind)]
        held = [
            Held(self.said(kind), self.said(f"{kind}_since")) for kind in kinds if self.said(kind) != NOTHING
        ]
        exam = {"yes": True, "no": False}.get(self.said("exam"))
        if exam is not None:
            kinds.append("exam")
        level = self.said("title")
        return Facts(
            qualifications=(*held, *([Held("EXAM")] if exam else [])),
            kinds=frozenset(kinds),
            titles=None if level is None else () if level == NO_TITLE else (Held(level, self.said("title_since")),),
            working_since=self.said("working_since"),
            exam_passed=exam,
            hours=self._hours(),
            assessments=tuple(Assessment(None, grade) for grade in [self.said("grade")] if grade),
        )

    def _hours(self) -> tuple[Hours, ...]:
        total, professional = self.said("hours_total"), self.said("hours_pro")
        if total is None and professional is None:
            return ()
        return (Hours(None, _decimal(total), _decimal(professional)),)


def questions(rules: Sequence[Rule], known: Standards) -> list[str]:
    """The names of the questions that the rules ask, in no order."""
    if not rules:
        return []
    kinds = {known.tokens[code].kind for rule in rules for code in rule.education_any_of}
    timed = {
        clock_of(rule.required_current_level, rule.education_any_of, known) for rule in rules if rule.min_years
    }
    found = [kind for kind in ("skill", "other") if kind in kinds]
    if kinds & set(SCHOOLING):
        found += SCHOOLING
    if Clock.CERTIFICATE in timed:
        found += [f"{kind}_since" for kind in ("skill", "other") if kind in kinds]
    if Clock.WORK in timed:
        found.append("working_since")
    if any(rule.required_current_level != NO_TITLE for rule in rules):
        found.append("title")
    if Clock.TITLE in timed:
        found.append("title_since")
    if "exam" in kinds or any(Further.EXAM in rule.further for rule in rules):
        found.append("exam")
    if not all(rule.by_exam for rule in rules):
        found += ["hours_total", "hours_pro", "grade", "apply_type"]
    return found


def _decimal(number: int | None) -> Decimal | None:
    return None if number is None else Decimal(number)
