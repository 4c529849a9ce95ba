"""Reading messages: a person's inbox, the unread ones, and the outbox of the administrator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from app.messages.models import Channel, Message
from app.workflow.actor import Actor
from app.workflow.states import Party

INBOX_MAX = 200


def inbox_of(actor: Actor) -> ColumnElement[bool]:
    """Messages in the site to the person, and to the unit that the person works for."""
    mine = Message.person_id == actor.person_id
    if actor.party is Party.UNIT and actor.unit_id is not None:
        mine = sa.or_(mine, Message.unit_id == actor.unit_id)
    return sa.and_(Message.channel == Channel.SITE, mine)


def inbox(session: Session, actor: Actor) -> Sequence[Message]:
    """The newest INBOX_MAX, the newest first."""
    query = sa.select(Message).where(inbox_of(actor)).order_by(Message.id.desc()).limit(INBOX_MAX)
    return session.scalars(query).all()


def unread(session: Session, actor: Actor) -> int:
    """How many of the inbox are unread, counted up to 100."""
    first = sa.select(Message.id).where(inbox_of(actor), Message.read_at.is_(None)).limit(100).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(first)) or 0


def mark_read(session: Session, actor: Actor, up_to_id: int, *, now: datetime) -> int:
    """Marks the inbox read up to and including a message; one that came in meanwhile stays unread."""
    marked = session.execute(
        sa.update(Message)
        .where(inbox_of(actor), Message.read_at.is_(None), Message.id <= up_to_id)
        .values(read_at=now)
        .execution_options(synchronize_session=False)
    )
    return marked.rowcount


def outbox_of(actor: Actor) -> ColumnElement[bool]:
    """The SMS outbox, for the administration only; it is shown without texts."""
    return Message.channel == Channel.SMS if actor.party is Party.STAFF else sa.false()


def latest_sms(session: Session, phone_masked: str, limit: int) -> Sequence[Message]:
    """The newest SMS with their texts: for the demonstration only."""
    query = sa.select(Message).where(Message.channel == Channel.SMS)
    if phone_masked:
        query = query.where(Message.phone_masked == phone_masked)
    return session.scalars(query.order_by(Message.id.desc()).limit(limit)).all()
