"""The applicant's payment page, and the fee orders that a review body or the office sees."""

from __future__ import annotations

import io
from contextlib import suppress
from datetime import datetime
from typing import Any

import segno
from flask import Response, abort, current_app, make_response, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from app.applications import queries as applications
from app.applications.models import Application
from app.applications.services import offers
from app.extensions import db
from app.gateways.documents import DocumentError
from app.gateways.payment import PaymentUnavailable
from app.payments import queries, services
from app.payments.forms import ReasonForm
from app.payments.models import FeeOrder, OrderStatus
from app.payments.services import NotDue, yuan
from app.payments.wording import REFUND_NAMES, STATUS_NAMES, refused
from app.web.rows import GridRows
from app.web.scoping import current_actor, current_person
from app.web.views import Grid, Tab, TaskView
from app.workflow.actions import Action
from app.workflow.machine import MoveRefused
from app.workflow.states import Party, State


def _now() -> datetime:
    return current_app.extensions["clock"].now()


class PaymentView(TaskView):
    """网上缴费, for the applicant's own applications only."""

    route_base = "/my"
    default_view = "pay"
    shell = "person"

    @expose("/<number>/pay/")
    @has_access
    @permission_name("pay")
    def pay(self, number: str) -> Any:
        application, order = self._own(number)
        away = False
        try:
            self._show_code(order, application)
        except PaymentUnavailable:
            db.session.rollback()
            away = True
        db.session.refresh(order)
        return self.page(
            "payments/pay.html", application=application, order=order, away=away, amount=yuan(order.amount_fen),
            payer=current_person().name, S=OrderStatus, now=_now(), withdrawn=application.state is State.WITHDRAWN,
            booked=next((paid for paid in queries.payments_of(db.session, order) if paid.booked), None),
        )

    @expose("/<number>/pay/code.svg")
    @has_access
    @permission_name("pay")
    def code(self, number: str) -> Response:
        application, order = self._own(number)
        if order.status is not OrderStatus.DUE or not order.code_url or application.state is State.WITHDRAWN:
            abort(404)
        picture = io.BytesIO()
        segno.make(order.code_url, error="m").save(picture, kind="svg", scale=4, border=2)
        answer = make_response(picture.getvalue())
        answer.headers |= {"Content-Type": "image/svg+xml", "Cache-Control": "no-store"}
        return answer

    @expose("/<number>/pay/status/")
    @has_access
    @permission_name("pay")
    def status(self, number: str) -> Response:
        """The live part of the page; it asks the provider too, so that a lost callback is not waited for."""
        _application, order = self._own(number)
        now, away = _now(), False
        try:
            services.reconcile(db.session, current_app.extensions["gateways"].payment, order, now=now)
            db.session.commit()
        except PaymentUnavailable:
            db.session.rollback()
            away = True
        db.session.refresh(order)
        answer = make_response(self.render_template("payments/status.html", order=order, away=away))
        expired = order.code_expires_at is not None and order.code_expires_at <= now
        if order.status is not OrderStatus.DUE or (expired and not away):
            answer.headers["X-Poll"] = "reload"
        return answer

    @expose("/<number>/pay/receipt.pdf")
    @has_access
    @permission_name("pay")
    def receipt(self, number: str) -> Any:
        application, order = self._own(number)
        booked = next((paid for paid in queries.payments_of(db.session, order) if paid.booked), None)
        if order.status is not OrderStatus.PAID or booked is None:
            return self.done(
                _("这笔费用现在没有缴费凭据。"), url_for("PaymentView.pay", number=number), "warning"
            )
        try:
            data = current_app.extensions["gateways"].documents.payment_receipt(
                services.receipt(application, order, booked, payee=current_app.config["SITE_SPONSOR"])
            )
        except DocumentError:
            current_app.logger.exception("not printed")
            return self.done(
                _("现在不能生成打印件，请过几分钟再试。"), url_for("PaymentView.pay", number=number), "warning"
            )
        answer = Response(data, mimetype="application/pdf")
        answer.headers.set("Content-Disposition", "inline", filename=f"{order.receipt_no}.pdf")
        return answer

    def _own(self, number: str) -> tuple[Application, FeeOrder]:
        """The person's own application with its newest order; 404 for anybody else's, or while nothing is due."""
        actor = current_actor()
        if actor.party is not Party.APPLICANT:
            abort(404)
        try:
            application = applications.get(db.session, actor, number)
        except applications.NotVisible:
            abort(404)
        return application, queries.latest_of(db.session, application) or abort(404)

    def _show_code(self, order: FeeOrder, application: Application) -> None:
        if application.state is State.WITHDRAWN:
            return  # its order is closed in a moment
        subject = _("%(title)s评审费", title=application.title_name)
        notify_url = current_app.config["PUBLIC_BASE_URL"] + url_for("CallbackView.callback")
        with suppress(NotDue):  # the page says how the order stands
            services.renew_code(
                db.session, order, current_app.extensions["gateways"].payment,
                subject=subject, notify_url=notify_url, now=_now(),
            )
        db.session.commit()


