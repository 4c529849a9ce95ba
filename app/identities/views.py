"""身份变更 for whoever looks after the applicants: the unit's administrator, and bodies that approve identities, the
office first of all."""

from __future__ import annotations

from typing import Any

from flask import abort, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from app.accounts.models import Person
from app.accounts.services import IdTaken
from app.catalogue.lists import CodeList
from app.catalogue.queries import code_name
from app.extensions import business_now, db
from app.identities import papers, queries, services, wording
from app.identities.forms import RefusalForm
from app.identities.models import ChangeState, IdentityChange
from app.web.rows import GridRows
from app.web.scoping import current_actor, current_person
from app.web.views import LIST_ONLY, Grid, Tab, TaskView
from app.workflow.states import Party

KEY = "int(max=2147483647)"


def approves_identities() -> bool:
    """Whether these lists can hold anything for whoever is logged in."""
    person = current_person()
    return person.kind is not Party.BODY or (person.body is not None and person.body.approves_identities)


class IdentityChangeGrid(Grid):
    route_base = "/identity-changes"
    datamodel = GridRows(IdentityChange, eager=[joinedload(IdentityChange.person).joinedload(Person.unit)])
    scope = staticmethod(queries.changes_visible_to)
    list_title = _l("身份变更")
    page_intro = _l("提交过申报的人员修改姓名或证件号码，须核对证明材料后通过。")
    tabs = (Tab("open", _l("待审核"), (ChangeState.OPEN,)), Tab("all", _l("全部")))
    base_permissions = ["can_list"]
    exclude_route_methods = LIST_ONLY
    list_columns = ["old_name", "name", "old_id_no_masked", "id_no_masked", "unit_name", "asked_at", "state"]
    mobile_columns = ("name", "id_no_masked", "asked_at", "state")
    label_columns = {
        "old_name": _l("原姓名"), "name": _l("新姓名"), "old_id_no_masked": _l("原证件号码"), "id_no_masked": _l("新证件号码"),
        "unit_name": _l("单位"), "asked_at": _l("申请时间"), "state": _l("状态"),
    }  # fmt: skip
    formatters_columns = {"state": wording.badge}
    search_columns = ["old_name", "asked_at"]

    def row_link(self, row: IdentityChange) -> str:
        return url_for("IdentityDecisionView.show", change_id=row.id)


class IdentityDecisionView(TaskView):
    """One request: what is and what is asked for, the papers in the page, and the decision."""

    route_base = "/identity-changes"
    default_view = "show"

    @expose(f"/<{KEY}:change_id>/", methods=["GET"])
    @has_access
    @permission_name("show")
    def show(self, change_id: int) -> Any:
        return self._page(self._change(change_id))

    @expose(f"/<{KEY}:change_id>/reveal", methods=["POST"])
    @has_access
    @permission_name("reveal")
    def reveal(self, change_id: int) -> Any:
        """The same page with both numbers in full; the look is recorded."""
        change = self._change(change_id)
        full = services.reveal(db.session, change, current_actor(), now=business_now())
        db.session.commit()
        return self._page(change, full=full)

    @expose(f"/<{KEY}:change_id>/approve", methods=["POST"])
    @has_access
    @permission_name("decide")
    def approve(self, change_id: int) -> Any:
        change = self._change(change_id)
        return self._decide(change, _("已修改，短信已发给本人。"), services.approve)

    @expose(f"/<{KEY}:change_id>/refuse", methods=["POST"])
    @has_access
    @permission_name("decide")
    def refuse(self, change_id: int) -> Any:
        change, form = self._change(change_id), RefusalForm()
        if not form.validate():
            return self._page(change, form)
        return self._decide(change, _("未通过，原因已发短信给本人。"), services.refuse, reason=form.reason.data)

    @expose(f"/<{KEY}:change_id>/files/<string:kind>", methods=["GET"])
    @has_access
    @permission_name("file")
    def file(self, change_id: int, kind: str) -> Any:
        """A paper, for whoever decides and for the applicant."""
        change = self._change(change_id)
        return papers.show(papers.stored(db.session, change, kind), change.person_id)

    def _change(self, change_id: int) -> IdentityChange:
        try:
            return queries.change(db.session, current_actor(), change_id)
        except queries.NotVisible:
            abort(404)

    def _decide(self, change: IdentityChange, sentence: str, verb: Any, **values: Any) -> Any:
        here = url_for(".show", change_id=change.id)
        try:
            verb(db.session, change, current_actor(), now=business_now(), **values)
            db.session.commit()
        except (services.AlreadyDecided, services.OwnCase, IdTaken) as error:
            db.session.rollback()
            return self.done(wording.sentence(error), here, "warning")
        return self.done(sentence, url_for("IdentityChangeGrid.list"))

    def _page(self, change: IdentityChange, form: RefusalForm | None = None, full: tuple[str, str] | None = None) -> Any:
        actor = current_actor()
        deciding = change.state is ChangeState.OPEN and actor.may("can_decide", "IdentityDecisionView")
        return self.page(
            "identities/decide.html", title=_("%(name)s的身份变更", name=change.old_name), change=change, deciding=deciding,
            form=form or RefusalForm(formdata=None), full=full, same=deciding and change.id_no == change.person.id_no, badge=wording.badge(change.state), names=papers.NAMES,
            papers=queries.files_of(db.session, change),
            id_type=code_name(db.session, CodeList.ID_TYPE, change.id_type), status=422 if form else 200,
        )  # fmt: skip
