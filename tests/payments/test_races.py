"""What PostgreSQL does when two settle one order in the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.applications.models import Application, HistoryRow
from app.applications.services import fire
from app.applications.withdrawing import AlreadyAsked, ask_withdrawal
from app.gateways.payment import PaymentNotice
from app.payments import services
from app.payments.models import FeeOrder, OrderStatus, Payment
from app.payments.refunding import unfinished
from app.payments.services import Booking
from app.workflow.actions import Action
from app.workflow.actor import Actor
from app.workflow.machine import Move, MoveRefused
from app.workflow.states import Party, State

pytestmark = [
    pytest.mark.requirement("A13"),
    pytest.mark.parametrize("database", ["postgresql"], indirect=True),
]


def at_once(app, database, *verbs: Callable[[Session], Any]) -> list[Any]:
    """Runs each verb in its own thread and session, started together, each committed; their answers in order."""
    gate, answers = threading.Barrier(len(verbs)), [None] * len(verbs)

    def run(place: int, verb: Callable[[Session], Any]) -> None:
        with app.app_context(), Session(database.engine) as session:
            gate.wait(5)
            answers[place] = verb(session)
            session.commit()

    threads = [threading.Thread(target=run, args=(place, verb)) for place, verb in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return answers


def notice(order: FeeOrder, transaction: str) -> PaymentNotice:
    return PaymentNotice(order.number, order.amount_fen, transaction, datetime.now(UTC))


def booking(wanted: PaymentNotice) -> Callable[[Session], Booking]:
    return lambda session: services.book(session, wanted, now=datetime.now(UTC))


def moves(session, due) -> list[Action]:
    return list(session.scalars(sa.select(HistoryRow.action).where(HistoryRow.application_id == due.application.id)))


def test_of_two_payments_in_one_moment_one_is_booked_and_one_goes_back(app, database, session, due):
    first, second = notice(due.order, "T1"), notice(due.order, "T2")
    answers = at_once(app, database, booking(first), booking(second))
    assert sorted(answers) == [Booking.BOOKED, Booking.FOR_REFUND]
    session.expire_all()
    assert moves(session, due) == [Action.SETTLE]
    assert sorted(session.scalars(sa.select(Payment.booked))) == [False, True]


def test_one_payment_reported_four_times_in_one_moment_is_one_payment(app, database, session, due):
    same = notice(due.order, "T1")
    answers = at_once(app, database, *[booking(same)] * 4)
    assert sorted(answers) == [Booking.BOOKED, *[Booking.REPEATED] * 3]
    assert session.scalar(sa.select(sa.func.count()).select_from(Payment)) == 1


def test_a_payment_and_the_end_of_the_term_leave_one_of_the_two(app, database, session, due):
    late, order_id = due.order.due_at + timedelta(seconds=1), due.order.id

    def end(own: Session) -> bool:
        return services.lapse(own, own.get_one(FeeOrder, order_id), now=late)

    booked, lapsed = at_once(app, database, booking(notice(due.order, "T1")), end)
    session.expire_all()
    assert (booked is Booking.BOOKED) != lapsed
    ends = {True: (OrderStatus.LAPSED, State.LAPSED), False: (OrderStatus.PAID, State.READY)}
    assert (due.order.status, due.application.state) == ends[lapsed]
    assert moves(session, due) == [Action.LAPSE if lapsed else Action.SETTLE]


@pytest.mark.requirement("A13")
def test_of_a_payment_and_a_withdrawal_in_one_moment_the_money_is_booked_or_goes_back(app, database, session, due):
    asker = Actor(Party.APPLICANT, person_id=due.applicant.id)
    now, number = datetime.now(UTC), due.application.number
    ask_withdrawal(session, due.application, asker, reason="调动", version=due.application.version, now=now)
    session.commit()
    committee = Actor(Party.BODY, body_id=due.town.committee.id, name="评委会")

    def withdraw(own: Session) -> bool:
        row = own.scalars(sa.select(Application).where(Application.number == number)).one()
        try:
            fire(own, row, committee, Action.WITHDRAW, now=now, move=Move(reason="同意"))
        except MoveRefused:
            own.rollback()
            return False
        own.commit()
        return True

    booked, withdrawn = at_once(app, database, booking(notice(due.order, "T1")), withdraw)
    session.expire_all()
    assert len(moves(session, due)) == (booked is Booking.BOOKED) + withdrawn >= 1
    assert due.application.state is (State.WITHDRAWN if withdrawn else State.READY)
    assert list(unfinished(session)) == ([due.order.id] if withdrawn else [])


@pytest.mark.requirement("A11")
def test_of_two_requests_to_withdraw_in_one_moment_one_is_made(app, database, session, due):
    asker, number = Actor(Party.APPLICANT, person_id=due.applicant.id), due.application.number

    def ask(own: Session) -> bool:
        row = own.scalars(sa.select(Application).where(Application.number == number)).one()
        try:
            ask_withdrawal(own, row, asker, reason="调动", version=row.version, now=datetime.now(UTC))
        except AlreadyAsked:
            own.rollback()
            return False
        return True

    assert sorted(at_once(app, database, ask, ask)) == [False, True]
