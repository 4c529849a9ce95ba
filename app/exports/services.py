"""An export that the worker makes: asked for, claimed, done or failed, and forgotten after a day."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import BinaryIO

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.services import record
from app.exports.models import ExportJob, ExportState, SheetFormat
from app.gateways.storage import Storage
from app.messages.services import enqueue_after_commit
from app.workflow.actor import Actor

AT_ONCE = 2_000  # rows that are made while the asker waits
MOST = 200_000  # rows of one export
SIZE_MAX = 200 * 1024 * 1024
KEPT = timedelta(hours=24)
LOST = timedelta(minutes=10)  # the worker ends a job long before
MAKE = "app.jobs.exports.make"


class UnderWay(Exception):
    """The person's last export is not finished yet."""


def note(
    session: Session, actor: Actor, grid: str, *, format: SheetFormat, conditions: str, rows: int, full: bool, now: datetime
) -> None:
    """Writes into the log who exported what; `conditions` are the filters in words, without personal data."""
    record(
        session, actor, "export", "grid", grid, now=now, format=format.value, conditions=conditions, rows=rows, full=full
    )


def ask(
    session: Session, actor: Actor, grid: str, *, query: str, columns: list[str], format: SheetFormat, conditions: str,
    rows: int, full: bool, now: datetime,
) -> ExportJob:
    """Puts an export to the worker; it is noted in the log. Raises UnderWay (the transaction is then rolled back)."""
    assert actor.person_id is not None
    job = ExportJob(
        public_id=secrets.token_hex(16), person_id=actor.person_id, grid=grid, query=query, columns=columns, full=full,
        format=format, conditions=conditions, rows=rows, asked_at=now, expires_at=now + KEPT,
    )
    session.add(job)
    try:
        session.flush()
    except IntegrityError as error:
        session.rollback()
        raise UnderWay from error
    note(session, actor, grid, format=format, conditions=conditions, rows=rows, full=full, now=now)
    enqueue_after_commit(session, MAKE, job.id)
    return job


def claim(session: Session, job_id: int, *, now: datetime) -> ExportJob | None:
    """The job, now running; None if it is gone or another worker has it."""
    claimed = session.execute(
        sa.update(ExportJob)
        .where(ExportJob.id == job_id, ExportJob.state == ExportState.WAITING)
        .values(state=ExportState.RUNNING, started_at=now)
    )
    return session.get(ExportJob, job_id, populate_existing=True) if claimed.rowcount == 1 else None


def finish(session: Session, job: ExportJob, content: BinaryIO, rows: int, storage: Storage, *, now: datetime) -> None:
    """Keeps the file for KEPT from now on. Raises what Storage.put raises."""
    kept = storage.put(content, SIZE_MAX)
    job.storage_key, job.size, job.rows = kept.key, kept.size, rows
    job.state, job.expires_at = ExportState.DONE, now + KEPT


def fail(session: Session, job_id: int) -> None:
    session.execute(sa.update(ExportJob).where(ExportJob.id == job_id).values(state=ExportState.FAILED))


def sweep(session: Session, storage: Storage, *, now: datetime) -> int:
    """Forgets what has expired with its file, ends what a worker left half done, and asks again for what was never begun
    (the queue was away); returns how many were forgotten."""
    expired = session.scalars(sa.select(ExportJob).where(ExportJob.expires_at <= now)).all()
    for job in expired:
        if job.storage_key:
            storage.delete(job.storage_key)
        session.delete(job)
    session.execute(
        sa.update(ExportJob)
        .where(ExportJob.state == ExportState.RUNNING, ExportJob.started_at < now - LOST)
        .values(state=ExportState.FAILED)
        .execution_options(synchronize_session=False)
    )
    for job_id in session.scalars(sa.select(ExportJob.id).where(ExportJob.state == ExportState.WAITING)):
        enqueue_after_commit(session, MAKE, job_id)
    return len(expired)
