"""Writing the audit log, sealing it in batches, and proving that nothing in it was changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry, AuditSeal
from app.workflow.actor import Actor

NO_SEAL = "0" * 64
BATCH = 1000


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
    """Seals the entries since the last seal, oldest first, at most BATCH; returns how many."""
    last = session.scalar(sa.select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))
    entries = session.scalars(
        sa.select(AuditEntry).where(AuditEntry.id > (last.last_id if last else 0)).order_by(AuditEntry.id).limit(BATCH)
    ).all()
    if entries:
        digest = _digest(last.digest if last else NO_SEAL, entries)
        session.add(AuditSeal(first_id=entries[0].id, last_id=entries[-1].id, digest=digest, at=now))
    return len(entries)


def seal_all(session: Session, *, now: datetime) -> int:
    """Seals batch after batch, committing each, until nothing is unsealed; returns how many entries."""
    sealed = 0
    while batch := seal(session, now=now):
        session.commit()
        sealed += batch
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
