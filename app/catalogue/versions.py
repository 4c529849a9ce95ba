"""The versions of a rule of eligibility: what it said before is kept when it is changed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalogue.models import EligibilityRule, EligibilityRuleVersion, RuleContent
from app.orm import UtcDateTime

RULES: sa.Table = sa.inspect(EligibilityRule).local_table
VERSIONS: sa.Table = sa.inspect(EligibilityRuleVersion).local_table
# what a rule says; a change of any of it is a new version, a new place in the list is none
CONTENT = tuple(sorted({*RuleContent.__annotations__, "retired"} - {"version", "valid_from"}))
_COPIED = ("code", *CONTENT, "version", "valid_from")


def supersede(session: Session, codes: Collection[str], *, now: datetime) -> None:
    """Keeps what these rules say as versions that end now, and counts their versions on. To be called before their
    change is written; does not commit. Two at once: the second fails by the unique key of the versions."""
    as_it_stands = sa.select(
        *(RULES.c[name] for name in _COPIED), sa.literal(now, UtcDateTime()).label("valid_to")
    ).where(RULES.c.code.in_(codes))
    session.execute(VERSIONS.insert().from_select([*_COPIED, "valid_to"], as_it_stands))
    session.execute(
        RULES.update().where(RULES.c.code.in_(codes)).values(version=RULES.c.version + 1, valid_from=now)
    )
