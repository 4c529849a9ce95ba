"""Writing the audit log, sealing it in batches, and proving that nothing in it was changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry, AuditSeal
from app.workflow.actor import Actor

NO_SEAL = "0" * 64
BATCH = 1000
SETTLED = timedelta(minutes=2)  # a page is ended after one
GIVEN_UP = timedelta(minutes=15)  # a job is ended after ten: no transaction is older


def record(
    session: Session,
    actor: Actor | None,
    verb: str,
    object_kind: str,
    object_id: object = "",
    *,
    now: datetime,
    result: str = "done",
    address: str = "",
    **detail: Any,
) -> None:
    """Adds one entry to the caller's transaction. `detail` takes ids, codes and counts, never personal data."""
    session.add(
        AuditEntry(
            at=now,
            person_id=actor.person_id if actor else None,
            party=actor.party.value if actor else "anonymous",
            address=actor.address if actor else address,
            verb=verb,
            object_kind=object_kind,
            object_id=str(object_id),
            result=result,
            detail=detail,
        )
    )


def _digest(previous: str, entries: Sequence[AuditEntry]) -> str:
    lines = [previous]
    for entry in entries:
        lines.append(
            json.dumps(
                [entry.id, entry.at.isoformat(), entry.person_id, entry.party, entry.address, entry.verb,
                 entry.object_kind, entry.object_id, entry.result, entry.detail],
                ensure_ascii=False, sort_keys=True, separators=(",", ":"),
            )
        )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def seal(session: Session, *, now: datetime) -> int:
    """Seals the settled entries since the last seal, oldest first, at most BATCH; returns how many."""
    last = session.scalar(sa.select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))
    sealed_to = last.last_id if last else 0
    rows = session.scalars(sa.select(AuditEntry).where(AuditEntry.id > sealed_to).order_by(AuditEntry.id).limit(BATCH))
    entries = list(_settled(rows, sealed_to, now))
    if entries:
        digest = _digest(last.digest if last else NO_SEAL, entries)
        session.add(AuditSeal(first_id=sealed_to + 1, last_id=entries[-1].id, digest=digest, at=now))
    return len(entries)


def _settled(rows: Iterable[AuditEntry], sealed_to: int, now: datetime) -> Iterator[AuditEntry]:
    """The first of `rows` among which nothing can appear any more. PostgreSQL gives an entry its id when it is written,
    not when it is committed: a missing id may still come, unless it is so old that it was rolled back."""
    before = sealed_to
    for entry in rows:
        age = now - entry.at
        if age < SETTLED or (entry.id != before + 1 and age < GIVEN_UP):
            return
        yield entry
        before = entry.id


def seal_all(session: Session, *, now: datetime) -> int:
    """Seals batch after batch, committing each, until nothing settled is unsealed; returns how many entries. Of two that
    seal at the same time the second stops: the first goes on."""
    sealed = 0
    try:
        while batch := seal(session, now=now):
            session.commit()
            sealed += batch
    except IntegrityError:
        session.rollback()
    return sealed


def broken_seals(session: Session) -> list[int]:
    """The ids of seals that no longer match their entries; an empty list proves the sealed log."""
    broken, previous = [], NO_SEAL
    for mark in session.scalars(sa.select(AuditSeal).order_by(AuditSeal.id)):
        entries = session.scalars(
            sa.select(AuditEntry)
            .where(AuditEntry.id.between(mark.first_id, mark.last_id))
            .order_by(AuditEntry.id)
        ).all()
        if _digest(previous, entries) != mark.digest:
            broken.append(mark.id)
        previous = mark.digest
    return broken
