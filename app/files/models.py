"""What was uploaded. The bytes lie in the storage gateway under `storage_key`; nothing is served by a guessable name."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.orm import Base, UtcDateTime


class StoredFile(Base):
    """A judged and stored upload. It belongs to exactly one record: an application (with section, row and kind of
    material), a unit (registration papers, seal, posted notice) or a person; `replaced_at` marks what a later upload
    or a deletion took out of use: snapshots may still name it. Several rows may name one `storage_key` (a file taken over
    into another application): its bytes may go only when no row names it."""

    __tablename__ = "stored_file"
    __table_args__ = (
        sa.Index("ix_stored_file_place", "application_id", "section", "row_id", "kind"),
        sa.CheckConstraint(
            "(application_id IS NOT NULL) OR (unit_id IS NOT NULL) OR (person_id IS NOT NULL)", name="owner"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(32), unique=True)
    storage_key: Mapped[str] = mapped_column(sa.String(80))
    kind: Mapped[str] = mapped_column(sa.String(32))
    name: Mapped[str] = mapped_column(sa.String(120))
    media_type: Mapped[str] = mapped_column(sa.String(40))
    size: Mapped[int]
    pages: Mapped[int | None]
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    application_id: Mapped[int | None] = mapped_column(sa.ForeignKey("application.id"))
    section: Mapped[str | None] = mapped_column(sa.String(16))
    row_id: Mapped[str] = mapped_column(sa.String(32), default="")
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    uploaded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
