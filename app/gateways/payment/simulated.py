"""The demonstration's provider: a cashier whose page lives in this very site, with signed callbacks.

Its callbacks go the way of a real provider's: signed, checked by `parse_callback`, answered by the same
view.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

import redis

from app.gateways.payment import (
    AlreadyPaid,
    ForgedCallback,
    OrderClosed,
    OrderConflict,
    PaymentNotice,
    PaymentState,
    PaymentStatus,
    PaymentUnavailable,
    QrCode,
    RefundRefused,
    RefundState,
    RefundStatus,
    StaleCallback,
    UnknownOrder,
)

MAX_AGE_SECONDS = 300
TIMESTAMP, NONCE, SIGNATURE = "X-Cashier-Timestamp", "X-Cashier-Nonce", "X-Cashier-Signature"
_NUMBER = re.compile(r"[A-Za-z0-9-]{1,64}")


class Store(Protocol):
    """What is used of a Redis client: hashes, and `hsetnx` to let exactly one of several writers win."""

    def hgetall(self, name: str) -> Any: ...
    def hset(self, name: str, *, mapping: Any) -> Any: ...
    def hsetnx(self, name: str, key: str, value: str) -> Any: ...


@dataclass(frozen=True)
class CashierOrder:
    """What the cashier's page shows, and where it delivers the callback."""

    number: str
    amount_fen: int
    subject: str
    expires_at: datetime
    notify_url: str
    state: PaymentState


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class SimulatedCashier:
    """Implements PaymentGateway on a Redis shared by all processes; `clock` is the provider's own."""

    secret: bytes = field(repr=False)
    public_base_url: str
    store: Store = field(repr=False)
    clock: Callable[[], datetime] = _utc_now

    def __post_init__(self) -> None:
        if len(self.secret) < 32:
            raise ValueError("the cashier's secret has at least 32 bytes")

    def create_order(
        self, number: str, amount_fen: int, subject: str, expires_at: datetime, notify_url: str
    ) -> QrCode:
        if not _NUMBER.fullmatch(number) or amount_fen <= 0:
            raise ValueError("an order has a number of letters and digits, and costs something")
        with _reachable():
            self.store.hsetnx(_key(number), "amount_fen", str(amount_fen))
            known = self._row(number)
            if int(known["amount_fen"]) != amount_fen:
                raise OrderConflict(number, int(known["amount_fen"]), amount_fen)
            if "payment" in known:
                raise AlreadyPaid(number)
            facts = {"subject": subject, "expires_at": expires_at.isoformat(), "notify_url": notify_url}
            self.store.hset(_key(number), mapping=facts)
        url = f"{self.public_base_url.rstrip('/')}/demo/cashier/{number}?t={self._token(number)}"
        return QrCode(url, expires_at)

    def query(self, number: str) -> PaymentState:
        return self.order(number).state

    def refund(self, number: str, transaction_id: str, amount_fen: int, reason: str) -> RefundState:
        state = self.query(number)
        if state.transaction_id is None or state.transaction_id != transaction_id:
            raise RefundRefused(number, "no such transaction")
        if not 0 < amount_fen <= state.amount_fen:
            raise RefundRefused(number, "amount")
        asked = {"refund_id": f"SIMR{secrets.token_hex(12)}", "amount_fen": amount_fen}
        with _reachable():
            self.store.hsetnx(_key(number), "refund", json.dumps(asked))
            made = json.loads(self._row(number)["refund"])
        if made["amount_fen"] != amount_fen:
            raise RefundRefused(number, "another refund was made")
        return RefundState(RefundStatus.DONE, made["refund_id"], amount_fen)

    def parse_callback(self, headers: Mapping[str, str], body: bytes, now: datetime) -> PaymentNotice:
        sent = {name.lower(): value for name, value in headers.items()}
        stamp, nonce = sent.get(TIMESTAMP.lower(), ""), sent.get(NONCE.lower(), "")
        right = self._sign(stamp, nonce, body).encode()
        if not hmac.compare_digest(sent.get(SIGNATURE.lower(), "").encode("utf-8", "replace"), right):
            raise ForgedCallback("signature")
        try:
            age = int(now.timestamp()) - int(stamp)
            notice = _notice(body)
        except (ValueError, KeyError, TypeError) as error:
            raise ForgedCallback("content") from error
        if abs(age) > MAX_AGE_SECONDS:
            raise StaleCallback(age)
        return notice

    # What follows is the provider's own side, used by its page.

    def check_token(self, number: str, token: str) -> bool:
        """Whether `token` is the one in the order's `code_url`: strangers cannot walk through the numbers."""
        return hmac.compare_digest(self._token(number).encode(), token.encode("utf-8", "replace"))

    def order(self, number: str) -> CashierOrder:
        """Raises UnknownOrder."""
        with _reachable():
            row = self._row(number)
        if "expires_at" not in row:
            raise UnknownOrder(number)
        expires_at, amount = datetime.fromisoformat(row["expires_at"]), int(row["amount_fen"])
        if "payment" in row:
            payment = json.loads(row["payment"])
            status = PaymentStatus.REFUNDED if "refund" in row else PaymentStatus.PAID
            paid_at = datetime.fromisoformat(payment["paid_at"])
            state = PaymentState(status, amount, payment["transaction_id"], paid_at)
        else:
            over = self.clock() >= expires_at
            state = PaymentState(PaymentStatus.CLOSED if over else PaymentStatus.PENDING, amount)
        return CashierOrder(number, amount, row["subject"], expires_at, row["notify_url"], state)

    def pay(self, number: str) -> tuple[dict[str, str], bytes]:
        """Pays and returns the signed callback (headers, body) for `notify_url`.

        A paid order is not paid again: its callback is signed anew, as a provider does that got no answer.
        Raises UnknownOrder, OrderClosed.
        """
        order = self.order(number)
        if order.state.status is PaymentStatus.CLOSED:
            raise OrderClosed(number, order.expires_at)
        paid_at = self.clock().astimezone(UTC).replace(microsecond=0)
        made = {"transaction_id": f"SIM{secrets.token_hex(12)}", "paid_at": paid_at.isoformat()}
        with _reachable():
            self.store.hsetnx(_key(number), "payment", json.dumps(made))
            won = json.loads(self._row(number)["payment"])
        paid_at = datetime.fromisoformat(won["paid_at"])
        return self.signed(PaymentNotice(number, order.amount_fen, won["transaction_id"], paid_at))

    def signed(self, notice: PaymentNotice) -> tuple[dict[str, str], bytes]:
        """The callback for any notice, also one without an order behind it (second payment, wrong amount)."""
        facts = {
            "amount_fen": notice.amount_fen,
            "order_number": notice.order_number,
            "paid_at": notice.paid_at.isoformat(),
            "transaction_id": notice.transaction_id,
        }
        body = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
        stamp, nonce = str(int(self.clock().timestamp())), secrets.token_hex(16)
        headers = {"Content-Type": "application/json", TIMESTAMP: stamp, NONCE: nonce}
        return headers | {SIGNATURE: self._sign(stamp, nonce, body)}, body

    def _sign(self, stamp: str, nonce: str, body: bytes) -> str:
        # Lines, as at WeChat Pay: a signature for one purpose is never valid for the other (see _token).
        text = f"callback\n{stamp}\n{nonce}\n".encode("utf-8", "replace") + body
        return hmac.new(self.secret, text, hashlib.sha256).hexdigest()

    def _token(self, number: str) -> str:
        digest = hmac.new(self.secret, f"token\n{number}".encode("utf-8", "replace"), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:18]).decode()

    def _row(self, number: str) -> dict[str, str]:
        return {_text(name): _text(value) for name, value in self.store.hgetall(_key(number)).items()}


def _key(number: str) -> str:
    return f"simulated-cashier:order:{number}"


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _notice(body: bytes) -> PaymentNotice:
    facts = json.loads(body)
    paid_at = datetime.fromisoformat(facts["paid_at"])
    amount = facts["amount_fen"]
    if type(amount) is not int or paid_at.tzinfo is None:
        raise ValueError("not a notice")
    return PaymentNotice(str(facts["order_number"]), amount, str(facts["transaction_id"]), paid_at)


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except redis.exceptions.RedisError as error:
        raise PaymentUnavailable(type(error).__name__) from error
