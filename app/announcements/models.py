"""Published texts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.orm import Base, Choice, UtcDateTime


class AnnouncementKind(StrEnum):
    NOTICE = "notice"
    CONDITIONS = "conditions"


class Announcement(Base):
    """A notice or the review conditions of a series; plain text, paragraphs separated by empty lines."""

    __tablename__ = "announcement"
    __table_args__ = (sa.Index("ix_announcement_published", "kind", "published_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[AnnouncementKind] = mapped_column(Choice(AnnouncementKind, "kind"))
    title: Mapped[str] = mapped_column(sa.String(200))
    body: Mapped[str] = mapped_column(sa.Text)
    series_code: Mapped[str | None] = mapped_column(sa.String(8))
    level_code: Mapped[str | None] = mapped_column(sa.String(8))
    pinned: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
