"""Reads of the rules and of what all rules are judged by; both are kept in memory like the code lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalogue.lists import CodeList
from app.catalogue.models import EligibilityRule, EligibilityRuleVersion, TitleLevel, TitleName, TitleSeries
from app.catalogue.queries import code_table, kept
from app.eligibility.terms import Rule, Standards, Token
from app.orm import UtcDateTime

CONTENT = (
    "code", "version", "series_code", "target_level", "education_any_of", "required_current_level", "min_years", "further",
    "note", "source", "retired", "valid_from",
)  # fmt: skip


@dataclass(frozen=True)
class _Edition:
    """A rule in one version and the time for which it holds, from the first moment to before the last."""

    rule: Rule
    valid_from: datetime | None
    valid_to: datetime | None
    retired: bool

    def holds(self, at: datetime) -> bool:
        begun = self.valid_from is None or self.valid_from <= at
        return begun and not self.retired and (self.valid_to is None or at < self.valid_to)


def rules_of(session: Session, series_code: str, level_code: str = "", *, at: datetime) -> list[Rule]:
    """The rules of a series (and level) as they held at that moment, in their order; [] means "unclear", never "not
    eligible"."""
    return [
        each.rule
        for each in kept(session, "eligibility_rules", lambda: _read(session))
        if each.rule.series_code == series_code and level_code in ("", each.rule.target_level) and each.holds(at)
    ]


def _read(session: Session) -> Sequence[_Edition]:
    now = [getattr(EligibilityRule, name) for name in CONTENT]
    before = [getattr(EligibilityRuleVersion, name) for name in CONTENT]
    both = sa.union_all(
        sa.select(*now, sa.null().cast(UtcDateTime).label("valid_to"), EligibilityRule.position),
        sa.select(*before, EligibilityRuleVersion.valid_to, EligibilityRule.position).join(
            EligibilityRule, EligibilityRule.code == EligibilityRuleVersion.code
        ),
    )
    return [
        _Edition(
            Rule(
                row.code, row.version, row.series_code, row.target_level, tuple(row.education_any_of),
                row.required_current_level, row.min_years, frozenset(row.further), row.note, row.source,
            ),
            row.valid_from, row.valid_to, row.retired,
        )
        for row in session.execute(both.order_by("position", "code"))
    ]  # fmt: skip


def standards(session: Session) -> Standards:
    """What is the same for all rules: qualifications, levels, hours, grades."""
    tokens = code_table(session, CodeList.QUALIFYING)
    hours = code_table(session, CodeList.CE_REQUIREMENT)
    grades = code_table(session, CodeList.ANNUAL_ASSESSMENT)
    levels = kept(session, "level_ranks", lambda: _ranks(session))
    return Standards(
        {code: _token(each.extra or {}) for code, each in tokens.items()},
        levels,
        {code: (each.extra or {}).get("hours_per_year", 0) for code, each in hours.items()},
        frozenset(code for code, each in grades.items() if (each.extra or {}).get("passes")),
    )


def _token(extra: Mapping[str, Any]) -> Token:
    # A code that the office added to the list has a name and no more: it compares with nothing.
    return Token(extra.get("kind", "other"), extra.get("rank"))


def _ranks(session: Session) -> Mapping[str, int]:
    return {code: rank for code, rank in session.execute(sa.select(TitleLevel.code, TitleLevel.rank))}


def targets(session: Session) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """The titles by (series, level), the highest level first: what can be applied for. The same word means different
    levels in different series, so the three are shown together."""
    return kept(session, "title_targets", lambda: _targets(session))


def _targets(session: Session) -> Mapping[tuple[str, str], tuple[str, ...]]:
    rows = session.execute(
        sa.select(TitleName.series_code, TitleName.level_code, TitleName.name)
        .join(TitleLevel, TitleLevel.code == TitleName.level_code)
        .join(TitleSeries, TitleSeries.code == TitleName.series_code)
        .where(~TitleName.retired, ~TitleSeries.retired)
        .order_by(TitleLevel.rank.desc(), TitleName.position)
    )
    found: dict[tuple[str, str], dict[str, None]] = {}
    for series, level, name in rows:
        found.setdefault((series, level), {})[name] = None
    return {place: tuple(names) for place, names in found.items()}
