"""The address to which the payment provider reports a payment. Public, and the only page without a CSRF token: the
provider's signature stands in its place."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response, abort, current_app, request
from flask_appbuilder import expose

from app.extensions import csrf, db
from app.gateways.payment import ForgedCallback, StaleCallback
from app.payments.queries import NoSuchOrder
from app.payments.services import ForeignTransaction, book
from app.web.views import TaskView

MAX_BYTES = 64 * 1024


def _plain(text: str, status: int) -> Response:
    return Response(text, status, mimetype="text/plain")


class CallbackView(TaskView):
    """Answers in the provider's language: plain OK for what is on the books, also for a repeat."""

    route_base = "/payments"
    default_view = "callback"

    @expose("/callback", methods=["POST"])
    def callback(self) -> Response:
        body = request.stream.read(MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            abort(413)
        gateway = current_app.extensions["gateways"].payment
        try:
            # The stamp is judged by the machine's own time, as the provider's is.
            notice = gateway.parse_callback(request.headers, body, datetime.now(UTC))
            booking = book(db.session, notice, now=current_app.extensions["clock"].now())
        except (ForgedCallback, StaleCallback, ForeignTransaction) as error:
            db.session.rollback()
            current_app.logger.warning("payment callback refused: %s", type(error).__name__)
            return _plain("refused", 400)
        except NoSuchOrder:
            db.session.rollback()
            return _plain("no such order", 404)
        db.session.commit()
        current_app.logger.info("payment callback: %s", booking.value)
        return _plain("OK", 200)


# Flask-WTF knows a view by module and function name: nothing else in this module is called callback.
csrf.exempt(f"{__name__}.callback")
