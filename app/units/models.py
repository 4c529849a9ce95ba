"""The employer through which a person applies."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.orm import Base, Choice, Sealed, UtcDateTime
from app.words import N_


class UnitStatus(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"


UNIT_STATUS_NAMES = {
    UnitStatus.PENDING: (N_("待审核"), "info"),
    UnitStatus.APPROVED: (N_("已通过"), "ok"),
    UnitStatus.REFUSED: (N_("未通过"), "danger"),
}


class Unit(Base):
    """A registered unit; `reports_to_id` is set when it is approved and decides where its applications go first.

    The unit key is stored sealed (to be shown to its operators) and as a digest (to be found when an applicant types
    it); generating anew overwrites both, members stay.
    """

    __tablename__ = "unit"
    __table_args__ = (sa.Index("ix_unit_status_created", "status", "created_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(100), index=True)
    uscc: Mapped[str] = mapped_column(sa.String(18), unique=True)
    division_code: Mapped[str] = mapped_column(sa.String(12))
    level_code: Mapped[str] = mapped_column(sa.String(16))
    nature_code: Mapped[str] = mapped_column(sa.String(16))
    contact_name: Mapped[str] = mapped_column(sa.String(50))
    contact_phone: Mapped[str | None] = mapped_column(Sealed("unit.contact_phone"))
    contact_phone_masked: Mapped[str] = mapped_column(sa.String(16), default="")
    status: Mapped[UnitStatus] = mapped_column(Choice(UnitStatus, "status"), default=UnitStatus.PENDING)
    refusal_reason: Mapped[str] = mapped_column(sa.String(500), default="")
    reports_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("review_body.id"), index=True)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", use_alter=True))
    key: Mapped[str | None] = mapped_column(Sealed("unit.key"))
    key_digest: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    key_generated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    certificate_file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id", use_alter=True))
    pledge_file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id", use_alter=True))
    seal_file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id", use_alter=True))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    reports_to = relationship("ReviewBody", foreign_keys=[reports_to_id], lazy="raise_on_sql")

    @property
    def may_act(self) -> bool:
        """Whether its people work in the platform: only after approval."""
        return self.status is UnitStatus.APPROVED
