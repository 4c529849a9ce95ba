"""The life of a fee order: opened, shown as a QR code, paid or waived or lapsed, and reconciled with the provider.

Whoever settles an order locks its row first and the application after it, so that of a callback, a second callback, a
waiver and the end of the term exactly one wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.applications.models import Application
from app.applications.services import fire
from app.audit.services import record
from app.catalogue.queries import workday_overrides
from app.catalogue.workdays import add_working_days
from app.gateways.documents import PaymentReceiptData
from app.gateways.payment import (
    AlreadyPaid,
    PaymentGateway,
    PaymentNotice,
    PaymentStatus,
    PaymentUnavailable,
    UnknownOrder,
)
from app.messages.services import tell
from app.payments import queries
from app.payments.models import FeeOrder, OrderStatus, Payment
from app.payments.queries import NoSuchOrder
from app.review_bodies.models import Campaign
from app.workflow.actions import Action
from app.workflow.actor import CLOCK, PAYMENT, Actor
from app.workflow.case import Move
from app.workflow.machine import MoveRefused
from app.workflow.states import State

BEIJING = ZoneInfo("Asia/Shanghai")
CODE_LIFE = timedelta(minutes=15)


class NotDue(Exception):
    """The order is settled, waived or lapsed, or its term is over: no code is shown for it."""

    def __init__(self, status: OrderStatus) -> None:
        super().__init__(status.value)
        self.status = status


class ForeignTransaction(Exception):
    """The transaction was already reported for another order, or with another amount: a replay, not a payment."""

    def __init__(self, transaction_id: str) -> None:
        super().__init__(transaction_id)
        self.transaction_id = transaction_id


class Refund(StrEnum):
    """Why money that came in is not booked and goes back."""

    PAID_BEFORE = "paid_before"
    NOT_DUE = "not_due"
    WRONG_AMOUNT = "wrong_amount"


class Booking(StrEnum):
    """What became of a reported payment."""

    BOOKED = "booked"
    REPEATED = "repeated"
    FOR_REFUND = "for_refund"


@dataclass(frozen=True)
class Lapsed:
    """What lapse_overdue did: how many lapsed, how many turned out to be paid, how many could not be asked about."""

    lapsed: int = 0
    paid: int = 0
    unknown: int = 0


def yuan(amount_fen: int) -> str:
    """480.00"""
    return f"{amount_fen // 100}.{amount_fen % 100:02d}"


def open_order(session: Session, application: Application, *, now: datetime) -> FeeOrder | None:
    """The order of a fee that falls due now, with its term; tells the applicant. None where nothing is to be paid."""
    if application.state is not State.AWAITING_PAYMENT or application.fee_fen <= 0:
        return None
    campaign = session.get_one(Campaign, application.campaign_id)
    earlier = session.scalar(
        sa.select(sa.func.count()).select_from(FeeOrder).where(FeeOrder.application_id == application.id)
    )
    order = FeeOrder(
        number=f"JF{application.number}" + (f"-{earlier + 1}" if earlier else ""),
        application_id=application.id,
        amount_fen=application.fee_fen,
        due_at=_due_at(session, now, campaign.payment_days),
        created_at=now,
    )
    session.add(order)
    session.flush()
    tell(
        session,
        session.get_one(Person, application.applicant_id),
        template="PAY",
        now=now,
        application_id=application.id,
        deadline=f"{order.due_at.astimezone(BEIJING):%Y-%m-%d}",
        title=application.title_name,
        amount=yuan(order.amount_fen),
    )
    return order


def _due_at(session: Session, now: datetime, working_days: int) -> datetime:
    """The last second, in Beijing, of the n-th working day after today."""
    today = now.astimezone(BEIJING).date()
    last = add_working_days(today, working_days, workday_overrides(session))
    return datetime.combine(last, time(23, 59, 59), BEIJING)


def renew_code(
    session: Session, order: FeeOrder, gateway: PaymentGateway, *, subject: str, notify_url: str, now: datetime
) -> None:
    """Gives the order a QR code that is valid now; keeps the one it has while that is.

    Raises NotDue, PaymentUnavailable. A provider that says it was paid already is asked and believed.
    """
    if order.status is not OrderStatus.DUE or now >= order.due_at:
        raise NotDue(order.status)
    if order.code_expires_at is not None and order.code_expires_at > now:
        return
    try:
        code = gateway.create_order(
            order.number, order.amount_fen, subject, min(now + CODE_LIFE, order.due_at), notify_url
        )
    except AlreadyPaid:
        reconcile(session, gateway, order, now=now)
        raise NotDue(order.status) from None
    order.code_url, order.code_expires_at = code.code_url, code.expires_at
    session.flush()


def book(session: Session, notice: PaymentNotice, *, now: datetime) -> Booking:
    """Books what the provider reports, once. Any later, late or wrong payment is kept for its refund and moves nothing.

    Raises NoSuchOrder, and ForeignTransaction for the replay of another order's payment.
    """
    order = session.scalar(sa.select(FeeOrder).where(FeeOrder.number == notice.order_number))
    if order is None:
        raise NoSuchOrder(notice.order_number)
    lock(session, order)
    known = session.scalar(sa.select(Payment).where(Payment.transaction_id == notice.transaction_id))
    if known is not None:
        if (known.order_id, known.amount_fen) != (order.id, notice.amount_fen):
            raise ForeignTransaction(notice.transaction_id)
        return Booking.REPEATED
    refund = _reason_for_refund(order, notice)
    if refund is None:
        refund = _settle(session, order, notice, now)
    session.add(
        Payment(
            order_id=order.id,
            transaction_id=notice.transaction_id,
            amount_fen=notice.amount_fen,
            paid_at=notice.paid_at,
            received_at=now,
            booked=refund is None,
            refund_reason=refund or "",
        )
    )
    session.flush()
    record(
        session, PAYMENT, "payment", "fee_order", order.id, now=now,
        result="for_refund" if refund else "done", amount_fen=notice.amount_fen,
    )
    return Booking.FOR_REFUND if refund else Booking.BOOKED


def lock(session: Session, order: FeeOrder) -> None:
    """Takes the order's row until the transaction ends, and reads it as the one before left it; an UPDATE that changes
    nothing locks it on SQLite and PostgreSQL alike."""
    session.execute(
        sa.update(FeeOrder)
        .where(FeeOrder.id == order.id)
        .values(status=FeeOrder.status)
        .execution_options(synchronize_session=False)
    )
    session.refresh(order)


def _application_of(session: Session, order: FeeOrder) -> Application:
    """As it stands now that the order is locked, not as it was when this session first read it."""
    return session.get_one(Application, order.application_id, populate_existing=True)


def _reason_for_refund(order: FeeOrder, notice: PaymentNotice) -> Refund | None:
    if order.status is OrderStatus.PAID:
        return Refund.PAID_BEFORE
    if order.status is not OrderStatus.DUE:
        return Refund.NOT_DUE
    return None if notice.amount_fen == order.amount_fen else Refund.WRONG_AMOUNT


def _settle(session: Session, order: FeeOrder, notice: PaymentNotice, now: datetime) -> Refund | None:
    """Marks the locked order paid and moves its application; the reason for a refund if that cannot be moved."""
    application = _application_of(session, order)
    try:
        with session.begin_nested():
            order.status, order.paid_at = OrderStatus.PAID, notice.paid_at
            order.receipt_no = "PJ" + order.number.removeprefix("JF")
            session.flush()
            fire(session, application, PAYMENT, Action.SETTLE, now=now, move=Move(amount_fen=notice.amount_fen))
    except MoveRefused:
        # Both were read inside the savepoint that is undone.
        session.expire(application)
        session.refresh(order)
        return Refund.NOT_DUE
    tell(
        session,
        session.get_one(Person, application.applicant_id),
        template="PAID",
        now=now,
        application_id=application.id,
        amount=yuan(order.amount_fen),
        receipt=order.receipt_no,
    )
    return None


def receipt(application: Application, order: FeeOrder, booked: Payment, *, payee: str) -> PaymentReceiptData:
    """What the receipt of a paid order says; the application with its applicant and campaign."""
    return PaymentReceiptData(
        receipt_number=order.receipt_no or "",
        order_number=order.number,
        transaction=booked.transaction_id,
        application_number=application.number,
        title=application.title_name,
        review_body=application.campaign.body.name,
        payer=application.applicant_name,
        id_number_masked=application.applicant.id_no_masked,
        payee=payee,
        amount_fen=order.amount_fen,
        paid_at=booked.paid_at,
    )


def reconcile(session: Session, gateway: PaymentGateway, order: FeeOrder, *, now: datetime) -> Booking | None:
    """Asks the provider about an order that is due and books what it says: a lost callback heals. None if nothing was
    paid. Raises PaymentUnavailable."""
    if order.status is not OrderStatus.DUE or order.code_expires_at is None:
        return None
    try:
        state = gateway.query(order.number)
    except UnknownOrder:
        return None
    if state.status is not PaymentStatus.PAID or state.transaction_id is None:
        return None
    paid_at = state.paid_at or now
    return book(session, PaymentNotice(order.number, state.amount_fen, state.transaction_id, paid_at), now=now)


def waive(session: Session, order: FeeOrder, actor: Actor, *, reason: str, now: datetime) -> None:
    """免缴: the fee is not asked for. Raises NotDue, and the machine's refusals."""
    lock(session, order)
    if order.status is not OrderStatus.DUE:
        raise NotDue(order.status)
    order.status, order.waiver_reason = OrderStatus.WAIVED, reason
    application = _application_of(session, order)
    fire(session, application, actor, Action.WAIVE, now=now, move=Move(reason=reason))


