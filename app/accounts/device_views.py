"""登录设备: where the person is logged in, and ending it; the usual places of staff, and forgetting them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.accounts import edge, places, sessions
from app.accounts.asking import knows_password
from app.accounts.devices import device_words, place_words
from app.accounts.forms import AgainForm
from app.accounts.models import LoginSession, UsualPlace
from app.audit.services import record
from app.extensions import business_now, db
from app.web.rows import key_of
from app.web.scoping import current_actor, current_person
from app.web.views import TaskView
from app.workflow.states import Party


class DevicesView(TaskView):
    """Everybody's own sessions; one, some or all others end, against the password. Staff forget usual places here too."""

    route_base = "/account/devices"
    default_view = "devices"
    limits = [edge.per_address("60 per minute", "POST")]

    @expose("/", methods=["GET", "POST"])
    @has_access
    @permission_name("devices")
    def devices(self) -> Any:
        person, now, here = current_person(), edge.machine_now(), sessions.token_digest(edge.token())
        live = sessions.live(db.session, person, limits=current_app.extensions["session_limits"], now=now)
        others, is_staff = [each for each in live if each.token_digest != here], person.kind is not Party.APPLICANT
        usual = places.usual(db.session, person, now=now) if is_staff else []
        form, forgetting = AgainForm(), AgainForm(prefix="places-")
        ticked, chosen = _ticked("device", others), _ticked("place", usual)
        if "forget" in request.form:
            if self._agreed(forgetting, chosen, _("请先勾选要忘记的登录地点。")):
                return self._forget(chosen)
        elif form.is_submitted():
            ending = {each.id for each in others} if "all" in request.form else ticked
            if self._agreed(form, ending, _("请先勾选要退出的登录；已经自行退出的不再列出。")):
                return self._end(ending)
        return self.page(
            "accounts/devices.html", shell="staff" if is_staff else "person", is_staff=is_staff, form=form,
            current=next((each for each in live if each.token_digest == here), None), others=others, ticked=ticked,
            device=device_words, place=lambda address: place_words(address, edge.address()),
            usual=usual, chosen=chosen, forgetting=forgetting, network=edge.place().network, days=places.KEPT.days,
        )  # fmt: skip

    def _agreed(self, form: AgainForm, chosen: set[int], nothing: str) -> bool:
        """Whether something is chosen and the password is right; if not, the form says so."""
        if form.validate() and not chosen:
            form.form_errors.append(nothing)
        return not form.errors and knows_password(form)

    def _end(self, ids: set[int]) -> Any:
        sessions.end_chosen(db.session, current_person(), ids, reason="device", now=edge.machine_now())
        return self._noted("end_sessions", ids, _("已退出 %(count)s 个登录。", count=len(ids)))

    def _forget(self, ids: set[int]) -> Any:
        places.forget(db.session, current_person(), ids)
        said = _("已忘记 %(count)s 个常用登录地点，下次从那里登录需要短信验证。", count=len(ids))
        return self._noted("forget_places", ids, said)

    def _noted(self, verb: str, ids: set[int], said: str) -> Any:
        actor = current_actor()
        record(db.session, actor, verb, "person", current_person().id, now=business_now(), count=len(ids))
        db.session.commit()
        return self.done(said, url_for(".devices"))


def _ticked(name: str, offered: Sequence[LoginSession] | Sequence[UsualPlace]) -> set[int]:
    """Which of the offered were ticked. What is not among them is nothing: a number made up, or what has ended since."""
    return {each.id for each in offered} & {key_of(text) for text in request.form.getlist(name)}
