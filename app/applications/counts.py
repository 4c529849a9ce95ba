"""Counts of applications for packages that know no applications; handed to them by create_app."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.applications.models import Application
from app.workflow.states import State


def declared(year: int) -> sa.ColumnElement[bool]:
    """The applications that count: of `year`, submitted, not cancelled."""
    return sa.and_(
        Application.year == year, Application.submitted_at.is_not(None), Application.state != State.CANCELLED
    )


def declared_counts(session: Session, person_ids: Sequence[int], year: int) -> dict[int, int]:
    """How many applications of `year` each person has; persons without any are missing."""
    query = (
        sa.select(Application.applicant_id, sa.func.count())
        .where(Application.applicant_id.in_(person_ids), declared(year))
        .group_by(Application.applicant_id)
    )
    return {person_id: count for person_id, count in session.execute(query)}


def declared_count(person_id: sa.ColumnElement[int], year: int) -> sa.ScalarSelect[int]:
    """The same number for one person, as a part of a statement that reads persons."""
    mine = sa.select(sa.func.count()).where(Application.applicant_id == person_id, declared(year))
    return mine.select_from(Application).scalar_subquery()


def who_declared(year: int) -> sa.Select[tuple[int]]:
    """The ids of the persons who have one, as a subquery."""
    return sa.select(Application.applicant_id).where(declared(year))
