"""What an applicant's name and ID number mean to the applications: fixed once anything was submitted;
until then a new name reaches the drafts. Given to accounts by create_app."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.applications.models import Application


def is_fixed(session: Session, person_id: int) -> bool:
    """Whether the person ever submitted an application."""
    submitted = sa.select(Application.id).where(
        Application.applicant_id == person_id, Application.submitted_at.is_not(None)
    )
    return session.scalar(sa.select(submitted.exists())) or False


def renamed(session: Session, person: Person) -> None:
    """Writes the new name into the person's drafts."""
    session.execute(
        sa.update(Application)
        .where(Application.applicant_id == person.id, Application.submitted_at.is_(None))
        .values(applicant_name=person.name)
    )
