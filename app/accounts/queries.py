"""Reads about the own account."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import LoginSession

SHOWN = 10


def recent_logins(session: Session, person_id: int) -> list[LoginSession]:
    """The last log-ins of a person, the newest first; those without `ended_at` may still be open."""
    return list(
        session.scalars(
            sa.select(LoginSession)
            .where(LoginSession.person_id == person_id)
            .order_by(LoginSession.id.desc())
            .limit(SHOWN)
        )
    )
