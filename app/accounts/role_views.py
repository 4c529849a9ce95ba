"""角色与权限: the ordinary database roles, changed by the security administrator."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from flask import abort, current_app, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from app.accounts import administration
from app.accounts.admin_views import role_sentence
from app.accounts.permission_words import SCREENS, permission_word
from app.accounts.rights import pairs_of
from app.accounts.roles import RolesExclude
from app.extensions import business_now, db
from app.web import fields
from app.web.rows import GridRows
from app.web.scoping import current_actor
from app.web.views import Grid, TaskView


class RoleGrid(Grid):
    """The roles; the name leads to what a role may do."""

    datamodel = GridRows(RoleRow)
    scope = staticmethod(administration.roles_visible_to)
    route_base = "/roles"
    list_title = _l("角色与权限")
    page_intro = _l("点角色名称调整它能做什么。能看到哪些材料由账号所属的单位或机构决定，与角色的勾选无关。")
    base_permissions: ClassVar[list[str] | None] = ["can_list"]
    base_order = ("id", "asc")
    exclude_route_methods = {"download", "delete", "add", "edit", "show"}
    list_columns: ClassVar[list[str]] = ["name"]
    search_columns: ClassVar[list[str]] = ["name"]
    label_columns: ClassVar[dict[str, Any]] = {"name": _l("角色")}
    list_template = "accounts/role_list.html"

    def row_link(self, row: RoleRow) -> str:
        return url_for("RolePageView.show", role_id=row.id)


class RoleForm(FlaskForm):
    name = StringField(
        _l("角色名称"), [DataRequired(_l("请填写角色名称。")), Length(max=administration.NAME_MAX, message=_l("名称最多 60 字。"))],
        filters=[lambda text: (text or "").strip()],
    )
    copied_from = fields.choice(
        _l("从已有角色复制权限"), list, as_number=True, required=False, first=_l("不复制"),
        hint=_l("复制后再逐项调整。"),
    )


class RolePageView(TaskView):
    """One role: its name, how many hold it, and a tick for every permission of every screen."""

    route_base = "/role"

    @expose("/new", methods=["GET", "POST"])
    @has_access
    def new(self) -> Any:
        form = RoleForm()
        rows = list(
            db.session.scalars(
                sa.select(RoleRow).where(administration.roles_visible_to(current_actor())).order_by(RoleRow.id)
            )
        )
        form.copied_from.choices = [("", _("不复制")), *((row.id, row.name) for row in rows)]
        if request.method == "POST" and form.validate():
            source = next((row for row in rows if row.id == form.copied_from.data), None)
            try:
                role = administration.create_role(
                    db.session, current_actor(), name=form.name.data or "", copied_from=source,
                    now=business_now(),
                )
            except administration.NameTaken as error:
                form.name.errors = [role_sentence(error)]
            else:
                db.session.commit()
                return self.done(_("角色已新增，请勾选它能做什么。"), url_for("RolePageView.show", role_id=role.id))
        return self.page("accounts/role_new.html", form=form)

    @expose("/<int:role_id>/", methods=["GET", "POST"])
    @has_access
    def show(self, role_id: int) -> Any:
        role = db.session.scalar(
            sa.select(RoleRow).where(administration.roles_visible_to(current_actor()), RoleRow.id == role_id)
        ) or abort(404)
        screens = self._screens()
        managed = {(permission, each["name"]) for each in screens for permission, _word in each["permissions"]}
        if request.method == "POST":
            given = {tuple(value.split("|", 1)) for value in request.form.getlist("p")}
            if not given <= managed:
                abort(400)
            try:
                administration.set_permissions(
                    db.session, role, given | self._menus(given), managed | self._menus(managed), current_actor(),
                    now=business_now(), machine_now=datetime.now(UTC),
                )
            except (RolesExclude, administration.LocksOut) as error:
                db.session.rollback()
                return self._page(role, screens, given, role_sentence(error), status=422)
            db.session.commit()
            return self.done(_("“%(role)s”的权限已保存，有这个角色的人需要重新登录。", role=role.name), url_for("RoleGrid.list"))
        return self._page(role, screens, pairs_of(db.session, [role.id]))

    def _page(self, role: RoleRow, screens: Any, held: set[Any], error: str = "", status: int = 200) -> Any:
        return self.page(
            "accounts/role.html", role=role, screens=screens, held=held, error=error,
            holders=administration.holders(db.session, role.id), status=status,
        )

    def _screens(self) -> list[dict[str, Any]]:
        """The screens with permissions to give, with the words for them; one entry for a name that several share."""
        found: dict[str, dict[str, Any]] = {}
        for screen in current_app.extensions["screens"]:
            if not screen.grants:
                continue
            entry = found.setdefault(screen.name, {"name": screen.name, "label": "", "permissions": {}})
            entry["label"] = entry["label"] or str(SCREENS.get(screen.name) or screen.label or getattr(screen.view, "list_title", "") or "")
            for permission in screen.grants:
                entry["permissions"][permission] = permission_word(permission, screen.view)
        for entry in found.values():
            entry["label"] = entry["label"] or entry["name"]
            entry["permissions"] = list(entry["permissions"].items())
        return list(found.values())

    def _menus(self, pairs: set[Any]) -> set[tuple[str, str]]:
        """The menu entries, with their categories, of the screens that `pairs` open."""
        names = {view for _permission, view in pairs}
        entries = set()
        for screen in current_app.extensions["screens"]:
            if screen.menu and screen.name in names:
                entries |= {("menu_access", name) for name in (screen.menu, screen.category) if name}
        return entries
