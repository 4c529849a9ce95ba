"""The facts that fee orders know."""

from __future__ import annotations

import sqlalchemy as sa

from app.applications.facts import Provider, Question
from app.payments import queries
from app.payments.models import FeeOrder, OrderStatus
from app.workflow.facts import Fact


def amount_matches(question: Question) -> bool:
    """The amount in the move is that of the order being settled."""
    settled = (OrderStatus.DUE, OrderStatus.PAID)
    amount = question.session.scalar(
        sa.select(FeeOrder.amount_fen).where(
            FeeOrder.application_id == question.application.id, FeeOrder.status.in_(settled)
        )
    )
    return amount is not None and amount == question.move.amount_fen


def payment_term_over(question: Question) -> bool:
    order = queries.latest_of(question.session, question.application)
    return order is not None and order.due_at <= question.now


PROVIDERS: dict[Fact, Provider] = {
    Fact.AMOUNT_MATCHES: amount_matches,
    Fact.PAYMENT_TERM_OVER: payment_term_over,
}
