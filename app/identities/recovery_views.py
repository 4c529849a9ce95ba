"""手机找回, for whoever looks after the applicants: from the list of people to the new phone."""

from __future__ import annotations

from typing import Any

from flask import abort, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from app.accounts import captcha, edge
from app.accounts.asking import captcha_passed, code_right, knows_password
from app.accounts.codes import Purpose
from app.accounts.forms import PhoneForm
from app.accounts.models import Person
from app.accounts.services import PhoneTaken
from app.extensions import business_now, db
from app.identities import papers, queries, services, wording
from app.identities.forms import RecoveryForm
from app.identities.models import PhoneRecovery, RecoveryState
from app.identities.views import KEY
from app.web.rows import GridRows
from app.web.scoping import current_actor, current_person
from app.web.views import LIST_ONLY, Grid, Tab, TaskView
from app.workflow.states import Party


class PeopleGrid(Grid):
    """申报人员: from here the office, and a body that approves identities, begins a recovery. A unit has 单位用户."""

    route_base = "/people"
    datamodel = GridRows(Person, eager=[joinedload(Person.unit)])
    scope = staticmethod(queries.looked_after_by)
    list_title = _l("申报人员")
    page_intro = _l("手机丢失、换号后登录不了的，点姓名核实身份后更换手机号。手机、证件号只显示一部分。")
    base_permissions = ["can_list"]
    exclude_route_methods = LIST_ONLY
    list_columns = ["name", "phone_masked", "id_no_masked", "unit.name", "created_at"]
    mobile_columns = ("phone_masked", "id_no_masked", "unit.name")
    label_columns = {
        "name": _l("姓名"), "phone_masked": _l("手机"), "id_no_masked": _l("证件号码"), "unit.name": _l("单位"),
        "created_at": _l("注册时间"),
    }  # fmt: skip
    search_columns = ["name", "created_at"]

    def row_link(self, row: Person) -> str:
        return url_for("PhoneRecoveryView.start", person_id=row.id)


class PhoneRecoveryGrid(Grid):
    route_base = "/recoveries"
    datamodel = GridRows(PhoneRecovery, eager=[joinedload(PhoneRecovery.person).joinedload(Person.unit)])
    scope = staticmethod(queries.recoveries_visible_to)
    list_title = _l("手机找回")
    page_intro = _l("为手机丢失的人员更换手机号的记录。新的办理从人员名单里点姓名开始。")
    tabs = (Tab("open", _l("待换号"), (RecoveryState.OPEN,)), Tab("all", _l("全部")))
    base_permissions = ["can_list"]
    exclude_route_methods = LIST_ONLY
    list_columns = ["person.name", "unit_name", "old_phone_masked", "phone_masked", "started_by", "started_at", "state"]
    mobile_columns = ("old_phone_masked", "phone_masked", "started_at", "state")
    label_columns = {
        "person.name": _l("姓名"), "unit_name": _l("单位"), "old_phone_masked": _l("原手机"), "phone_masked": _l("新手机"),
        "started_by": _l("办理"), "started_at": _l("开始时间"), "state": _l("状态"),
    }  # fmt: skip
    formatters_columns = {"state": wording.badge}
    search_columns = ["started_at"]

    def row_link(self, row: PhoneRecovery) -> str:
        return url_for("PhoneRecoveryView.show", recovery_id=row.id)


