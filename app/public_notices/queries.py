"""Reading notices. `visible_to` gives the grid its rows; the conditions below are parts of other questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.elements import ColumnElement

from app.applications.models import Application
from app.applications.neighbours import ObjectionAnswered
from app.public_notices.models import NoticeEntry, NoticeKind, Objection, ObjectionStatus, PublicNotice
from app.workflow.actor import Actor
from app.workflow.states import Holder, Party, State


class NoSuchNotice(Exception):
    """No such notice for this reader; at the edge a 404, whether it exists or not."""


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """A unit and a body see the notices that they posted, the office all; nobody else any of them."""
    match actor.party:
        case Party.UNIT if actor.unit_id is not None:
            return PublicNotice.unit_id == actor.unit_id
        case Party.BODY if actor.body_id is not None:
            return PublicNotice.body_id == actor.body_id
        case Party.OFFICE:
            return sa.true()
        case _:
            return sa.false()


def get(session: Session, actor: Actor, token: str) -> PublicNotice:
    """The visible notice with this address; raises NoSuchNotice."""
    found = session.scalar(sa.select(PublicNotice).where(visible_to(actor), PublicNotice.token == token))
    if found is None:
        raise NoSuchNotice(token)
    return found


def public(session: Session, token: str) -> PublicNotice:
    """The notice on the platform with this address, for anybody; raises NoSuchNotice."""
    found = session.scalar(sa.select(PublicNotice).where(PublicNotice.token == token))
    if found is None:
        raise NoSuchNotice(token)
    return found


def objections_of(session: Session, notice: PublicNotice) -> list[Objection]:
    """The objections against a notice, the oldest first."""
    return list(
        session.scalars(
            sa.select(Objection)
            .where(Objection.entry_id.in_([entry.id for entry in notice.entries]))
            .order_by(Objection.id)
        )
    )


def objection(session: Session, actor: Actor, objection_id: int) -> tuple[Objection, NoticeEntry]:
    """An objection against a visible notice, with its entry; raises NoSuchNotice."""
    found = session.execute(
        sa.select(Objection, NoticeEntry)
        .join(NoticeEntry, NoticeEntry.id == Objection.entry_id)
        .join(PublicNotice, PublicNotice.id == NoticeEntry.notice_id)
        .where(visible_to(actor), Objection.id == objection_id)
    ).first()
    if found is None:
        raise NoSuchNotice(str(objection_id))
    return found[0], found[1]


def live_entry(session: Session, application_id: int, kind: NoticeKind = NoticeKind.UNIT) -> NoticeEntry | None:
    """The entry that stands for the application now, with its notice."""
    return session.scalar(
        sa.select(NoticeEntry)
        .join(PublicNotice, PublicNotice.id == NoticeEntry.notice_id)
        .where(
            NoticeEntry.application_id == application_id, NoticeEntry.ended_at.is_(None), PublicNotice.kind == kind
        )
        .order_by(NoticeEntry.id.desc())
        .limit(1)
    )


KIND_IN = {State.UNIT_REVIEW: NoticeKind.UNIT, State.PUBLICISED: NoticeKind.RESULT}


def closes_on(session: Session, application: Application) -> date | None:
    """The last day of the notice that stands for the application in its present state."""
    kind = KIND_IN.get(application.state)
    entry = live_entry(session, application.id, kind) if kind else None
    return entry.notice.closes_on if entry else None


def objections_answered(
    session: Session, application_ids: Sequence[int], since: datetime
) -> list[ObjectionAnswered]:
    """The objections against these applications that were answered after `since`, the newest first."""
    rows = session.execute(
        sa.select(NoticeEntry.application_id, Objection.answered_at, Objection.status)
        .join(NoticeEntry, NoticeEntry.id == Objection.entry_id)
        .where(NoticeEntry.application_id.in_(application_ids), Objection.answered_at > since)
        .order_by(Objection.answered_at.desc(), Objection.id.desc())
    )
    return [ObjectionAnswered(key, at, status is ObjectionStatus.UPHELD) for key, at, status in rows]


def has_live_entry(*conditions: ColumnElement[bool], kind: NoticeKind = NoticeKind.UNIT) -> ColumnElement[bool]:
    """The condition on Application that an entry stands for it, whose notice meets `conditions`."""
    return (
        sa.select(NoticeEntry.id)
        .join(PublicNotice, PublicNotice.id == NoticeEntry.notice_id)
        .where(
            NoticeEntry.application_id == Application.id,
            NoticeEntry.ended_at.is_(None),
            PublicNotice.kind == kind,
            *conditions,
        )
        .exists()
    )


def running(today: date) -> ColumnElement[bool]:
    """公示中: the unit's notice of the application runs today."""
    return has_live_entry(PublicNotice.closes_on >= today)


def closed(today: date, kind: NoticeKind = NoticeKind.UNIT) -> ColumnElement[bool]:
    """期满: the notice of the application is over."""
    return has_live_entry(PublicNotice.closes_on < today, kind=kind)


def objected() -> ColumnElement[bool]:
    """An objection against the application is not answered, or was upheld against an entry that still stands."""
    return (
        sa.select(Objection.id)
        .join(NoticeEntry, NoticeEntry.id == Objection.entry_id)
        .where(
            NoticeEntry.application_id == Application.id,
            sa.or_(
                Objection.status == ObjectionStatus.OPEN,
                sa.and_(Objection.status == ObjectionStatus.UPHELD, NoticeEntry.ended_at.is_(None)),
            ),
        )
        .exists()
    )


def to_be_posted(session: Session, actor: Actor, *, limit: int) -> list[Application]:
    """The unit's applications under review for which no notice stands, the oldest submission first."""
    if actor.party is not Party.UNIT or actor.unit_id is None:
        return []
    return list(
        session.scalars(
            sa.select(Application)
            .where(
                Application.unit_id == actor.unit_id,
                Application.state == State.UNIT_REVIEW,
                Application.holder == Holder.UNIT,
                ~has_live_entry(),
            )
            .options(joinedload(Application.campaign))
            .order_by(Application.submitted_at, Application.id)
            .limit(limit)
        )
    )


def open_objections(session: Session, actor: Actor) -> int:
    """How many objections wait for the actor's answer."""
    return session.scalar(
        sa.select(sa.func.count())
        .select_from(Objection)
        .join(NoticeEntry, NoticeEntry.id == Objection.entry_id)
        .join(PublicNotice, PublicNotice.id == NoticeEntry.notice_id)
        .where(visible_to(actor), Objection.status == ObjectionStatus.OPEN)
    ) or 0
