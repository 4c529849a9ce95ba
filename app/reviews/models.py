"""Opinions of units and bodies, and the applicant's requests for return."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.orm import Base, Choice, Json, UtcDateTime
from app.workflow.states import Party


class Conclusion(StrEnum):
    AGREE = "agree"
    DISAGREE = "disagree"


class Opinion(Base):
    """单位推荐意见 or a body's 审核意见: one for each office that had the application. The parts of the unit's form (答辩,
    审议小组, 考核结果) stand in columns of their own because guards and sheets read them; a body fills only the text."""

    __tablename__ = "opinion"
    __table_args__ = (
        sa.Index(
            "uq_opinion_office", "application_id", "party", sa.text("coalesce(body_id, 0)"), unique=True
        ),
        sa.CheckConstraint(
            "present IS NULL OR (agree + against + abstain = present AND present <= expected)", name="votes"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"), index=True)
    party: Mapped[Party] = mapped_column(Choice(Party, "party"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    body_id: Mapped[int | None] = mapped_column(sa.ForeignKey("review_body.id"))
    conclusion: Mapped[Conclusion] = mapped_column(Choice(Conclusion, "conclusion"))
    text: Mapped[str] = mapped_column(sa.String(2000))
    defence_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    defence_questions: Mapped[str] = mapped_column(sa.String(1000), default="")
    defence_result: Mapped[str] = mapped_column(sa.String(200), default="")
    group_leader: Mapped[str] = mapped_column(sa.String(50), default="")
    group_members: Mapped[str] = mapped_column(sa.String(500), default="")
    expected: Mapped[int | None]
    present: Mapped[int | None]
    agree: Mapped[int | None]
    against: Mapped[int | None]
    abstain: Mapped[int | None]
    assessments: Mapped[list[dict[str, Any]]] = mapped_column(Json(), default=list)  # [{"year":..,"grade":..}]
    signed_by: Mapped[str] = mapped_column(sa.String(50), default="")
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    complete: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CheckedSection(Base):
    """已核对: a reviewer's tick at one section, of one office; it falls when the section changes."""

    __tablename__ = "checked_section"
    __table_args__ = (sa.UniqueConstraint("application_id", "party", "office_id", "section"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    party: Mapped[Party] = mapped_column(Choice(Party, "party"))
    office_id: Mapped[int]
    section: Mapped[str] = mapped_column(sa.String(16))
    document_version: Mapped[int]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
