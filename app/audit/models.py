"""The audit log and its seals; triggers in both databases refuse to change or delete a row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.orm import Base, Json, UtcDateTime


class AuditEntry(Base):
    """One act. `detail` holds ids and codes, never personal data."""

    __tablename__ = "audit_entry"
    __table_args__ = (sa.Index("ix_audit_entry_object", "object_kind", "object_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    person_id: Mapped[int | None] = mapped_column(index=True)
    party: Mapped[str] = mapped_column(sa.String(16))
    address: Mapped[str] = mapped_column(sa.String(45), default="")
    verb: Mapped[str] = mapped_column(sa.String(40))
    object_kind: Mapped[str] = mapped_column(sa.String(32))
    object_id: Mapped[str] = mapped_column(sa.String(40), default="")
    result: Mapped[str] = mapped_column(sa.String(16), default="done")  # done | refused | failed
    detail: Mapped[dict[str, Any]] = mapped_column(Json(), default=dict)

    # no foreign key: an entry stays as it is whatever becomes of the account
    person = relationship(
        "Person", primaryjoin="foreign(AuditEntry.person_id) == Person.id", viewonly=True, lazy="raise_on_sql"
    )


class AuditSeal(Base):
    """A batch of entries under a digest that also covers the seal before it. Each begins where the last one ended, so
    that nothing can be slipped in between, and only one can follow another."""

    __tablename__ = "audit_seal"

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(unique=True)
    last_id: Mapped[int] = mapped_column(unique=True)
    digest: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
