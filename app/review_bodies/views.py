"""The office's pages for review bodies: the grid, the powers of one body, and the accounts of bodies."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import abort, current_app, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Person
from app.accounts.password_rules import check_new_password
from app.accounts.roles import Role
from app.accounts.switching import SwitchableAccounts
from app.catalogue import queries as catalogue
from app.catalogue.lists import CodeList
from app.extensions import business_now, db
from app.review_bodies import queries, services
from app.review_bodies.forms import StaffForm, sentence
from app.review_bodies.models import ReviewBody
from app.web import fields
from app.web.reference import ReferenceView, Refusal
from app.web.rows import GridRows
from app.web.scoping import current_actor
from app.web.views import TaskView


def body_options() -> list[tuple[int, str]]:
    return [(body.id, body.name) for body in queries.bodies(db.session)]


def division_options() -> list[tuple[str, str]]:
    table = catalogue.code_table(db.session, CodeList.DIVISION_LIUZHOU)
    return [(code, each.name) for code, each in table.items()]


def division_name(code: str) -> str:
    return catalogue.code_name(db.session, CodeList.DIVISION_LIUZHOU, code) if code else "—"


class BodyGrid(ReferenceView):
    """评审机构: the tree's bodies; the row's name leads to its powers."""

    datamodel = GridRows(ReviewBody, eager=[joinedload(ReviewBody.parent), selectinload(ReviewBody.powers)])
    scope = staticmethod(queries.visible_to)
    route_base = "/bodies"
    list_title = _l("评审机构")
    add_title, edit_title, show_title = _l("新增评审机构"), _l("修改评审机构"), _l("评审机构")
    page_intro = _l("点机构名称登记它的评审权；没有评审权的机构只审核、上报。")
    conflict_message = _l("已有这个编码的机构，请换一个编码。")
    list_columns: ClassVar[list[str]] = ["name", "code", "parent.name", "powers", "phone", "active"]
    show_columns: ClassVar[list[str]] = [
        "code", "name", "parent.name", "division_code", "approves_units", "approves_identities", "approves_results",
        "owns_catalogues", "phone", "active",
    ]
    search_columns: ClassVar[list[str]] = ["name", "code", "active"]
    order_columns: ClassVar[list[str]] = ["id", "code"]
    label_columns: ClassVar[dict[str, Any]] = {
        "code": _l("编码"), "name": _l("名称"), "parent.name": _l("上级机构"), "powers": _l("评审权"),
        "division_code": _l("所在地"), "approves_units": _l("审核单位注册"), "approves_identities": _l("审核身份变更"),
        "approves_results": _l("批准评审结果"), "owns_catalogues": _l("维护目录"), "phone": _l("电话"), "active": _l("在用"),
    }
    formatters_columns: ClassVar[dict[str, Any]] = {
        "powers": lambda powers: _("%(n)s 项", n=len(powers)) if powers else "—", "division_code": division_name,
    }
    fixed = frozenset({"code"})
    fields: ClassVar[dict[str, Any]] = {
        "code": fields.code(_l("编码"), 32),
        "name": fields.text(_l("名称"), 100),
        "parent_id": fields.choice(
            _l("上级机构"), body_options, as_number=True, required=False, first=_l("无（仅职改办）"),
        ),
        "division_code": fields.choice(_l("所在地"), division_options, required=False, first=_l("不限")),
        "phone": fields.text(_l("电话"), 32, required=False),
        "approves_units": fields.flag(_l("审核单位注册")),
        "approves_identities": fields.flag(_l("审核身份变更")),
        "approves_results": fields.flag(_l("批准评审结果")),
        "owns_catalogues": fields.flag(_l("维护目录")),
        "active": fields.flag(_l("在用"), default=True, hint=_l("停用后不再出现在新的选择里，办理中的材料不受影响。")),
    }

    def row_link(self, row: ReviewBody) -> str:
        return url_for("BodyPowersView.show", body_id=row.id)

    def save(self, item: ReviewBody, form: Any) -> None:
        try:
            services.check_place(db.session, item)
        except (services.Circle, services.SecondRoot) as error:
            raise Refusal(sentence(error)) from error


def power_table() -> list[tuple[Any, list[Any]]]:
    """(series, its levels) for the ticks of a powers page."""
    levels = [level for level in catalogue.title_levels(db.session) if level.code != "NONE"]
    return [
        (series, [level for level in levels if not series.levels or level.code in series.levels])
        for series in catalogue.title_series(db.session)
    ]


class BodyPowersView(TaskView):
    """评审权 of one body: a tick for each series and level on which it decides."""

    route_base = "/body-powers"

    @expose("/<int:body_id>/", methods=["GET"])
    @has_access
    def show(self, body_id: int) -> Any:
        body = self._body(body_id)
        held = {f"{power.series_code}:{power.level_code}" for power in body.powers}
        return self.page("review_bodies/powers.html", body=body, held=held, table=power_table())

    @expose("/<int:body_id>/", methods=["POST"])
    @has_access
    @permission_name("keep")
    def keep(self, body_id: int) -> Any:
        body = self._body(body_id)
        offered = {f"{series.code}:{level.code}" for series, levels in power_table() for level in levels}
        given = set(request.form.getlist("power"))
        if not given <= offered:
            abort(400)
        services.set_powers(
            db.session, body, {tuple(pair.split(":")) for pair in given},  # type: ignore[misc]
            current_actor(), now=business_now(),
        )
        db.session.commit()
        return self.done(_("%(body)s的评审权已保存。", body=body.name), url_for("BodyGrid.list"))

    def _body(self, body_id: int) -> ReviewBody:
        try:
            return queries.get_body(db.session, current_actor(), body_id)
        except queries.NotVisible:
            abort(404)


class BodyStaffGrid(SwitchableAccounts):
    """The accounts of bodies; the office sees all, a body its own."""

    datamodel = GridRows(Person, eager=[joinedload(Person.user).selectinload(User.roles), joinedload(Person.body)])
    scope = staticmethod(queries.staff_visible_to)
    route_base = "/body-staff"
    list_title = _l("机构账号")
    base_permissions: ClassVar[list[str] | None] = ["can_list"]
    exclude_route_methods = {"download", "delete", "add", "edit", "show"}
    list_columns: ClassVar[list[str]] = ["name", "user.username", "body.name", "user.roles", "phone_masked", "user.active"]
    search_columns: ClassVar[list[str]] = ["name"]
    label_columns: ClassVar[dict[str, Any]] = {
        "name": _l("姓名"), "user.username": _l("登录名"), "body.name": _l("所属机构"), "user.roles": _l("角色"),
        "phone_masked": _l("手机号"), "user.active": _l("在用"),
    }
    list_template = "review_bodies/staff.html"


class BodyAccountView(TaskView):
    """R1: an account of a body is made by the office; a body's administrator makes its reviewers."""

    route_base = "/body-account"

    @expose("/new", methods=["GET", "POST"])
    @has_access
    def new(self) -> Any:
        actor = current_actor()
        form = StaffForm()
        form.role.choices = [("", _("请选择")), *((role.value, role.value) for role in services.roles_to_give(actor))]
        mine = [(key, name) for key, name in body_options() if actor.party.value == "office" or key == actor.body_id]
        form.body_id.choices = [("", _("请选择")), *mine]
        if request.method == "POST" and form.validate() and check_new_password(form.password, form.login_name.data):
            body = db.session.get(ReviewBody, form.body_id.data)
            try:
                services.create_staff(
                    db.session, actor, login_name=form.login_name.data, name=form.name.data, phone=form.phone.data or "",
                    role=Role(form.role.data), body=body, password=form.password.data,  # type: ignore[arg-type]
                    now=business_now(),
                    hash_method=current_app.config.get("FAB_PASSWORD_HASH_METHOD", "scrypt"),
                )
            except (services.NotYours, services.LoginNameTaken) as error:
                taken = isinstance(error, services.LoginNameTaken)
                field = form.login_name if taken else form.role
                field.errors = [sentence(error)]
            else:
                db.session.commit()
                return self.done(
                    _("已开通%(name)s的账号，请把登录名和初始密码当面交给本人。", name=form.name.data),
                    url_for("BodyStaffGrid.list"),
                )
        return self.page("review_bodies/new_account.html", form=form)