class FeeGrid(Grid):
    """缴费单 of the applications that a body or the office sees."""

    datamodel = GridRows(
        FeeOrder, eager=[joinedload(FeeOrder.application).joinedload(Application.unit)]
    )
    route_base = "/fees"
    scope = staticmethod(queries.visible_to)
    list_title = _l("缴费")
    page_intro = _l("点缴费单号可查看付款记录，办理免缴或恢复缴费。")
    list_columns = [
        "number", "application.applicant_name", "application.title_name", "yuan", "status", "due_at", "paid_at",
    ]
    mobile_columns = ("application.applicant_name", "yuan", "status", "due_at")
    label_columns = {
        "number": _l("缴费单号"), "application.applicant_name": _l("姓名"), "application.title_name": _l("拟评资格"),
        "yuan": _l("金额（元）"), "status": _l("状态"), "due_at": _l("缴费截止"), "paid_at": _l("缴费时间"),
    }
    formatters_columns = {"status": lambda status: STATUS_NAMES[status]}
    order_columns = ["number"]
    search_columns = ["number"]
    tab_column = "status"
    tabs = (
        Tab("due", _l("待缴费"), (OrderStatus.DUE.value,)),
        Tab("paid", _l("已缴费"), (OrderStatus.PAID.value,)),
        Tab("refund", _l("退费"), ("refund_due", "refund_failed", "refunded")),
        Tab("other", _l("免缴、逾期与取消"), ("waived", "lapsed", "cancelled")),
        Tab("all", _l("全部")),
    )
    base_permissions = ["can_list"]
    exclude_route_methods = Grid.exclude_route_methods | {"show"}

    def row_link(self, row: FeeOrder) -> str:
        return url_for("FeeView.order", number=row.number)


class FeeView(TaskView):
    """One fee order for staff: what was paid, 免缴, 恢复缴费."""

    route_base = "/fees"
    default_view = "order"

    @expose("/<number>/")
    @has_access
    @permission_name("read")
    def order(self, number: str) -> Any:
        return self._page(self._visible(number), ReasonForm(formdata=None))

    @expose("/<number>/waive/", methods=["POST"])
    @has_access
    @permission_name("waive")
    def waive(self, number: str) -> Any:
        return self._decide(number, services.waive, _("已办理免缴，材料进入待上会。"))

    @expose("/<number>/restore/", methods=["POST"])
    @has_access
    @permission_name("waive")
    def restore(self, number: str) -> Any:
        return self._decide(number, services.restore, _("已恢复缴费，并已通知申报人。"))

    def _decide(self, number: str, verb: Any, sentence: str) -> Any:
        order, form = self._visible(number), ReasonForm()
        if not form.validate():
            return self._page(order, form)
        try:
            verb(db.session, order, current_actor(), reason=form.reason.data.strip(), now=_now())
        except (NotDue, MoveRefused) as error:
            db.session.rollback()
            return self.done(refused(error), url_for("FeeView.order", number=number), "warning")
        db.session.commit()
        return self.done(sentence, url_for("FeeView.order", number=number))

    def _visible(self, number: str) -> FeeOrder:
        try:
            return queries.get(db.session, current_actor(), number)
        except queries.NoSuchOrder:
            abort(404)

    def _page(self, order: FeeOrder, form: ReasonForm) -> Any:
        offered = {
            offer.action for offer in offers(db.session, order.application, current_actor(), now=_now())
        }
        newest = queries.latest_of(db.session, order.application)
        return self.page(
            "payments/order.html", order=order, form=form, amount=yuan(order.amount_fen), names=STATUS_NAMES,
            payments=queries.payments_of(db.session, order), yuan=yuan, reasons=REFUND_NAMES, can_waive=Action.WAIVE in offered,
            can_restore=Action.RESTORE in offered and newest is not None and newest.id == order.id,
        )


