"""What an applicant's name and ID number mean to the applications: fixed once anything was submitted; a new name reaches
those that the person can still change, never what was frozen. Given to accounts by create_app."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.applications.models import Application, Snapshot
from app.workflow.states import EDITABLE


def is_fixed(session: Session, person_id: int) -> bool:
    """Whether the person ever submitted an application."""
    found = sa.select(Application.id).where(Application.applicant_id == person_id, was_submitted())
    return session.scalar(sa.select(found.exists())) or False


def renamed(session: Session, person: Person) -> None:
    """Writes the new name into the person's drafts and returned applications."""
    session.execute(
        sa.update(Application)
        .where(Application.applicant_id == person.id, Application.state.in_(EDITABLE))
        .values(applicant_name=person.name)
    )


def was_submitted() -> sa.ColumnElement[bool]:
    """Now, or to the unit before: what moved to another unit has no date of submission there yet."""
    return sa.or_(
        Application.submitted_at.is_not(None), Application.id.in_(sa.select(Snapshot.application_id))
    )
