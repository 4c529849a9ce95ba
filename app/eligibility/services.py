"""Keeping the rules: each change is a new version, and only a rule that can be judged is taken."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalogue.models import EligibilityRule, TitleSeries
from app.catalogue.versions import CONTENT, supersede
from app.eligibility.queries import standards, targets
from app.eligibility.terms import BY_EXAM


class BadRule(Exception):
    """Base of the reasons why a rule is not taken."""


class NoSuchTarget(BadRule):
    """The series has no title at this level."""


class UnknownQualification(BadRule):
    """A qualification that no list knows."""


class TitleNotBelow(BadRule):
    """The title it starts from is not below the one it leads to."""


class ExamDisagrees(BadRule):
    """`expected`: the level is got by examination only, and the rule must say so; else it must not."""

    def __init__(self, expected: bool) -> None:
        super().__init__(expected)
        self.expected = expected


class SameRule(BadRule):
    """Another rule asks the same; `code` is its number."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def keep(session: Session, rule: EligibilityRule, *, now: datetime) -> None:
    """Checks an added or changed rule and gives it its number and version; to be called before it is flushed.

    What it said before stays as the version that ended `now`. Raises a BadRule.
    """
    _check(session, rule)
    if sa.inspect(rule).transient:
        rule.code, rule.version, rule.valid_from = _free_code(session, rule), 1, now
    elif any(sa.inspect(rule).attrs[name].history.has_changes() for name in CONTENT):
        supersede(session, [rule.code], now=now)


def _check(session: Session, rule: EligibilityRule) -> None:
    known, series = standards(session), session.get(TitleSeries, rule.series_code)
    if series is None or (rule.series_code, rule.target_level) not in targets(session):
        raise NoSuchTarget
    if not set(rule.education_any_of) <= known.tokens.keys():
        raise UnknownQualification
    if not known.levels[rule.required_current_level] < known.levels[rule.target_level]:
        raise TitleNotBelow
    by_exam = rule.target_level in series.exam_levels
    if by_exam is not (BY_EXAM in rule.education_any_of):
        raise ExamDisagrees(by_exam)
    others = session.execute(
        sa.select(EligibilityRule.code, EligibilityRule.education_any_of).where(
            EligibilityRule.series_code == rule.series_code,
            EligibilityRule.target_level == rule.target_level,
            EligibilityRule.required_current_level == rule.required_current_level,
            EligibilityRule.code != (rule.code or ""),
            ~EligibilityRule.retired,
        )
    )
    same = [code for code, tokens in others if set(tokens) == set(rule.education_any_of)]
    if same and not rule.retired:
        raise SameRule(same[0])


def _free_code(session: Session, rule: EligibilityRule) -> str:
    """The next number of the series and level: 05-MID-6. Two at once: the second fails by the primary key."""
    place = f"{rule.series_code}-{rule.target_level}-"
    codes = session.scalars(sa.select(EligibilityRule.code).where(EligibilityRule.code.startswith(place, autoescape=True)))
    taken = [int(tail) for code in codes if (tail := code.removeprefix(place)).isdigit()]
    return f"{place}{max(taken, default=0) + 1}"
