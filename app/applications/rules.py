"""申报表设置: which rules of a campaign make sense. The rules themselves are read by circumstances.settings_for."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.applications.models import SectionRule
from app.applications.sections import apply, attach, basic, promise
from app.applications.sections.registry import BY_CODE
from app.applications.sections.settings import BOUNDED, Mode
from app.review_bodies.models import CampaignScope

# What every application stands on: neither optional nor taken away.
ALWAYS_THERE = frozenset(each.SECTION.code for each in (basic, apply, promise, attach))


class BadRule(Exception):
    """`problem`: section | always_there | rows | length | rows_order | length_order | scope."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def check_rule(session: Session, rule: SectionRule) -> None:
    """Raises BadRule for a rule that could never hold or would leave no way to submit."""
    section = BY_CODE.get(rule.section)
    if section is None:
        raise BadRule("section")
    bounded = any(field.code == BOUNDED for field in section.fields)
    faults = (
        ("always_there", section.code in ALWAYS_THERE and rule.mode is not Mode.DEFAULT),
        ("rows", not section.repeats and (rule.min_rows, rule.max_rows) != (None, None)),
        ("length", not bounded and (rule.min_length, rule.max_length) != (None, None)),
        ("rows_order", section.repeats and _crossed(rule.min_rows, rule.max_rows, section.min_rows, section.max_rows)),
        ("length_order", bounded and _crossed(rule.min_length, rule.max_length, *_lengths(rule.section))),
        ("scope", not _taken(session, rule)),
    )
    for problem, found in faults:
        if found:
            raise BadRule(problem)


def _crossed(least: int | None, most: int | None, declared_least: int, declared_most: int) -> bool:
    """Whether the bounds, with the declared one where there is none, leave nothing between them."""
    return (declared_least if least is None else least) > (declared_most if most is None else most)


def _lengths(code: str) -> tuple[int, int]:
    field = BY_CODE[code].field(BOUNDED)
    return field.min_length, field.max_length


def _taken(session: Session, rule: SectionRule) -> bool:
    """Whether the campaign takes the series and level that the rule is for."""
    scopes = session.execute(
        sa.select(CampaignScope.series_code, CampaignScope.level_code).where(
            CampaignScope.campaign_id == rule.campaign_id
        )
    ).all()
    return not (rule.series_code or rule.level_code) or any(
        rule.series_code in ("", series) and rule.level_code in ("", level) for series, level in scopes
    )
