"""Reading exports: only the asker's own, and only while they last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.elements import ColumnElement

from app.accounts.models import Person
from app.exports.models import ExportJob
from app.workflow.actor import Actor


def visible_to(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """The exports that `actor` asked for and that have not expired."""
    return sa.and_(ExportJob.person_id == actor.person_id, ExportJob.expires_at > now)


def own(session: Session, actor: Actor, now: datetime) -> Sequence[ExportJob]:
    """The actor's exports, the newest first."""
    return session.scalars(sa.select(ExportJob).where(visible_to(actor, now)).order_by(ExportJob.id.desc())).all()


def of_public_id(session: Session, actor: Actor, public_id: str, now: datetime) -> ExportJob | None:
    return session.scalar(sa.select(ExportJob).where(visible_to(actor, now), ExportJob.public_id == public_id))


def asker(session: Session, job: ExportJob) -> Person:
    """Who asked, with account, unit and body."""
    loaded = (joinedload(Person.user), joinedload(Person.unit), joinedload(Person.body))
    return session.scalars(sa.select(Person).where(Person.id == job.person_id).options(*loaded)).unique().one()
