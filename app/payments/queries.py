"""Reading fee orders: through the applications that an actor sees, and by the number that the provider knows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.elements import ColumnElement

from app.applications import queries as applications
from app.applications.models import Application
from app.payments.models import FeeOrder, OrderStatus, Payment
from app.workflow.actor import Actor


class NoSuchOrder(Exception):
    """No fee order of that number, or none that this actor sees."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """A fee order is seen by whoever sees its application."""
    return FeeOrder.application_id.in_(sa.select(Application.id).where(applications.visible_to(actor)))


def get(session: Session, actor: Actor, number: str) -> FeeOrder:
    """The visible order with its application; raises NoSuchOrder."""
    found = session.scalar(
        sa.select(FeeOrder)
        .where(visible_to(actor), FeeOrder.number == number)
        .options(joinedload(FeeOrder.application).joinedload(Application.unit))
    )
    if found is None:
        raise NoSuchOrder(number)
    return found


def latest_of(session: Session, application: Application) -> FeeOrder | None:
    """The newest order: the older ones of a restored application have lapsed."""
    return session.scalar(
        sa.select(FeeOrder)
        .where(FeeOrder.application_id == application.id)
        .order_by(FeeOrder.id.desc())
        .limit(1)
    )


def due_of(session: Session, application: Application) -> datetime | None:
    """Until when the application's fee must be paid; None where none is due."""
    order = latest_of(session, application)
    return order.due_at if order is not None and order.status is OrderStatus.DUE else None


def payments_of(session: Session, order: FeeOrder) -> Sequence[Payment]:
    """Everything the provider reported for the order, the booked one first."""
    return session.scalars(
        sa.select(Payment).where(Payment.order_id == order.id).order_by(Payment.booked.desc(), Payment.id)
    ).all()


def shown_and_due(session: Session) -> Sequence[int]:
    """The ids of orders whose QR code was shown and that are not settled: those that a payment may have reached."""
    return session.scalars(
        sa.select(FeeOrder.id)
        .where(FeeOrder.status == OrderStatus.DUE, FeeOrder.code_expires_at.is_not(None))
        .order_by(FeeOrder.id)
    ).all()


def overdue(session: Session, now: datetime) -> Sequence[int]:
    """The ids of orders that are due and whose term is over."""
    return session.scalars(
        sa.select(FeeOrder.id)
        .where(FeeOrder.status == OrderStatus.DUE, FeeOrder.due_at <= now)
        .order_by(FeeOrder.id)
    ).all()
