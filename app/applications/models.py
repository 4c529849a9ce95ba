"""The application and everything that grows with it; its history and snapshots are never changed once written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.applications.sections.settings import Mode
from app.orm import Base, Choice, Json, UtcDateTime
from app.review_bodies.models import DECLARATION
from app.workflow.actions import Action
from app.workflow.case import Case
from app.workflow.states import Holder, Party, State


class Application(Base):
    """One application of a person. `number` is what people see; `version` rises with every move and makes stale moves
    fail; the names of person, unit and title are promoted from catalogue and person for grids and search."""

    __tablename__ = "application"
    __table_args__ = (
        # the tabs and orders of the grids, one index for each scope
        sa.Index("ix_application_unit_state", "unit_id", "state", "submitted_at", "id"),
        sa.Index("ix_application_unit_submitted", "unit_id", "submitted_at", "id"),
        sa.Index("ix_application_body_state", "holder_body_id", "state", "submitted_at", "id"),
        sa.Index("ix_application_state", "state", "submitted_at", "id"),
        sa.Index("ix_application_submitted", "submitted_at", "id"),
        sa.Index("ix_application_applicant", "applicant_id", "id"),
        # 一年一次: one declaration a year that is not cancelled, unless the office grants another
        sa.Index(
            "uq_application_declaration_year",
            "applicant_id",
            "year",
            unique=True,
            sqlite_where=sa.text("service = 'declaration' AND state <> 'cancelled' AND NOT extra_granted"),
            postgresql_where=sa.text("service = 'declaration' AND state <> 'cancelled' AND NOT extra_granted"),
        ),
        sa.CheckConstraint("(holder = 'body') = (holder_body_id IS NOT NULL)", name="holder_body"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    service: Mapped[str] = mapped_column(sa.String(16), default=DECLARATION)
    year: Mapped[int]
    applicant_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    applicant_name: Mapped[str] = mapped_column(sa.String(50))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), index=True)
    series_code: Mapped[str] = mapped_column(sa.String(8))
    specialty_code: Mapped[str] = mapped_column(sa.String(8))
    level_code: Mapped[str] = mapped_column(sa.String(8))
    title_code: Mapped[str] = mapped_column(sa.String(16))
    title_name: Mapped[str] = mapped_column(sa.String(50))  # 拟评资格
    apply_type: Mapped[str] = mapped_column(sa.String(16), default="NORMAL")
    state: Mapped[State] = mapped_column(Choice(State, "state"), default=State.DRAFT)
    holder: Mapped[Holder] = mapped_column(Choice(Holder, "holder"), default=Holder.APPLICANT)
    holder_body_id: Mapped[int | None] = mapped_column(sa.ForeignKey("review_body.id"))
    returned_by_body_id: Mapped[int | None] = mapped_column(sa.ForeignKey("review_body.id"))
    deciding_body_id: Mapped[int | None] = mapped_column(sa.ForeignKey("review_body.id"), index=True)
    return_requested: Mapped[bool] = mapped_column(default=False)
    extra_granted: Mapped[bool] = mapped_column(default=False)
    fee_fen: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    pledge_version: Mapped[str] = mapped_column(sa.String(16))
    pledge_digest: Mapped[str] = mapped_column(sa.String(64))
    pledge_at: Mapped[datetime] = mapped_column(UtcDateTime)
    correct_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # last save of any section: a save claims the row
    # the sections of the last submission with the versions of their documents; None before the first
    submitted_sections: Mapped[dict[str, int] | None] = mapped_column(Json())

    applicant = relationship("Person", foreign_keys=[applicant_id], lazy="raise_on_sql")
    unit = relationship("Unit", lazy="raise_on_sql")
    campaign = relationship("Campaign", lazy="raise_on_sql")
    holder_body = relationship("ReviewBody", foreign_keys=[holder_body_id], lazy="raise_on_sql")
    deciding_body = relationship("ReviewBody", foreign_keys=[deciding_body_id], lazy="raise_on_sql")
    steps = relationship("RouteStep", order_by="RouteStep.position", lazy="selectin")

    @property
    def case(self) -> Case:
        """The application as the workflow sees it."""
        return Case(
            state=self.state,
            holder=self.holder,
            applicant_id=self.applicant_id,
            unit_id=self.unit_id,
            holder_body_id=self.holder_body_id,
            returned_by_body_id=self.returned_by_body_id,
            deciding_body_id=self.deciding_body_id,
            route=tuple(step.body_id for step in self.steps),
            fee_fen=self.fee_fen,
            return_requested=self.return_requested,
        )


class RouteStep(Base):
    """The stored route: the bodies an application passes, computed at submission; `reached_at` opens it to the body."""

    __tablename__ = "route_step"
    __table_args__ = (
        sa.UniqueConstraint("application_id", "position"),
        sa.Index("ix_route_step_body", "body_id", "reached_at", "application_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    position: Mapped[int]
    body_id: Mapped[int] = mapped_column(sa.ForeignKey("review_body.id"))
    reached_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    body = relationship("ReviewBody", lazy="raise_on_sql")


class SectionDocument(Base):
    """What was filled into one 表: {"values": {...}} or {"rows": [{"id": ..., ...}]}. `version` rises with every save,
    so that a second tab is noticed; `missing` is the completeness check of the last save."""

    __tablename__ = "section_document"
    __table_args__ = (sa.UniqueConstraint("application_id", "section"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    section: Mapped[str] = mapped_column(sa.String(16))
    document: Mapped[dict[str, Any]] = mapped_column(Json())
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SectionRule(Base):
    """申报表设置: what a campaign changes in one section, for all applications or for a series, a level, or both. The
    most precise rule wins; a bound that is NULL stays as declared (sections/settings.py)."""

    __tablename__ = "section_rule"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "section", "series_code", "level_code"),
        sa.CheckConstraint("min_rows >= 0 AND max_rows >= 1 AND min_rows <= max_rows", name="rows"),
        sa.CheckConstraint("min_length >= 0 AND max_length >= 1 AND min_length <= max_length", name="length"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    section: Mapped[str] = mapped_column(sa.String(16))
    series_code: Mapped[str] = mapped_column(sa.String(8), default="")
    level_code: Mapped[str] = mapped_column(sa.String(8), default="")
    mode: Mapped[Mode] = mapped_column(Choice(Mode, "mode"), default=Mode.DEFAULT)
    min_rows: Mapped[int | None]
    max_rows: Mapped[int | None]
    min_length: Mapped[int | None]
    max_length: Mapped[int | None]

    campaign = relationship("Campaign", lazy="raise_on_sql")


class LibraryRow(Base):
    """One row of a person's own library (我的资料库): the values of one row of a repeating section, kept apart from all
    applications. `row_id` is also the id of the row in every application that it went to or came from. `version` rises
    with every save; of the rows of a section only the one deleted last is kept (`deleted_at`), to be brought back."""

    __tablename__ = "library_row"
    __table_args__ = (sa.UniqueConstraint("person_id", "section", "row_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    section: Mapped[str] = mapped_column(sa.String(16))
    row_id: Mapped[str] = mapped_column(sa.String(32))
    values: Mapped[dict[str, Any]] = mapped_column(Json())
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class HistoryRow(Base):
    """One move. (application, version) is unique: two moves from one version cannot both be written."""

    __tablename__ = "application_history"
    __table_args__ = (
        sa.UniqueConstraint("application_id", "version"),
        # the newest that left a state: how long the step takes
        sa.Index("ix_application_history_from_state", "from_state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    version: Mapped[int]
    action: Mapped[Action] = mapped_column(Choice(Action, "action"))
    from_state: Mapped[State] = mapped_column(Choice(State, "from_state"))
    to_state: Mapped[State] = mapped_column(Choice(State, "to_state"))
    holder: Mapped[Holder] = mapped_column(Choice(Holder, "holder"))
    holder_body_id: Mapped[int | None] = mapped_column(sa.ForeignKey("review_body.id"))
    party: Mapped[Party] = mapped_column(Choice(Party, "party"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    office: Mapped[str] = mapped_column(sa.String(100), default="")  # where the actor stood: unit, body, 本人
    reason: Mapped[str] = mapped_column(sa.String(1000), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReturnedSection(Base):
    """A section that was sent back: only these unlock, each with its reason; `changed_at` when it was saved again."""

    __tablename__ = "returned_section"
    __table_args__ = (sa.Index("ix_returned_section_application", "application_id", "history_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    history_id: Mapped[int] = mapped_column(sa.ForeignKey("application_history.id"))
    section: Mapped[str] = mapped_column(sa.String(16))
    code: Mapped[str] = mapped_column(sa.String(8), default="")
    reason: Mapped[str] = mapped_column(sa.String(1000))
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WithdrawalRequest(Base):
    """申请撤回申报: what the applicant asks of the body whose business the application is. `granted` None in an answered
    one: it was overtaken, the application had ended or gone back otherwise."""

    __tablename__ = "withdrawal_request"
    __table_args__ = (
        sa.Index("ix_withdrawal_request_application", "application_id", "id"),
        sa.Index(
            "uq_withdrawal_request_open", "application_id", unique=True,
            sqlite_where=sa.text("answered_at IS NULL"), postgresql_where=sa.text("answered_at IS NULL"),
        ),
        sa.CheckConstraint("granted IS NULL OR answered_at IS NOT NULL", name="answered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    reason: Mapped[str] = mapped_column(sa.String(1000))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(sa.String(1000), default="")
    granted: Mapped[bool | None]


class Snapshot(Base):
    """What was submitted, as canonical JSON, sealed whole; `digest` is SHA-256 over the plain text."""

    __tablename__ = "application_snapshot"
    __table_args__ = (sa.UniqueConstraint("application_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    number: Mapped[int]
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
    digest: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
