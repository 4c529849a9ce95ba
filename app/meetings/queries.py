"""Reading meetings, their candidates, and what waits for the next step."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.elements import ColumnElement

from app.applications import queries as applications
from app.applications.models import Application
from app.meetings.models import ApprovedName, Candidate, Meeting
from app.public_notices.models import NoticeEntry, NoticeKind, PublicNotice
from app.workflow.actor import Actor
from app.workflow.states import Party, State

LIST_MAX = 500


class NoSuchMeeting(Exception):
    """No such meeting for this actor."""


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """A body sees its own meetings, the office all of them, nobody else any."""
    match actor.party:
        case Party.BODY if actor.body_id is not None:
            return Meeting.body_id == actor.body_id
        case Party.OFFICE:
            return sa.true()
        case _:
            return sa.false()


def get(session: Session, actor: Actor, meeting_id: int) -> Meeting:
    """Raises NoSuchMeeting."""
    found = session.scalar(
        sa.select(Meeting).where(visible_to(actor), Meeting.id == meeting_id).options(joinedload(Meeting.body))
    )
    if found is None:
        raise NoSuchMeeting()
    return found


def candidates_of(session: Session, meeting: Meeting) -> Sequence[Candidate]:
    """In the order in which they were listed, each with its application and unit."""
    return session.scalars(
        sa.select(Candidate)
        .where(Candidate.meeting_id == meeting.id)
        .options(joinedload(Candidate.application).joinedload(Application.unit))
        .order_by(Candidate.id)
    ).all()


def ready_for(session: Session, body_id: int, numbers: Collection[str] | None = None) -> Sequence[Application]:
    """待上会 with this body, the oldest first; of `numbers` only, if given."""
    query = (
        sa.select(Application)
        .where(Application.holder_body_id == body_id, Application.state == State.READY)
        .options(joinedload(Application.unit))
        .order_by(Application.submitted_at, Application.id)
        .limit(LIST_MAX)
    )
    if numbers is not None:
        query = query.where(Application.number.in_(list(numbers)))
    return session.scalars(query).all()


def awaiting_approval(
    session: Session, actor: Actor, today: date, numbers: Collection[str] | None = None
) -> Sequence[Application]:
    """Applications whose result notice is over (its last day before `today`); whether one may be approved, the facts
    decide."""
    closed = (
        sa.select(NoticeEntry.application_id)
        .join(PublicNotice, PublicNotice.id == NoticeEntry.notice_id)
        .where(
            PublicNotice.kind == NoticeKind.RESULT,
            PublicNotice.closes_on < today,
            NoticeEntry.ended_at.is_(None),
        )
    )
    query = (
        sa.select(Application)
        .where(
            applications.visible_to(actor), Application.state == State.PUBLICISED, Application.id.in_(closed)
        )
        .options(joinedload(Application.unit), joinedload(Application.deciding_body))
        .order_by(Application.moved_at, Application.id)
        .limit(LIST_MAX)
    )
    if numbers is not None:
        query = query.where(Application.number.in_(list(numbers)))
    return session.scalars(query).all()


def still_publicised(session: Session, actor: Actor, today: date) -> int:
    """How many wait for the end of their result notice."""
    total = session.scalar(
        sa.select(sa.func.count())
        .select_from(Application)
        .where(applications.visible_to(actor), Application.state == State.PUBLICISED)
    )
    return (total or 0) - len(awaiting_approval(session, actor, today))


def decision_on(session: Session, application: Application) -> tuple[Candidate, Meeting] | None:
    """The candidate and meeting whose result stands for the application."""
    row = session.execute(
        sa.select(Candidate, Meeting)
        .join(Meeting, Meeting.id == Candidate.meeting_id)
        .where(Candidate.application_id == application.id, Meeting.closed_at.is_not(None))
        .order_by(Meeting.id.desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else None


def approval_of(session: Session, application: Application) -> ApprovedName | None:
    """The entry on an approval document that names the application."""
    return session.scalar(sa.select(ApprovedName).where(ApprovedName.application_id == application.id))
