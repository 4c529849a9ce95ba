"""单位管理: the office (and bodies that approve units) sees all that registered, and decides."""

from __future__ import annotations

from typing import Any

from flask import abort, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from app.catalogue.lists import CodeList
from app.catalogue.queries import code_name
from app.extensions import business_now, db
from app.files.wording import size_words
from app.units import doorway, forms, paperwork, queries, services, wording
from app.units.models import UNIT_STATUS_NAMES, Unit, UnitStatus
from app.units.queries import NotVisible
from app.units.services import AlreadyDecided, LoginNameTaken, NewAccount, UnitExists
from app.web.rows import GridRows
from app.web.scoping import current_actor, current_person
from app.web.views import LIST_ONLY, Grid, Tab, TaskView
from app.workflow.states import Party


def badge(status: UnitStatus) -> Markup:
    name, tone = UNIT_STATUS_NAMES[status]
    return Markup('<span class="badge badge--{}">{}</span>').format(tone, _(name))


def named(kind: CodeList) -> Any:
    return lambda code: code_name(db.session, kind, code)


def division_choices() -> list[tuple[str, Any]]:
    return [choice for choice in forms.choices(CodeList.DIVISION_LIUZHOU) if choice[0]]


def approves_units() -> bool:
    """Whether the units' list can hold anything for whoever is logged in: the office, and bodies that approve units."""
    actor = current_actor()
    if actor.party is not Party.BODY or not actor.may("can_list", "UnitGrid"):
        return True
    body = current_person().body
    return body is not None and body.approves_units


class UnitGrid(Grid):
    route_base = "/units"
    datamodel = GridRows(Unit, eager=[joinedload(Unit.reports_to)])
    scope = staticmethod(queries.visible_to)
    list_title = _l("单位管理")
    page_intro = _l("核对单位的注册材料，通过后单位可生成秘钥、审核本单位人员。")
    tab_column = "status"
    tabs = (
        Tab("pending", _l("待审核"), (UnitStatus.PENDING,)),
        Tab("approved", _l("已通过"), (UnitStatus.APPROVED,)),
        Tab("refused", _l("未通过"), (UnitStatus.REFUSED,)),
        Tab("all", _l("全部")),
    )
    base_permissions = ["can_list"]
    exclude_route_methods = LIST_ONLY
    list_columns = ["name", "uscc", "division_code", "level_code", "contact_name", "reports_to", "status", "created_at"]
    mobile_columns = ("uscc", "division_code", "status", "created_at")
    label_columns = {
        "name": _l("单位名称"), "uscc": _l("统一社会信用代码"), "division_code": _l("所在地"), "level_code": _l("单位级别"),
        "contact_name": _l("联系人"), "reports_to": _l("上级评审机构"), "status": _l("状态"), "created_at": _l("注册时间"),
    }  # fmt: skip
    formatters_columns = {
        "division_code": named(CodeList.DIVISION_LIUZHOU),
        "level_code": named(CodeList.UNIT_LEVEL),
        "reports_to": lambda body: body.name if body else "—",
        "status": badge,
    }
    search_columns = ["name", "uscc", "division_code", "created_at"]
    choices = {"division_code": division_choices}
    order_columns = ["name", "uscc"]

    def row_link(self, row: Any) -> str:
        return url_for("UnitApprovalView.show", unit_id=row.id)


