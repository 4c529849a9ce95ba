"""The page that asks for a code where somebody logs in from an unusual place."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import codes, edge
from app.accounts.codes import CodeRefused, Purpose, SendRefused
from app.accounts.forms import PlaceForm
from app.accounts.logging_in import log_in_proven, record_wrong_code, still_welcome
from app.accounts.models import Person
from app.accounts.returning import local_path
from app.accounts.services import send_code
from app.accounts.wording import sentence
from app.extensions import business_now, db
from app.web.views import TaskView


class PlaceView(TaskView):
    """The second half of 单位登录 at an unusual place: the code that was sent to the account's phone. Whoever opens it
    without having given the right password is sent to the first half.

    The captcha of the first half pays for every sending of the ten minutes that this page lives; the limits of codes hold.
    """

    route_base = "/org/login/place"
    default_view = "prove"
    shell = "public"
    limits = [edge.per_address("30 per minute", "POST")]

    @expose("/", methods=["GET", "POST"])
    def prove(self) -> Any:
        back, form = local_path(request.args.get("next")), PlaceForm()
        proving = edge.proving()
        person = still_welcome(db.session, *proving) if proving else None
        if person is None or not person.phone:
            return self.done(
                _("验证时间已过，请重新登录。"), url_for("OrgLoginView.login", next=back or None), "warning"
            )
        if "again" in request.form:
            flash(*send_place_code(person.phone))
            db.session.commit()
            return redirect(url_for(".prove", next=back or None))
        if form.validate_on_submit() and self._is_proven(form, person):
            return self._enter(person, back)
        return self.page("accounts/place.html", form=form, person=person, back=back)

    def _is_proven(self, form: PlaceForm, person: Person) -> bool:
        try:
            codes.redeem(edge.redis(), Purpose.PLACE, person.phone or "", form.code.data)
        except CodeRefused as error:
            record_wrong_code(db.session, person, address=edge.address(), now=edge.machine_now())
            form.refuse("code", error)
            db.session.commit()
            return False
        return True

    def _enter(self, person: Person, back: str) -> Response:
        token = log_in_proven(db.session, person, edge.place(), now=edge.machine_now())
        db.session.commit()
        edge.end_proving()
        edge.start_session(token)
        return edge.remember_device(redirect(back or url_for("HomeView.home")))


def send_place_code(phone: str) -> tuple[str, str]:
    """Sends the code of an unusual place; what to flash about it."""
    try:
        send_code(db.session, edge.redis(), Purpose.PLACE, phone, address=edge.address(), now=business_now())
    except SendRefused as error:
        return sentence(error), "warning"
    return _("验证码已发送，请查收短信；10 分钟内有效。"), "success"
