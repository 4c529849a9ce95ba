"""Jobs about uploaded files."""

from __future__ import annotations

from flask import current_app


def sweep_unfinished() -> int:
    """Deletes what a killed process left half written; returns how many files."""
    return current_app.extensions["gateways"].storage.sweep()
