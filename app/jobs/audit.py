"""The regular sealing of the audit log."""

from __future__ import annotations

from flask import current_app

from app.audit.services import seal_all
from app.extensions import db


def seal() -> int:
    """Seals everything that is not sealed yet; returns how many entries."""
    return seal_all(db.session, now=current_app.extensions["clock"].now())
