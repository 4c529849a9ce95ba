"""Jobs about fee orders: ask the provider about what may have been paid, end what was not."""

from __future__ import annotations

import logging

from flask import current_app

from app.extensions import business_now, db
from app.gateways.payment import PaymentUnavailable
from app.payments import queries, refunding, services
from app.payments.models import FeeOrder, OrderStatus

log = logging.getLogger(__name__)


def reconcile_due() -> int:
    """Asks about every due order whose code was shown; returns how many had been paid unnoticed. Stops quietly at a
    provider that is away: the next minute asks again."""
    gateway, now = current_app.extensions["gateways"].payment, business_now()
    found = 0
    try:
        for order_id in queries.shown_and_due(db.session):
            order = db.session.get_one(FeeOrder, order_id)
            found += services.reconcile(db.session, gateway, order, now=now) is services.Booking.BOOKED
            db.session.commit()
    except PaymentUnavailable:
        log.warning("the payment provider is away")
    finally:
        db.session.remove()
    return found


def lapse_overdue() -> int:
    """Ends orders whose term is over; returns how many."""
    gateway, now = current_app.extensions["gateways"].payment, business_now()
    try:
        return services.lapse_overdue(db.session, gateway, now=now).lapsed
    finally:
        db.session.remove()


def end_withdrawn() -> int:
    """Closes and refunds the orders of withdrawn applications; returns how many were refunded. What the provider cannot
    answer now is asked again the next minute."""
    gateway, now = current_app.extensions["gateways"].payment, current_app.extensions["clock"].now()
    refunded = 0
    try:
        for order_id in refunding.unfinished(db.session):
            order = db.session.get_one(FeeOrder, order_id)
            refunding.close(db.session, order, gateway, now=now)
            db.session.commit()
            refunded += refunding.refund(db.session, order, gateway, now=now)
            db.session.commit()
            if order.status is OrderStatus.REFUND_FAILED:
                log.warning("the payment provider refuses the refund of order %s", order_id)
    except PaymentUnavailable:
        log.warning("the payment provider is away")
    finally:
        db.session.remove()
    return refunded
