"""修改姓名和证件, once something was submitted: the applicant asks, sees how it stands, and may take it back."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.accounts import edge, neighbours
from app.accounts.services import IdTaken, identity_is_fixed
from app.catalogue.lists import CodeList
from app.catalogue.queries import code_name
from app.extensions import business_now, db
from app.identities import papers, queries, services, wording
from app.identities.forms import ChangeForm
from app.identities.models import ChangeState
from app.web.scoping import current_actor, current_person
from app.web.views import TaskView

KINDS = (services.DOCUMENT, services.PROOF)


class IdentityChangeView(TaskView):
    """Everything here is the applicant's own."""

    route_base = "/account/identity-change"
    default_view = "ask"
    shell = "person"
    limits = [edge.per_address("60 per minute", "POST")]

    @expose("/", methods=["GET", "POST"])
    @has_access
    @permission_name("ask")
    def ask(self) -> Any:
        person = current_person()
        if not identity_is_fixed(db.session, person):
            return redirect(url_for("AccountView.identity"))
        form, errors = self._form(), {}
        if form.validate_on_submit() and form.names_number(person.id_type):
            refused = self._asked(form)
            if refused is None:
                return self.done(_("申请已提交，审核结果会发短信告诉您。"), url_for(".ask"))
            if isinstance(refused, services.AlreadyOpen):
                return self.done(wording.sentence(refused), url_for(".ask"), "warning")
            errors = self._say(form, refused)
        return self._page(form, errors)

    def _form(self) -> ChangeForm:
        person = current_person()
        form = ChangeForm(obj=None, data={"name": person.name, "id_type": person.id_type or "ID"})
        form.offer(neighbours.current().id_kinds(db.session, person.id_type or ""), business_now())
        return form

    def _asked(self, form: ChangeForm) -> Exception | None:
        """None when the request stands; otherwise why not."""
        person, held = current_person(), papers.waiting(_place())
        try:
            services.ask(
                db.session, person, current_actor(), name=form.name.data, id_type=form.id_type.data,
                id_no=form.id_no.data or person.id_no or "", reason=form.reason.data,
                papers={kind: taken for kind, taken in held.all().items() if kind in KINDS}, now=business_now(),
            )  # fmt: skip
            db.session.commit()
        except (services.Unchanged, services.PaperMissing, services.AlreadyOpen, IdTaken) as error:
            db.session.rollback()
            return error
        held.claim()
        return None

    def _say(self, form: ChangeForm, error: Exception) -> dict[str, str]:
        """The sentence at its field, or at the paper that is missing."""
        if isinstance(error, services.PaperMissing):
            return {error.kind: wording.sentence(error)}
        form.refuse("id_no" if isinstance(error, IdTaken) else "name", wording.sentence(error))
        return {}

    def _page(self, form: ChangeForm, errors: dict[str, str]) -> Any:
        person = current_person()
        earlier = queries.changes_of(db.session, person.id)
        waits = next((each for each in earlier if each.state is ChangeState.OPEN), None)
        held = papers.waiting(_place()).all()
        return self.page(
            "identities/ask.html", title=_("申请修改姓名和证件"), person=person, form=form, waits=waits,
            earlier=[each for each in earlier if each is not waits], badge=wording.badge, names=papers.NAMES,
            papers=papers.rows(KINDS, held, lambda kind: url_for(".paper", kind=kind), errors),
            id_type=code_name(db.session, CodeList.ID_TYPE, waits.id_type) if waits else "",
            status=422 if form.errors or errors else 200,
        )  # fmt: skip

    @expose("/papers/<string:kind>", methods=["GET", "POST"])
    @has_access
    @permission_name("ask")
    def paper(self, kind: str) -> Any:
        """POST: a paper for the form, kept for an hour; GET: shown in the page."""
        if kind not in KINDS:
            abort(404)
        if request.method == "POST":
            return papers.take(_place(), kind, url_for(".paper", kind=kind))
        return papers.show_waiting(_place(), kind)

    @expose("/withdraw", methods=["POST"])
    @has_access
    @permission_name("ask")
    def withdraw(self) -> Any:
        asked = queries.open_change(db.session, current_person().id) or abort(404)
        try:
            services.withdraw(db.session, asked, current_actor(), now=business_now())
            db.session.commit()
        except services.AlreadyDecided as error:
            db.session.rollback()
            return self.done(wording.sentence(error), url_for(".ask"), "warning")
        return self.done(_("申请已撤回，姓名和证件号码没有变动。"), url_for(".ask"))


def _place() -> str:
    return f"identity:{current_person().id}"