class UnitApprovalView(TaskView):
    """One unit: its data, its papers shown in the page, and the decision."""

    route_base = "/units"
    default_view = "show"

    @expose("/<int(max=2147483647):unit_id>/", methods=["GET"])
    @has_access
    @permission_name("show")
    def show(self, unit_id: int) -> Any:
        return self._page(self._unit(unit_id))

    @expose("/<int(max=2147483647):unit_id>/approve", methods=["POST"])
    @has_access
    @permission_name("decide")
    def approve(self, unit_id: int) -> Any:
        unit = self._unit(unit_id)
        form, bodies = self._approval_form(unit)
        if not form.validate():
            return self._page(unit, approval=form)
        return self._decide(
            unit, _("已通过，短信已发给联系人。"), services.approve, reports_to=bodies[form.body.data]
        )

    @expose("/<int(max=2147483647):unit_id>/refuse", methods=["POST"])
    @has_access
    @permission_name("decide")
    def refuse(self, unit_id: int) -> Any:
        unit, form = self._unit(unit_id), forms.RefusalForm()
        if not form.validate():
            return self._page(unit, refusal=form)
        return self._decide(
            unit, _("已退回单位修改，原因已发短信给联系人。"), services.refuse, reason=form.reason.data
        )

    @expose("/<int(max=2147483647):unit_id>/amend", methods=["POST"])
    @has_access
    @permission_name("amend")
    def amend(self, unit_id: int) -> Any:
        unit = self._unit(unit_id)
        form, bodies = self._amend_form(unit)
        if unit.status is not UnitStatus.APPROVED:
            abort(404)
        if not form.validate():
            return self._page(unit, amendment=form)
        try:
            services.amend(
                db.session, unit, current_actor(), name=form.name.data, uscc=form.uscc.data,
                reports_to=bodies[form.body.data], now=business_now(),
            )  # fmt: skip
            db.session.commit()
        except (UnitExists, IntegrityError):
            db.session.rollback()
            form.uscc.errors = [_("这个代码属于另一个已注册的单位，请核对；要合并两个单位，请联系技术支持。")]
            return self._page(self._unit(unit_id), amendment=form)
        return self.done(_("已保存。"), url_for(".show", unit_id=unit_id))

    @expose("/<int(max=2147483647):unit_id>/administrator", methods=["GET", "POST"])
    @has_access
    @permission_name("amend")
    def administrator(self, unit_id: int) -> Any:
        """更换单位管理员: for a unit whose administrator left, against its letter."""
        unit, form = self._unit(unit_id), forms.OperatorForm()
        if not unit.may_act:
            abort(404)
        if form.is_submitted() and form.validate() and self._replaced(unit, form):
            sentence = _("单位管理员已更换，原管理员账号已停用。请把登录名和密码交给单位。")
            return self.done(sentence, url_for(".show", unit_id=unit_id))
        return self.page(
            "units/administrator.html", title=_("更换单位管理员"), unit=unit, form=form,
            operators=queries.operators(db.session, unit.id), status=422 if form.errors else 200,
        )  # fmt: skip

    def _replaced(self, unit: Unit, form: forms.OperatorForm) -> bool:
        try:
            services.replace_admin(
                db.session, unit, current_actor(), name=form.name.data, phone=form.phone.data,
                account=NewAccount(form.login_name.data, form.password.data), hash_method=doorway.hash_method(),
                now=business_now(),
            )  # fmt: skip
            db.session.commit()
            return True
        except (LoginNameTaken, IntegrityError):
            db.session.rollback()
            form.login_name.errors = [wording.login_name_taken()]
            return False

    @expose("/<int(max=2147483647):unit_id>/files/<public_id>", methods=["GET"])
    @has_access
    @permission_name("file")
    def file(self, unit_id: int, public_id: str) -> Any:
        """A paper of a visible unit; the unit itself may look too."""
        unit = self._unit(unit_id)
        try:
            return paperwork.send(queries.file_of(db.session, unit, public_id))
        except NotVisible:
            abort(404)

    def _unit(self, unit_id: int) -> Unit:
        try:
            return queries.get(db.session, current_actor(), unit_id)
        except NotVisible:
            abort(404)

    def _decide(self, unit: Unit, sentence: str, verb: Any, **values: Any) -> Any:
        try:
            verb(db.session, unit, current_actor(), now=business_now(), **values)
            db.session.commit()
        except AlreadyDecided:
            db.session.rollback()
            return self.done(wording.already_decided(), url_for(".show", unit_id=unit.id), "warning")
        return self.done(sentence, url_for("UnitGrid.list"))

    def _approval_form(self, unit: Unit) -> tuple[forms.ApprovalForm, dict[int, Any]]:
        bodies = queries.bodies(db.session)
        proposed = queries.proposed_body(unit, bodies)
        form = forms.ApprovalForm(data={"body": proposed.id if proposed else None})
        form.body.choices = [(body.id, body.name) for body in bodies]
        return form, {body.id: body for body in bodies}

    def _amend_form(self, unit: Unit) -> tuple[forms.AmendForm, dict[int, Any]]:
        bodies = queries.bodies(db.session)
        form = forms.AmendForm(data={"name": unit.name, "uscc": unit.uscc, "body": unit.reports_to_id})
        form.body.choices = [(body.id, body.name) for body in bodies]
        return form, {body.id: body for body in bodies}

    def _page(self, unit: Unit, *, approval: Any = None, refusal: Any = None, amendment: Any = None) -> Any:
        actor, pending = current_actor(), unit.status is UnitStatus.PENDING
        if pending and actor.may("can_decide", "UnitApprovalView"):
            approval = approval or self._approval_form(unit)[0]
            refusal = refusal or forms.RefusalForm(formdata=None)
        elif unit.status is UnitStatus.APPROVED and actor.may("can_amend", "UnitApprovalView"):
            amendment = amendment or self._amend_form(unit)[0]
        papers = queries.files_of(db.session, unit)
        bad = any(form is not None and form.errors for form in (approval, refusal, amendment))
        return self.page(
            "units/approval.html", title=unit.name, unit=unit, approval=approval, refusal=refusal, amendment=amendment,
            papers=[(kind, wording.paper_name(kind), papers.get(kind)) for kind in services.PAPERS],
            members=queries.member_count(db.session, unit.id), badge=badge(unit.status),
            division=named(CodeList.DIVISION_LIUZHOU)(unit.division_code), level=named(CodeList.UNIT_LEVEL)(unit.level_code),
            nature=named(CodeList.UNIT_NATURE)(unit.nature_code), size_text=size_words, status=422 if bad else 200,
        )  # fmt: skip
