"""The regular sealing of the audit log."""

from __future__ import annotations

from flask import current_app

from app.audit.services import seal_all
from app.extensions import db


def seal() -> int:
    """Seals and commits everything that is settled and not sealed yet; returns how many entries."""
    try:
        return seal_all(db.session, now=current_app.extensions["clock"].now())
    finally:
        db.session.remove()