def restore(session: Session, order: FeeOrder, actor: Actor, *, reason: str, now: datetime) -> None:
    """恢复缴费 after the term: the application awaits payment again, with a new order (a reaction opens it)."""
    application = _application_of(session, order)
    fire(session, application, actor, Action.RESTORE, now=now, move=Move(reason=reason))


def lapse(session: Session, order: FeeOrder, *, now: datetime) -> bool:
    """Ends an order whose term is over, with its application; False if somebody was faster."""
    lock(session, order)
    if order.status is not OrderStatus.DUE or order.due_at > now:
        return False
    order.status = OrderStatus.LAPSED
    session.flush()
    fire(session, _application_of(session, order), CLOCK, Action.LAPSE, now=now)
    return True


def lapse_overdue(session: Session, gateway: PaymentGateway, *, now: datetime) -> Lapsed:
    """Lets every overdue order lapse, but asks the provider first: who paid in time loses nothing to a lost callback,
    and while the provider cannot be asked nobody's term ends. Commits after each order."""
    lapsed = paid = unknown = 0
    for order_id in queries.overdue(session, now):
        order = session.get_one(FeeOrder, order_id)
        try:
            if reconcile(session, gateway, order, now=now) is Booking.BOOKED:
                paid += 1
            elif lapse(session, order, now=now):
                lapsed += 1
            session.commit()
        except (PaymentUnavailable, MoveRefused):
            session.rollback()
            unknown += 1
    return Lapsed(lapsed, paid, unknown)
