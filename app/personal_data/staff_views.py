"""注销申请, for the office and the system administrator, who execute them."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts import edge
from app.accounts.asking import knows_password
from app.accounts.forms import AgainForm
from app.extensions import business_now, db
from app.personal_data import queries, services, wording
from app.personal_data.models import DeletionRequest, DeletionState
from app.web.rows import GridRows
from app.web.scoping import current_actor
from app.web.views import LIST_ONLY, Grid, Tab, TaskView


class DeletionGrid(Grid):
    route_base = "/deletions"
    datamodel = GridRows(DeletionRequest)
    scope = staticmethod(queries.visible_to)
    list_title = _l("注销申请")
    page_intro = _l("本人申请删除账号和个人信息，应在 15 个工作日内执行。")
    tabs = (Tab("open", _l("待执行"), (DeletionState.OPEN,)), Tab("all", _l("全部")))
    base_permissions = ["can_list"]
    exclude_route_methods = LIST_ONLY
    list_columns = ["name_masked", "id_no_masked", "asked_at", "state", "ended_at"]
    mobile_columns = ("id_no_masked", "asked_at", "state")
    label_columns = {
        "name_masked": _l("姓名"), "id_no_masked": _l("证件号码"), "asked_at": _l("申请时间"), "state": _l("状态"),
        "ended_at": _l("办结时间"),
    }  # fmt: skip
    formatters_columns = {"state": wording.badge}
    search_columns = ["asked_at"]

    def row_link(self, row: DeletionRequest) -> str:
        return url_for("DeletionExecutionView.execute", request_id=row.id)


class DeletionExecutionView(TaskView):
    """One request: what is erased and what is kept, what stands against it now, and the execution."""

    route_base = "/deletions"
    default_view = "execute"
    limits = [edge.per_address("60 per minute", "POST")]

    @expose("/<int(max=2147483647):request_id>/", methods=["GET", "POST"])
    @has_access
    @permission_name("execute")
    def execute(self, request_id: int) -> Any:
        asked, form = self._request(request_id), AgainForm()
        is_open = asked.state is DeletionState.OPEN
        if is_open and form.validate_on_submit() and knows_password(form):
            return self._execute(request_id)
        return self.page(
            "personal_data/execute.html", title=_("%(name)s的注销申请", name=asked.name_masked), asked=asked, form=form,
            is_open=is_open, badge=wording.badge(asked.state), kept=wording.KEPT,
            against=wording.against(services.obstacles(db.session, asked.person_id)) if is_open else [],
            status=422 if form.errors else 200,
        )  # fmt: skip

    def _execute(self, request_id: int) -> Any:
        actor, now = current_actor(), business_now()
        here = url_for(".execute", request_id=request_id)
        try:
            keys = services.execute(
                db.session, self._request(request_id), actor, now=now, hash_method=edge.hash_method()
            )
            db.session.commit()
        except services.AlreadyEnded:
            db.session.rollback()
            return self.done(_("这件申请刚刚已由他人办理，下面是最新的结果。"), here, "warning")
        except services.Obstructed as error:
            reason = "".join(wording.against(error.obstacles))
            db.session.rollback()
            services.refuse(db.session, self._request(request_id), actor, reason=reason, now=now)
            db.session.commit()
            return self.done(_("现在不能注销，原因已告知本人。"), here, "warning")
        # after the commit: a row never names bytes that are gone
        for key in keys:
            current_app.extensions["gateways"].storage.delete(key)
        return self.done(_("已注销，个人信息已删除。"), url_for("DeletionGrid.list"))

    def _request(self, request_id: int) -> DeletionRequest:
        try:
            return queries.get(db.session, current_actor(), request_id)
        except queries.NotVisible:
            abort(404)