class PhoneRecoveryView(TaskView):
    """Two steps: a reason with a proof, then the new phone with the code that was sent to it."""

    route_base = "/recoveries"
    default_view = "show"
    limits = [edge.per_address("60 per minute", "POST")]

    @expose(f"/new/<{KEY}:person_id>/", methods=["GET", "POST"])
    @has_access
    @permission_name("start")
    def start(self, person_id: int) -> Any:
        person, form, errors = self._person(person_id), RecoveryForm(), {}
        if form.validate_on_submit() and knows_password(form):
            try:
                begun = self._start(person, form)
                return self.done(_("已记录。请让本人拿着新手机，接收验证码。"), url_for(".show", recovery_id=begun))
            except services.PaperMissing as error:
                errors = {error.kind: wording.sentence(error)}
            except (services.OwnCase, services.AlreadyOpen) as error:
                form.refuse("reason", wording.sentence(error))
            db.session.rollback()
        held = papers.waiting(_place(person_id)).all()
        return self.page(
            "identities/start.html", title=_("更换%(name)s的手机号", name=person.name), person=person, form=form,
            papers=papers.rows(("recovery",), held, lambda kind: url_for(".paper", person_id=person_id), errors),
            own=current_actor().party is Party.UNIT, status=422 if form.errors or errors else 200,
        )  # fmt: skip

    def _start(self, person: Person, form: RecoveryForm) -> int:
        """The id of the new recovery; raises what the service raises."""
        held = papers.waiting(_place(person.id))
        begun = services.start_recovery(
            db.session, person, current_actor(), reason=form.reason.data, proof=held.get("recovery"), now=business_now()
        )
        number = begun.id
        db.session.commit()
        held.claim()
        return number

    @expose(f"/new/<{KEY}:person_id>/paper", methods=["GET", "POST"])
    @has_access
    @permission_name("start")
    def paper(self, person_id: int) -> Any:
        """POST: the proof for the form, kept for an hour; GET: shown in the page."""
        place = _place(self._person(person_id).id)
        if request.method == "POST":
            return papers.take(place, "recovery", url_for(".paper", person_id=person_id))
        return papers.show_waiting(place, "recovery")

    @expose(f"/<{KEY}:recovery_id>/", methods=["GET", "POST"])
    @has_access
    @permission_name("start")
    def show(self, recovery_id: int) -> Any:
        begun, form = self._recovery(recovery_id), PhoneForm()
        is_open = begun.state is RecoveryState.OPEN
        if is_open and form.is_submitted() and self._proven(form, begun) and self._finished(recovery_id, form):
            done = _("手机号已更换，请本人用新手机在登录页点“忘记密码”设置新密码。")
            return self.done(done, url_for(".show", recovery_id=recovery_id))
        return self.page(
            "identities/recovery.html", title=_("%(name)s的手机找回", name=begun.person.name), begun=begun,
            form=form if is_open else None, badge=wording.badge(begun.state), names=papers.NAMES,
            paper=papers.stored(db.session, begun, services.PROOF),
            solved=captcha.is_solved(edge.redis(), edge.browser_id(), form.phone.data), status=422 if form.errors else 200,
        )  # fmt: skip

    def _proven(self, form: PhoneForm, begun: PhoneRecovery) -> bool:
        valid = form.validate()
        if form.phone.data and form.phone.data == begun.person.phone:
            form.refuse("phone", _("这就是现在的手机号；本人还在用它的，请直接用“忘记密码”重设密码。"))
            valid = False
        valid = captcha_passed(form) and valid
        return valid and knows_password(form) and code_right(form, Purpose.RECOVER)

    def _finished(self, recovery_id: int, form: PhoneForm) -> bool:
        try:
            services.finish_recovery(
                db.session, self._recovery(recovery_id), current_actor(), phone=form.phone.data, now=business_now(),
                hash_method=edge.hash_method(),
            )  # fmt: skip
            db.session.commit()
        except (services.AlreadyDecided, PhoneTaken) as error:
            db.session.rollback()
            taken = isinstance(error, PhoneTaken)
            form.refuse("phone", _("这个手机号已用于另一个账号，请换一个。") if taken else wording.sentence(error))
            return False
        return True

    @expose(f"/<{KEY}:recovery_id>/cancel", methods=["POST"])
    @has_access
    @permission_name("start")
    def cancel(self, recovery_id: int) -> Any:
        begun = self._recovery(recovery_id)
        try:
            services.cancel_recovery(db.session, begun, current_actor(), now=business_now())
            db.session.commit()
        except services.AlreadyDecided as error:
            db.session.rollback()
            return self.done(wording.sentence(error), url_for(".show", recovery_id=recovery_id), "warning")
        return self.done(_("已取消，手机号没有变动。"), url_for("PhoneRecoveryGrid.list"))

    @expose(f"/<{KEY}:recovery_id>/file", methods=["GET"])
    @has_access
    @permission_name("start")
    def file(self, recovery_id: int) -> Any:
        begun = self._recovery(recovery_id)
        return papers.show(papers.stored(db.session, begun, services.PROOF), begun.person_id)

    def _person(self, person_id: int) -> Person:
        try:
            return queries.person(db.session, current_actor(), person_id)
        except queries.NotVisible:
            abort(404)

    def _recovery(self, recovery_id: int) -> PhoneRecovery:
        try:
            return queries.recovery(db.session, current_actor(), recovery_id)
        except queries.NotVisible:
            abort(404)


def _place(person_id: int) -> str:
    return f"recovery:{person_id}:{current_person().id}"
