"""Reading published texts: only what the office has published, and not before its moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from app.announcements.models import Announcement, AnnouncementKind


class NotPublished(Exception):
    """No such text, or not published yet; at the edge a 404."""


def published(now: datetime) -> ColumnElement[bool]:
    return sa.and_(Announcement.published_at.is_not(None), Announcement.published_at <= now)


def notices(session: Session, now: datetime, *, limit: int, offset: int = 0) -> Sequence[Announcement]:
    """通知公告, the pinned ones first, then the newest."""
    query = (
        sa.select(Announcement)
        .where(Announcement.kind == AnnouncementKind.NOTICE, published(now))
        .order_by(Announcement.pinned.desc(), Announcement.published_at.desc(), Announcement.id.desc())
    )
    return session.scalars(query.limit(limit).offset(offset)).all()


def conditions(session: Session, now: datetime, series_code: str) -> Sequence[Announcement]:
    """评审条件 of one series, all levels."""
    query = (
        sa.select(Announcement)
        .where(
            Announcement.kind == AnnouncementKind.CONDITIONS,
            Announcement.series_code == series_code,
            published(now),
        )
        .order_by(Announcement.level_code, Announcement.published_at.desc())
    )
    return session.scalars(query).all()


def get(session: Session, now: datetime, announcement_id: int) -> Announcement:
    """A published text; raises NotPublished."""
    query = sa.select(Announcement).where(published(now), Announcement.id == announcement_id)
    found = session.scalar(query)
    if found is None:
        raise NotPublished(announcement_id)
    return found
