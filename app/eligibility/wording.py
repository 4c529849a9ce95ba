"""A verdict in words: what each condition asks, what was answered, and what the whole means."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.catalogue.lists import CodeList
from app.catalogue.queries import code_name
from app.eligibility.queries import standards
from app.eligibility.terms import (
    NO_TITLE,
    Asked,
    Assessment,
    Clock,
    Finding,
    Hours,
    Outcome,
    Rule,
    Standards,
    Verdict,
    Way,
    clock_of,
)

HEADLINES = {
    Outcome.MET: _l("符合学历、资历等基本条件"),
    Outcome.UNCLEAR: _l("暂时无法判断是否符合"),
    Outcome.NOT_MET: _l("与基本条件不符"),
}
OUTCOMES = {Outcome.MET: _l("符合"), Outcome.UNCLEAR: _l("无法判断"), Outcome.NOT_MET: _l("不符合")}
TONES = {Outcome.MET: "ok", Outcome.UNCLEAR: "info", Outcome.NOT_MET: "warn"}
ICONS = {Outcome.MET: "circle-check", Outcome.UNCLEAR: "help-circle", Outcome.NOT_MET: "x"}
CLOCKS = {
    Clock.TITLE: _l("取得%(title)s职称后满 %(years)s 年"),
    Clock.WORK: _l("从事本专业工作满 %(years)s 年"),
    Clock.CERTIFICATE: _l("取得证书后满 %(years)s 年"),
}
RELAXED = _l("所选的申报类型可以放宽这一条，是否适用由评委会审定")


@dataclass(frozen=True)
class Line:
    """One condition: what is asked, what was answered, and how they agree."""

    outcome: Outcome
    asked: str
    answered: str

    @property
    def word(self) -> str:
        return str(OUTCOMES[self.outcome])

    @property
    def icon(self) -> str:
        return ICONS[self.outcome]

    @property
    def tone(self) -> str:
        return TONES[self.outcome]


@dataclass(frozen=True)
class ShownWay:
    """One rule: its number and version, its text, its conditions."""

    outcome: Outcome
    name: str
    text: str
    source: str
    lines: tuple[Line, ...]

    @property
    def word(self) -> str:
        return str(OUTCOMES[self.outcome])

    @property
    def tone(self) -> str:
        return TONES[self.outcome]


@dataclass(frozen=True)
class Shown:
    """A verdict as it is read. `open` are the conditions of the nearest way, and those of everybody, that are not met."""

    outcome: Outcome
    headline: str
    meaning: str
    ways: tuple[ShownWay, ...]
    common: tuple[Line, ...]
    open: tuple[Line, ...]

    @property
    def tone(self) -> str:
        return TONES[self.outcome]


def rule_name(code: str, version: int) -> str:
    """How a rule is cited: 05-ASSOC-2（第 1 版）."""
    return _("%(code)s（第 %(version)s 版）", code=code, version=version)


def way_in(session: Session, rule: Any) -> str:
    """A rule (or a stored version of one) as one sentence."""
    parts = [_("具备%(education)s", education=_names(session, rule.education_any_of))] if rule.education_any_of else []
    if rule.min_years:
        parts.append(_has_served(session, rule))
    elif rule.required_current_level != NO_TITLE:
        parts.append(_has_title(session, rule.required_current_level))
    sentence = "，".join(parts)
    return f"{sentence}（{rule.note}）" if rule.note else sentence


def show(session: Session, verdict: Verdict) -> Shown:
    """The verdict in the reader's language."""
    words = _Words(session, standards(session), verdict)
    ways = tuple(words.way(way) for way in verdict.ways)
    common = tuple(words.line(each) for each in verdict.common)
    lines = (*(ways[0].lines if ways else ()), *common)
    return Shown(
        verdict.outcome, str(HEADLINES[verdict.outcome]), _meaning(verdict, ways), ways, common,
        tuple(each for each in lines if each.outcome is not Outcome.MET),
    )  # fmt: skip


def _meaning(verdict: Verdict, ways: tuple[ShownWay, ...]) -> str:
    if not ways:
        return _("这个系列和级别还没有可供自查的条件，请看当年通知或咨询评委会；不影响申报，由评委会审定。")
    if verdict.by_exam:
        return _("这个级别凭考试合格取得，不申报评审；考试合格后办理注册登记。")
    if verdict.only_notes_open:
        return _("能核对的各项都符合 %(rule)s，只有说明中的条件系统核对不了，由单位和评委会审定。", rule=ways[0].name)
    match verdict.outcome:
        case Outcome.MET:
            return _("依据 %(rule)s。是否通过由评委会根据业绩等评定。", rule=ways[0].name)
        case Outcome.UNCLEAR:
            return _("有的条件没有填写，或者系统核对不了；最接近的是 %(rule)s。", rule=ways[0].name)
    return _("最接近的是 %(rule)s，还有条件没有达到。这只是提示，不影响申报，由单位和评委会审定。", rule=ways[0].name)


def _names(session: Session, tokens: Iterable[str]) -> str:
    return _("或").join(code_name(session, CodeList.QUALIFYING, each) for each in tokens)


def _has_title(session: Session, level: str) -> str:
    return _("已取得%(title)s职称", title=code_name(session, CodeList.TITLE_LEVEL, level))


