"""Jobs about exports."""

from __future__ import annotations

import logging

from flask import current_app

from app.exports import making, services
from app.extensions import business_now, db

log = logging.getLogger(__name__)


def make(job_id: int) -> bool:
    """Makes an export that waits; False if it was made already, or could not be made (the page then says so)."""
    try:
        job = services.claim(db.session, job_id, now=business_now())
        db.session.commit()
        if job is None:
            return False
        making.make(job)
        db.session.commit()
        return True
    except Exception as error:  # whatever it is, the page must not say for ever that it is being made
        log.warning("export %s not made: %s", job_id, type(error).__name__)
        db.session.rollback()
        services.fail(db.session, job_id)
        db.session.commit()
        return False
    finally:
        db.session.remove()


def sweep() -> int:
    """Forgets expired exports and takes up lost ones; returns how many were forgotten."""
    try:
        forgotten = services.sweep(db.session, current_app.extensions["gateways"].storage, now=business_now())
        db.session.commit()
        return forgotten
    finally:
        db.session.remove()
