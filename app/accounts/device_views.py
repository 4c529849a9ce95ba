"""登录设备: where the person is logged in, and ending it."""

from __future__ import annotations

from typing import Any

from flask import current_app, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.accounts import edge, sessions
from app.accounts.asking import knows_password
from app.accounts.devices import device_words, place_words
from app.accounts.forms import AgainForm
from app.audit.services import record
from app.extensions import business_now, db
from app.web.rows import key_of
from app.web.scoping import current_actor, current_person
from app.web.views import TaskView
from app.workflow.states import Party


class DevicesView(TaskView):
    """Everybody's own sessions; one, some or all others end, against the password."""

    route_base = "/account/devices"
    default_view = "devices"
    limits = [edge.per_address("60 per minute", "POST")]

    @expose("/", methods=["GET", "POST"])
    @has_access
    @permission_name("devices")
    def devices(self) -> Any:
        form, here = AgainForm(), sessions.token_digest(edge.token())
        live = sessions.live(
            db.session, current_person(), limits=current_app.extensions["session_limits"], now=edge.machine_now()
        )
        others = [each for each in live if each.token_digest != here]
        # what is not one of the own live sessions is nothing: a number made up, or a session that has ended since
        ticked = {key_of(text) for text in request.form.getlist("device")} & {each.id for each in others}
        if form.is_submitted():
            chosen = {each.id for each in others} if "all" in request.form else ticked
            if form.validate() and self._some(form, chosen) and knows_password(form):
                return self._end(chosen)
        return self.page(
            "accounts/devices.html", shell="person" if current_person().kind is Party.APPLICANT else "staff", form=form,
            current=next((each for each in live if each.token_digest == here), None), others=others, ticked=ticked,
            device=device_words, place=lambda address: place_words(address, edge.address()),
        )  # fmt: skip

    def _end(self, ids: set[int]) -> Any:
        person, actor = current_person(), current_actor()
        sessions.end_chosen(db.session, person, ids, reason="device", now=edge.machine_now())
        record(db.session, actor, "end_sessions", "person", person.id, now=business_now(), count=len(ids))
        db.session.commit()
        return self.done(_("已退出 %(count)s 个登录。", count=len(ids)), url_for(".devices"))

    def _some(self, form: AgainForm, chosen: set[int]) -> bool:
        if not chosen:
            form.form_errors.append(_("请先勾选要退出的登录；已经自行退出的不再列出。"))
        return bool(chosen)
