"""The ways in to the levels of a series, in words, as the rules say now."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from app.catalogue.queries import title_levels
from app.eligibility.queries import rules_of
from app.eligibility.wording import way_in


@dataclass
class Level:
    """A level with its alternatives; each is one sentence."""

    code: str
    name: str
    ways: list[str] = field(default_factory=list)


def levels_of(session: Session, series_code: str, *, at: datetime) -> list[Level]:
    """The levels that have rules, the highest first."""
    levels = {level.code: Level(level.code, level.name) for level in title_levels(session)}
    for rule in rules_of(session, series_code, at=at):
        levels[rule.target_level].ways.append(way_in(session, rule))
    return [level for level in levels.values() if level.ways]
