"""Text messages to a phone: the protocol and its errors; one file per provider.
Not here: texts, limits, retries and the outbox table (app/messages)."""

from __future__ import annotations

from typing import Protocol


class SmsError(Exception):
    """A message did not leave; `reason` is the provider's word, never the phone number."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SmsRefused(SmsError):
    """The provider will never send this (bad number, blocked text): don't try again."""


class SmsUnavailable(SmsError):
    """The provider could not be reached or is busy: try again later."""


class SmsGateway(Protocol):
    def send(self, phone: str, text: str) -> str:
        """Hands over one message and returns the provider's message id; raises SmsRefused, SmsUnavailable.

        `phone` is a mainland number of 11 digits.
        """
        ...
