"""The ways in to the levels of a series, in words, from the catalogue's rules."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.catalogue.lists import CodeList
from app.catalogue.models import EligibilityRule
from app.catalogue.queries import code_name, title_levels

NO_TITLE = "NONE"


@dataclass
class Level:
    """A level with its alternatives; each is one sentence."""

    code: str
    name: str
    ways: list[str] = field(default_factory=list)


def levels_of(session: Session, series_code: str) -> list[Level]:
    """The levels that have rules, the highest first."""
    rules = session.scalars(
        sa.select(EligibilityRule)
        .where(EligibilityRule.series_code == series_code, ~EligibilityRule.retired)
        .options(sa.orm.lazyload("*"))
        .order_by(EligibilityRule.position)
    ).all()
    levels = {level.code: Level(level.code, level.name) for level in title_levels(session)}
    for rule in rules:
        levels[rule.target_level].ways.append(_sentence(session, rule))
    return [level for level in levels.values() if level.ways]


def _sentence(session: Session, rule: EligibilityRule) -> str:
    education = "、".join(code_name(session, CodeList.QUALIFYING, each) for each in rule.education_any_of)
    title = code_name(session, CodeList.TITLE_LEVEL, rule.required_current_level)
    parts = [_("具备%(education)s", education=education)] if education else []
    if rule.required_current_level == NO_TITLE:
        parts.append(_("从事本专业工作满 %(years)s 年", years=rule.min_years) if rule.min_years else "")
    else:
        parts.append(_("取得%(title)s职称后满 %(years)s 年", title=title, years=rule.min_years))
    sentence = "，".join(filter(None, parts))
    return f"{sentence}（{rule.note}）" if rule.note else sentence
