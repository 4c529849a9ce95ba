"""The request that an account and what can go with it be deleted."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.orm import Base, Choice, UtcDateTime
from app.words import N_


class DeletionState(StrEnum):
    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


DELETION_STATES = {
    DeletionState.OPEN: (N_("待执行"), "warn"),
    DeletionState.DONE: (N_("已注销"), "plain"),
    DeletionState.REFUSED: (N_("不能注销"), "danger"),
    DeletionState.WITHDRAWN: (N_("本人已撤回"), "plain"),
}


class DeletionRequest(Base):
    """申请注销. It withdraws the consent at once; the office or the system administrator executes it, and only while
    nothing stands against it. `name_masked` is what is left of the name when it is done."""

    __tablename__ = "deletion_request"
    __table_args__ = (
        sa.Index("ix_deletion_request_state", "state", "id"),
        sa.Index(
            "uq_deletion_request_open", "person_id", unique=True,
            sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    name_masked: Mapped[str] = mapped_column(sa.String(50))
    id_no_masked: Mapped[str] = mapped_column(sa.String(32), default="")
    state: Mapped[DeletionState] = mapped_column(Choice(DeletionState, "state"), default=DeletionState.OPEN)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    person = relationship("Person", foreign_keys=[person_id], lazy="raise_on_sql")
