"""The regular sealing of the audit log."""

from __future__ import annotations

from app.audit.services import seal_all
from app.extensions import business_now, db


def seal() -> int:
    """Seals and commits everything that is settled and not sealed yet; returns how many entries."""
    try:
        return seal_all(db.session, now=business_now())
    finally:
        db.session.remove()
