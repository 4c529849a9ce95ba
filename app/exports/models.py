"""The exports that the worker makes; small ones leave no row."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.orm import Base, Choice, Json, Sealed, UtcDateTime


class SheetFormat(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"


class ExportState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ExportJob(Base):
    """One export: the grid (name of its view) with the arguments of its address, and afterwards the file. `query` is
    sealed, because a filter may hold a name; `conditions` says the filters in words without such. `rows` is the number
    counted when it was asked for, and when it is done the number written."""

    __tablename__ = "export_job"
    __table_args__ = (
        sa.Index("ix_export_job_person", "person_id", "id"),
        # one at a time for each person, also when two windows ask together
        sa.Index(
            "uq_export_job_under_way",
            "person_id",
            unique=True,
            sqlite_where=sa.text("state IN ('waiting', 'running')"),
            postgresql_where=sa.text("state IN ('waiting', 'running')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(32), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    grid: Mapped[str] = mapped_column(sa.String(64))
    query: Mapped[str] = mapped_column(Sealed("export_job.query"))
    columns: Mapped[list[str]] = mapped_column(Json())
    full: Mapped[bool] = mapped_column(default=False)
    format: Mapped[SheetFormat] = mapped_column(Choice(SheetFormat, "format"))
    conditions: Mapped[str] = mapped_column(sa.String(1000), default="")
    state: Mapped[ExportState] = mapped_column(Choice(ExportState, "state"), default=ExportState.WAITING)
    rows: Mapped[int]
    size: Mapped[int] = mapped_column(default=0)
    storage_key: Mapped[str | None] = mapped_column(sa.String(80))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