def _has_served(session: Session, rule: Any) -> str:
    clock = clock_of(rule.required_current_level, rule.education_any_of, standards(session))
    title = code_name(session, CodeList.TITLE_LEVEL, rule.required_current_level)
    return str(CLOCKS[clock]) % {"title": title, "years": rule.min_years}


def _number(value: Any) -> str:
    return format(value.normalize(), "f") if hasattr(value, "normalize") else str(value)


@dataclass(frozen=True)
class _Words:
    session: Session
    standards: Standards
    verdict: Verdict

    def way(self, way: Way) -> ShownWay:
        lines = tuple(self.line(each, way.rule) for each in way.findings)
        name = rule_name(way.rule.code, way.rule.version)
        return ShownWay(way.outcome, name, way_in(self.session, way.rule), way.rule.source, lines)

    def line(self, finding: Finding, rule: Rule | None = None) -> Line:
        say: dict[Asked, Callable[[Finding, Any], tuple[str, str]]] = {
            Asked.QUALIFICATION: self._qualification,
            Asked.TITLE: self._title,
            Asked.YEARS: self._years,
            Asked.EXAM: self._exam,
            Asked.NOTE: self._note,
            Asked.HOURS: self._hours,
            Asked.ASSESSMENTS: self._assessments,
        }
        asked, answered = say[finding.asked](finding, rule)
        if finding.relaxed:
            answered = "；".join(filter(None, (answered, str(RELAXED))))
        return Line(finding.outcome, asked, answered)

    def _qualification(self, finding: Finding, rule: Rule) -> tuple[str, str]:
        asked = _("具备%(education)s", education=_names(self.session, rule.education_any_of))
        held = "、".join(code_name(self.session, CodeList.QUALIFYING, each.code) for each in finding.held)
        if held:
            return asked, _("填写的是%(held)s", held=held)
        return asked, _("没有") if finding.outcome is Outcome.NOT_MET or finding.relaxed else _("没有填写")

    def _title(self, finding: Finding, rule: Rule) -> tuple[str, str]:
        asked = _has_title(self.session, rule.required_current_level)
        if finding.elsewhere:
            return asked, _("现职称属于其他系列，是否可以作为依据由评委会确定")
        return asked, self._titles(finding)

    def _titles(self, finding: Finding) -> str:
        if not finding.held:
            return _("没有填写") if self.verdict.facts.titles is None else _("没有职称")
        highest = max(finding.held, key=lambda each: self.standards.levels[each.code])
        return _("填写的是%(title)s", title=code_name(self.session, CodeList.TITLE_LEVEL, highest.code))

    def _years(self, finding: Finding, rule: Rule) -> tuple[str, str]:
        asked = _has_served(self.session, rule)
        if finding.served is not None:
            since: date | None = finding.held[0].since
            return asked, _(
                "从 %(since)s 到 %(cutoff)s，满 %(years)s 年", since=since, cutoff=self.verdict.cutoff, years=finding.served
            )
        return asked, _("没有填写时间") if finding.outcome is Outcome.UNCLEAR else _("没有这一级的职称或证书")

    def _exam(self, finding: Finding, rule: Rule) -> tuple[str, str]:
        answers = {Outcome.MET: _("已合格"), Outcome.NOT_MET: _("没有合格成绩"), Outcome.UNCLEAR: _("没有填写")}
        return _("先取得这一级别的考试合格成绩"), answers[finding.outcome]

    def _note(self, finding: Finding, rule: Rule) -> tuple[str, str]:
        return _("说明中的条件：%(note)s", note=rule.note), _("系统核对不了，须人工核对")

    def _hours(self, finding: Finding, rule: None) -> tuple[str, str]:
        least = self.standards.hours
        asked = _(
            "每年继续教育不少于 %(total)s 学时，其中专业科目 %(pro)s 学时", total=least.get("TOTAL"), pro=least.get("PRO")
        )
        short = [self._short_hours(each) for each in finding.short if isinstance(each, Hours)]
        return asked, self._yearly(finding, short)

    def _short_hours(self, hours: Hours) -> str:
        said = [
            (_("共 %(n)s 学时"), hours.total), (_("专业科目 %(n)s 学时"), hours.professional),
            (_("公需科目 %(n)s 学时"), hours.public),
        ]  # fmt: skip
        numbers = "、".join(text % {"n": _number(value)} for text, value in said if value is not None)
        year = _("%(year)s 年", year=hours.year) if hours.year else _("最少的一年")
        return _("%(year)s：%(numbers)s", year=year, numbers=numbers)

    def _assessments(self, finding: Finding, rule: None) -> tuple[str, str]:
        names = [
            _("%(year)s 年%(grade)s", year=each.year, grade=self._grade(each)) if each.year
            else _("有一年是%(grade)s", grade=self._grade(each))
            for each in finding.short
            if isinstance(each, Assessment)
        ]  # fmt: skip
        return _("任现职以来（最多看近五年）年度考核都在合格（称职）以上"), self._yearly(finding, names)

    def _grade(self, assessment: Assessment) -> str:
        return code_name(self.session, CodeList.ANNUAL_ASSESSMENT, assessment.grade)

    def _yearly(self, finding: Finding, short: list[str]) -> str:
        parts = list(short)
        if finding.absent:
            parts.append(_("%(years)s 年没有填写", years="、".join(map(str, finding.absent))))
        if not parts:
            parts.append(_("各年都达到") if finding.outcome is Outcome.MET else _("没有填写完整"))
        return "；".join(parts)
