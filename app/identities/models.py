"""What was asked for, with which proof, and how it was decided."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.orm import Base, Choice, Sealed, UtcDateTime
from app.words import N_


class ChangeState(StrEnum):
    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class RecoveryState(StrEnum):
    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


CHANGE_STATES = {
    ChangeState.OPEN: (N_("待审核"), "info"),
    ChangeState.APPROVED: (N_("已修改"), "ok"),
    ChangeState.REFUSED: (N_("未通过"), "danger"),
    ChangeState.WITHDRAWN: (N_("本人已撤回"), "plain"),
}
RECOVERY_STATES = {
    RecoveryState.OPEN: (N_("待换号"), "info"),
    RecoveryState.DONE: (N_("已换号"), "ok"),
    RecoveryState.CANCELLED: (N_("已取消"), "plain"),
}


def _one_open(table: str) -> sa.Index:
    """No second one of a person while the first is open."""
    still = sa.text("state = 'open'")
    return sa.Index(f"uq_{table}_open", "person_id", unique=True, sqlite_where=still, postgresql_where=still)


class _OfPerson:
    """What grids show of the person."""

    @property
    def unit_name(self) -> str:
        unit = self.person.unit  # type: ignore[attr-defined]
        return unit.name if unit else ""


class IdentityChange(_OfPerson, Base):
    """身份变更: the name and document that an applicant asks for after a submission; `old_*` is what stood there when it
    was asked, masked. `decided_by` is the office of who decided, as shown to the applicant."""

    __tablename__ = "identity_change"
    __table_args__ = (sa.Index("ix_identity_change_state", "state", "id"), _one_open("identity_change"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(50))
    id_type: Mapped[str] = mapped_column(sa.String(16))
    id_no: Mapped[str] = mapped_column(Sealed("identity_change.id_no"))
    id_no_masked: Mapped[str] = mapped_column(sa.String(32))
    old_name: Mapped[str] = mapped_column(sa.String(50))
    old_id_no_masked: Mapped[str] = mapped_column(sa.String(32), default="")
    reason: Mapped[str] = mapped_column(sa.String(500))
    document_file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))
    proof_file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    state: Mapped[ChangeState] = mapped_column(Choice(ChangeState, "state"), default=ChangeState.OPEN)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_by: Mapped[str] = mapped_column(sa.String(100), default="")
    answer: Mapped[str] = mapped_column(sa.String(500), default="")

    person = relationship("Person", foreign_keys=[person_id], lazy="raise_on_sql")

    @property
    def files(self) -> dict[str, int]:
        """The ids of its papers by kind."""
        both = {"document": self.document_file_id, "proof": self.proof_file_id}
        return {kind: number for kind, number in both.items() if number}


class PhoneRecovery(_OfPerson, Base):
    """手机找回: begun by the unit or the office with a reason and a proof, done when the new phone has answered a code.
    `old_phone_masked` and `phone_masked` are the account's before and after."""

    __tablename__ = "phone_recovery"
    __table_args__ = (sa.Index("ix_phone_recovery_state", "state", "id"), _one_open("phone_recovery"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(500))
    proof_file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))
    old_phone_masked: Mapped[str] = mapped_column(sa.String(16), default="")
    phone_masked: Mapped[str] = mapped_column(sa.String(16), default="")
    started_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    started_by: Mapped[str] = mapped_column(sa.String(100), default="")
    state: Mapped[RecoveryState] = mapped_column(Choice(RecoveryState, "state"), default=RecoveryState.OPEN)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    person = relationship("Person", foreign_keys=[person_id], lazy="raise_on_sql")

    @property
    def files(self) -> dict[str, int]:
        return {"proof": self.proof_file_id}
