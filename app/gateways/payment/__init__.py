"""Paying by QR code: the protocol, its values and errors; one file per provider.
Not here: fee orders, their states, waivers and the answer to a second payment (app/payments)."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class PaymentStatus(enum.StrEnum):
    PENDING = "pending"
    PAID = "paid"
    CLOSED = "closed"  # the term is over and nothing was paid
    REFUNDED = "refunded"


class RefundStatus(enum.StrEnum):
    ACCEPTED = "accepted"  # under way at the provider
    DONE = "done"


@dataclass(frozen=True)
class QrCode:
    """`code_url` is what the QR code holds."""

    code_url: str
    expires_at: datetime


@dataclass(frozen=True)
class PaymentState:
    status: PaymentStatus
    amount_fen: int
    transaction_id: str | None = None
    paid_at: datetime | None = None


@dataclass(frozen=True)
class RefundState:
    status: RefundStatus
    refund_id: str
    amount_fen: int


@dataclass(frozen=True)
class PaymentNotice:
    """What a provider's callback says, once its signature was found good."""

    order_number: str
    amount_fen: int
    transaction_id: str
    paid_at: datetime


class PaymentError(Exception):
    """Base of everything a payment provider may answer."""


class ForgedCallback(PaymentError):
    """Signature missing or wrong, or the signed content is not a notice; `reason` is for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class StaleCallback(PaymentError):
    """Rightly signed, but too long ago or in the future."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"{seconds} s away")
        self.seconds = seconds


class UnknownOrder(PaymentError):
    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


class OrderConflict(PaymentError):
    """The number is already used for another amount."""

    def __init__(self, number: str, known_fen: int, asked_fen: int) -> None:
        super().__init__(f"{number}: {known_fen} is not {asked_fen}")
        self.number, self.known_fen, self.asked_fen = number, known_fen, asked_fen


class AlreadyPaid(PaymentError):
    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


class OrderClosed(PaymentError):
    """The term of the order is over."""

    def __init__(self, number: str, expired_at: datetime) -> None:
        super().__init__(number)
        self.number, self.expired_at = number, expired_at


class RefundRefused(PaymentError):
    """Nothing paid, another transaction, more than was paid, or another refund was made before."""

    def __init__(self, number: str, reason: str) -> None:
        super().__init__(f"{number}: {reason}")
        self.number, self.reason = number, reason


class PaymentUnavailable(PaymentError):
    """The provider could not be reached: the order is as it was, try again later."""


class PaymentGateway(Protocol):
    """Amounts are integer fen, moments aware. Every method may raise PaymentUnavailable."""

    def create_order(
        self, number: str, amount_fen: int, subject: str, expires_at: datetime, notify_url: str
    ) -> QrCode:
        """The QR code of a new order; again with the same number and amount it renews the term.

        `number` and `subject` hold no personal data. Raises OrderConflict, AlreadyPaid.
        """
        ...

    def query(self, number: str) -> PaymentState:
        """What the provider knows; heals a lost callback. Raises UnknownOrder."""
        ...

    def refund(self, number: str, transaction_id: str, amount_fen: int, reason: str) -> RefundState:
        """One refund an order, whole or in part; asked again for the same amount it answers the same.

        Raises UnknownOrder, RefundRefused.
        """
        ...

    def parse_callback(self, headers: Mapping[str, str], body: bytes, now: datetime) -> PaymentNotice:
        """The notice in a callback; raises ForgedCallback, StaleCallback.

        A replay within the allowed seconds passes. The caller refuses it: compares amount and order with its
        own row, locks it, and keeps transaction ids unique.
        """
        ...
