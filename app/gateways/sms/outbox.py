"""The demonstration's provider: it accepts every message and delivers none.

What the demonstration shows on its page is the row of the outbox table from which the message was sent.
"""

from __future__ import annotations

import secrets

from app.gateways.sms import SmsRefused
from app.gateways.sms.numbers import is_mobile


class OutboxOnlySms:
    """Keeps nothing, so that no phone number exists outside the encrypted column."""

    def send(self, phone: str, text: str) -> str:
        if not is_mobile(phone):
            raise SmsRefused("not a mainland mobile number")
        return f"outbox-{secrets.token_hex(8)}"
