"""What becomes of the fee of a withdrawn application: a due order is closed, a paid one refunded unless the application
was in a meeting already. All of it after the commit of the withdrawal, by a job that is asked for again every minute."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.applications.models import Application, HistoryRow
from app.applications.withdrawing import REFUNDED_FROM
from app.audit.services import record
from app.gateways.payment import PaymentGateway, RefundRefused, RefundStatus, UnknownOrder
from app.messages.services import enqueue_after_commit, tell
from app.payments import queries
from app.payments.models import FeeOrder, OrderStatus
from app.payments.services import lock, reconcile, yuan
from app.words import N_
from app.workflow.actions import Action
from app.workflow.actor import PAYMENT
from app.workflow.events import Happened
from app.workflow.states import State

JOB = "app.jobs.payments.end_withdrawn"
REASON = N_("申报已撤回，退还评审费")
OPEN = (OrderStatus.DUE, OrderStatus.REFUND_DUE, OrderStatus.REFUND_FAILED)
RESULTS = {OrderStatus.REFUNDED: "done", OrderStatus.REFUND_FAILED: "failed"}  # for the log
WAITING = (OrderStatus.REFUND_DUE, OrderStatus.REFUND_FAILED)


def end_fee(session: Session, happened: Happened) -> None:
    """Reaction to a withdrawal. Only asks for the job: whoever settles an order locks it before the application, which
    the withdrawal has locked already."""
    enqueue_after_commit(session, JOB)


def unfinished(session: Session) -> Sequence[int]:
    """The ids of orders of withdrawn applications that are to be closed or refunded."""
    before_meeting = (
        sa.select(HistoryRow.id)
        .where(
            HistoryRow.application_id == FeeOrder.application_id,
            HistoryRow.action == Action.WITHDRAW,
            HistoryRow.from_state.in_(REFUNDED_FROM),
        )
        .exists()
    )
    return session.scalars(
        sa.select(FeeOrder.id)
        .join(Application, Application.id == FeeOrder.application_id)
        .where(
            Application.state == State.WITHDRAWN,
            sa.or_(FeeOrder.status.in_(OPEN), sa.and_(FeeOrder.status == OrderStatus.PAID, before_meeting)),
        )
        .order_by(FeeOrder.id)
    ).all()


def close(session: Session, order: FeeOrder, gateway: PaymentGateway, *, now: datetime) -> None:
    """Ends an `unfinished` order: cancelled if nothing was paid, else due for refund. The provider is asked first: a
    payment whose callback was lost is paid back too. Raises PaymentUnavailable."""
    reconcile(session, gateway, order, now=now)
    lock(session, order)
    if order.status is OrderStatus.PAID or (
        order.status is OrderStatus.DUE and queries.payments_of(session, order)
    ):
        order.status = OrderStatus.REFUND_DUE
    elif order.status is OrderStatus.DUE:
        order.status = OrderStatus.CANCELLED
    session.flush()


def refund(session: Session, order: FeeOrder, gateway: PaymentGateway, *, now: datetime) -> bool:
    """Asks the provider to pay back what is due for refund, and tells the applicant when that is done; True then, once.
    Asked again it answers the same, so a lost answer costs nothing. Raises PaymentUnavailable."""
    if order.status not in WAITING:
        return False
    paid = queries.payments_of(session, order)[0]
    try:
        answer = gateway.refund(order.number, paid.transaction_id, paid.amount_fen, REASON)
        status = OrderStatus.REFUNDED if answer.status is RefundStatus.DONE else OrderStatus.REFUND_DUE
    except (RefundRefused, UnknownOrder):
        status = OrderStatus.REFUND_FAILED
    lock(session, order)
    if order.status not in WAITING or order.status is status:
        return False
    order.status = status
    session.flush()
    record(
        session, PAYMENT, "refund", "fee_order", order.id, now=now, amount_fen=paid.amount_fen,
        result=RESULTS.get(status, "for_refund"),
    )
    if status is not OrderStatus.REFUNDED:
        return False
    tell(
        session, session.get_one(Person, session.get_one(Application, order.application_id).applicant_id),
        template="REFUNDED", now=now, application_id=order.application_id, amount=yuan(paid.amount_fen),
    )
    return True
