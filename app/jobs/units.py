"""Jobs about units."""

from __future__ import annotations

from flask import current_app

from app.units.pending import sweep


def forget_unclaimed_uploads() -> int:
    """Deletes the uploads of registrations that were never finished; returns how many files."""
    extensions = current_app.extensions
    return sweep(extensions["redis"], extensions["gateways"].storage)
