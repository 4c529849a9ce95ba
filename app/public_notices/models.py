"""Notices, whom they name, and the objections against them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.orm import Base, Choice, Json, Sealed, UtcDateTime


class NoticeKind(StrEnum):
    UNIT = "unit"  # 单位公示, before 上报
    RESULT = "result"  # 评审结果公示


class NoticeMethod(StrEnum):
    PLATFORM = "platform"
    PAPER = "paper"


class ObjectionStatus(StrEnum):
    OPEN = "open"
    DISMISSED = "dismissed"
    UPHELD = "upheld"


class PublicNotice(Base):
    """One notice. It runs from the day after `posted_on` through `closes_on`, counted in working days. `token` is its
    public address. A notice on paper is recorded with its dates and a picture of the posted sheet."""

    __tablename__ = "public_notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(sa.String(32), unique=True)
    kind: Mapped[NoticeKind] = mapped_column(Choice(NoticeKind, "kind"))
    method: Mapped[NoticeMethod] = mapped_column(Choice(NoticeMethod, "method"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    body_id: Mapped[int | None] = mapped_column(sa.ForeignKey("review_body.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    contact: Mapped[str] = mapped_column(sa.String(200), default="")
    posted_on: Mapped[date] = mapped_column(sa.Date, index=True)
    closes_on: Mapped[date] = mapped_column(sa.Date)
    working_days: Mapped[int]
    paper_file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    entries = relationship("NoticeEntry", back_populates="notice", order_by="NoticeEntry.id", lazy="selectin")


class NoticeEntry(Base):
    """One person on a notice; `shown` is what stood on it (never an ID number or phone). A return ends the entry."""

    __tablename__ = "public_notice_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("public_notice.id"), index=True)
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"), index=True)
    shown: Mapped[dict[str, Any]] = mapped_column(Json())
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    notice = relationship("PublicNotice", back_populates="entries", lazy="joined")


class Objection(Base):
    """Somebody's word against an entry; open until answered. The name and contact are sealed, and may be empty."""

    __tablename__ = "objection"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("public_notice_entry.id"), index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    contact: Mapped[str | None] = mapped_column(Sealed("objection.contact"))
    status: Mapped[ObjectionStatus] = mapped_column(Choice(ObjectionStatus, "status"), default=ObjectionStatus.OPEN)
    answer: Mapped[str] = mapped_column(sa.String(1000), default="")
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
