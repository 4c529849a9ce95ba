"""Jobs about the outbox."""

from __future__ import annotations

from flask import current_app

from app.extensions import business_now, db
from app.messages import services


def deliver(message_id: int) -> bool:
    """Sends one waiting SMS; what fails for now still waits, and `deliver_waiting` tries it again."""
    gateway, now = current_app.extensions["gateways"].sms, business_now()
    try:
        sent = services.deliver(db.session, message_id, gateway, now=now)
        db.session.commit()
        return sent
    finally:
        db.session.remove()


def deliver_waiting() -> int:
    """Sends what waits, oldest first; returns how many went out."""
    return sum(deliver(message_id) for message_id in _waiting())


def _waiting() -> list[int]:
    try:
        return services.waiting(db.session)
    finally:
        db.session.remove()
