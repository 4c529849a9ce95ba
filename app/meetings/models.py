"""Meetings of a review body and what they decided; approval documents of the office."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.orm import Base, UtcDateTime


class Meeting(Base):
    """评审会议. It is closed when its results are entered; then results can be recorded on applications."""

    __tablename__ = "meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(sa.ForeignKey("review_body.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    held_on: Mapped[date] = mapped_column(sa.Date)
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    members_expected: Mapped[int] = mapped_column(default=0)
    members_present: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    body = relationship("ReviewBody", lazy="raise_on_sql")


class Candidate(Base):
    """An application in a meeting, with the count of the vote once the meeting is over; passed with two thirds of those
    present."""

    __tablename__ = "meeting_candidate"
    __table_args__ = (
        sa.UniqueConstraint("application_id", "meeting_id"),
        sa.CheckConstraint("agree IS NULL OR (agree >= 0 AND against >= 0 AND abstain >= 0)", name="votes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"), index=True)
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"), index=True)
    agree: Mapped[int | None]
    against: Mapped[int | None]
    abstain: Mapped[int | None]
    passed: Mapped[bool | None]
    note: Mapped[str] = mapped_column(sa.String(500), default="")

    application = relationship("Application", lazy="raise_on_sql")


class ApprovalDocument(Base):
    """批准文件 with its number (批准文号) and date; its names are the applications it approves."""

    __tablename__ = "approval_document"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(60), unique=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    dated: Mapped[date] = mapped_column(sa.Date)
    authority: Mapped[str] = mapped_column(sa.String(100))
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ApprovedName(Base):
    """One application on the list of names of an approval document."""

    __tablename__ = "approved_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("approval_document.id"), index=True)
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"), unique=True)

    document = relationship("ApprovalDocument", lazy="joined")
