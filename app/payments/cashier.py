"""The page of the simulated payment provider: part of the demonstration, never of production. It reports a payment as a
real provider does, by a signed request to the callback's address."""

from __future__ import annotations

import secrets
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import abort, current_app, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.gateways.payment import OrderClosed, PaymentNotice, PaymentUnavailable, UnknownOrder
from app.gateways.payment.simulated import CashierOrder, SimulatedCashier
from app.payments.services import yuan
from app.web.views import TaskView

DELIVERY_SECONDS = 10


@dataclass(frozen=True)
class Delivery:
    """How the platform answered a callback; `status` 0 if it could not be reached."""

    status: int

    @property
    def accepted(self) -> bool:
        return self.status == 200


def deliver(url: str, headers: dict[str, str], body: bytes) -> Delivery:
    """One signed callback, over HTTP."""
    try:
        asked = urllib.request.Request(url, data=body, headers=headers, method="POST")
        # Straight there: a proxy of the environment would not know this machine.
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(asked, timeout=DELIVERY_SECONDS) as answer:
            return Delivery(answer.status)
    except urllib.error.HTTPError as error:
        return Delivery(error.code)
    except OSError:
        return Delivery(0)


class CashierView(TaskView):
    """收银台（模拟）."""

    route_base = "/demo/cashier"
    default_view = "cashier"
    shell = "public"

    @expose("/<number>")
    def cashier(self, number: str) -> Any:
        _gateway, order = self._order(number)
        return self._page(order)

    @expose("/<number>/pay", methods=["POST"])
    def pay(self, number: str) -> Any:
        """Pays, or, for a paid order, delivers its callback once more; `again` makes a second, real payment."""
        gateway, order = self._order(number)
        try:
            if "again" in request.form and order.state.transaction_id is not None:
                twice = PaymentNotice(
                    number, order.amount_fen, f"SIM{secrets.token_hex(12)}", datetime.now(UTC).replace(microsecond=0)
                )
                headers, body = gateway.signed(twice)
            else:
                headers, body = gateway.pay(number)
        except OrderClosed:
            return self.done(
                _("二维码已过期，请回到缴费页面，用新的二维码付款。"),
                url_for("CashierView.cashier", number=number, t=request.args.get("t", "")), "warning",
            )
        except PaymentUnavailable:
            return self.done(
                _("收银台暂时不能使用，没有付款，请稍后再试。"),
                url_for("CashierView.cashier", number=number, t=request.args.get("t", "")), "warning",
            )
        delivery = deliver(order.notify_url, headers, body)
        return self._page(self._order(number)[1], delivery, again="again" in request.form)

    def _order(self, number: str) -> tuple[SimulatedCashier, CashierOrder]:
        """404 outside the demonstration, and for who did not come by the QR code."""
        gateway = current_app.extensions["gateways"].payment
        config = current_app.config
        if not (config["DEMO"] and config["PAYMENT"] == "simulated" and isinstance(gateway, SimulatedCashier)):
            abort(404)
        if not gateway.check_token(number, request.args.get("t", "")):
            abort(404)
        try:
            return gateway, gateway.order(number)
        except (UnknownOrder, PaymentUnavailable):
            abort(404)

    def _page(self, order: CashierOrder, delivery: Delivery | None = None, again: bool = False) -> Any:
        return self.page(
            "payments/cashier.html", order=order, amount=yuan(order.amount_fen), delivery=delivery, again=again,
            token=request.args.get("t", ""),
        )
