"""Accounts for the system administrator (open, close, unlock, new password or phone) and the security administrator (roles)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from flask import abort, current_app, flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.actions import action
from flask_appbuilder.security.decorators import has_access
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy.orm import joinedload
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired

from app.accounts import administration
from app.accounts.forms import phone_field
from app.accounts.models import Person
from app.accounts.password_rules import check_new_password
from app.accounts.roles import PARTY_OF, Role, RolesExclude
from app.accounts.services import change_phone
from app.accounts.switching import SwitchableAccounts
from app.extensions import business_now, db
from app.web.rows import GridRows
from app.web.scoping import current_actor
from app.web.views import TaskView
from app.workflow.states import Party

KINDS: dict[Party, Any] = {
    Party.APPLICANT: _l("申报人员"),
    Party.UNIT: _l("单位"),
    Party.BODY: _l("评审机构"),
    Party.OFFICE: _l("职改办"),
    Party.STAFF: _l("平台管理"),
}


def kind_options() -> list[tuple[str, Any]]:
    return [(kind.value, word) for kind, word in KINDS.items()]


class UserGrid(SwitchableAccounts):
    """All accounts, numbers masked. The name leads to the page of whoever looks: a new password, or the roles."""

    datamodel = GridRows(
        Person, eager=[joinedload(Person.user).selectinload(User.roles), joinedload(Person.unit), joinedload(Person.body)]
    )
    scope = staticmethod(administration.accounts_visible_to)
    route_base = "/users"
    list_title = _l("账号")
    base_permissions: ClassVar[list[str] | None] = ["can_list"]
    exclude_route_methods = {"download", "delete", "add", "edit", "show"}
    list_columns: ClassVar[list[str]] = [
        "name", "user.username", "kind", "user.roles", "unit.name", "body.name", "phone_masked", "id_no_masked",
        "locked_until", "user.active",
    ]
    mobile_columns = ("user.username", "kind", "user.roles", "user.active")
    search_columns: ClassVar[list[str]] = ["name", "kind"]
    search_form_extra_fields: ClassVar[dict[str, Any]] = {"kind": StringField(_l("身份"))}
    choices: ClassVar[dict[str, Any]] = {"kind": kind_options}
    label_columns: ClassVar[dict[str, Any]] = {
        "name": _l("姓名"), "user.username": _l("登录名"), "kind": _l("身份"), "user.roles": _l("角色"),
        "unit.name": _l("单位"), "body.name": _l("机构"), "phone_masked": _l("手机号"), "id_no_masked": _l("证件号码"),
        "locked_until": _l("锁定至"), "user.active": _l("在用"),
    }
    formatters_columns: ClassVar[dict[str, Any]] = {"kind": lambda kind: KINDS.get(kind, kind)}

    def row_link(self, row: Person) -> str:
        actor = current_actor()
        if actor.may("can_roles", "AccountRolesView"):
            return url_for("AccountRolesView.roles", person_id=row.id)
        if actor.may("can_reset", "AccountPasswordView"):
            return url_for("AccountPasswordView.reset", person_id=row.id)
        return ""

    @action("unlock", _l("解锁"), icon="refresh")
    def unlock(self, rows: list[Person]) -> Any:
        for person in rows:
            administration.unlock(db.session, person, current_actor(), now=business_now())
        db.session.commit()
        flash(_("已解锁 %(n)s 个账号。", n=len(rows)), "success")
        return redirect(self.get_redirect())


def visible_account(person_id: int) -> Person:
    """404 for an account that this actor does not see."""
    return administration.get_account(db.session, current_actor(), person_id) or abort(404)


class PasswordForm(FlaskForm):
    password = PasswordField(_l("新密码"), [DataRequired(_l("请填写新密码。"))])


class AccountPasswordView(TaskView):
    """A new password for an account, given by the system administrator."""

    route_base = "/account-password"

    @expose("/<int:person_id>/", methods=["GET", "POST"])
    @has_access
    def reset(self, person_id: int) -> Any:
        person, form = visible_account(person_id), PasswordForm()
        login_name = "" if person.kind is Party.APPLICANT else person.user.username
        if request.method == "POST" and form.validate() and check_new_password(form.password, login_name):
            administration.reset_password(
                db.session, person, current_actor(), password=form.password.data or "",
                hash_method=current_app.config.get("FAB_PASSWORD_HASH_METHOD", "scrypt"),
                now=business_now(), machine_now=datetime.now(UTC),
            )
            db.session.commit()
            return self.done(
                _("%(name)s的密码已重置，原来的登录已全部退出，请当面告知新密码。", name=person.name),
                url_for("UserGrid.list"),
            )
        return self.page(
            "accounts/admin_password.html", person=person, form=form, kind=KINDS.get(person.kind, ""),
            is_staff=person.kind is not Party.APPLICANT,
        )  # fmt: skip


class StaffPhoneForm(FlaskForm):
    phone = phone_field(_l("新手机号"), _l("本人在新的地点登录时，验证码发到这个号码"))


class AccountPhoneView(TaskView):
    """The phone of a member of staff who has none or lost it, given by the system administrator: without one there is no way
    in from an unusual place. Applicants prove theirs (identities)."""

    route_base = "/account-phone"

    @expose("/<int:person_id>/", methods=["GET", "POST"])
    @has_access
    def set_phone(self, person_id: int) -> Any:
        person, form = visible_account(person_id), StaffPhoneForm()
        if person.kind is Party.APPLICANT:
            abort(404)
        if form.validate_on_submit():
            change_phone(db.session, person, current_actor(), form.phone.data, keep=None, now=business_now())
            db.session.commit()
            return self.done(_("%(name)s的手机号已登记，原来的登录已全部退出。", name=person.name), url_for("UserGrid.list"))
        return self.page("accounts/admin_phone.html", person=person, form=form, kind=KINDS.get(person.kind, ""))


class AccountRolesView(TaskView):
    """The roles of one account, changed by the security administrator."""

    route_base = "/account-roles"

    @expose("/<int:person_id>/", methods=["GET", "POST"])
    @has_access
    def roles(self, person_id: int) -> Any:
        person = visible_account(person_id)
        offered = self._offered(person)
        if request.method == "POST":
            given = set(request.form.getlist("role"))
            if not given <= {str(role.id) for role in offered}:
                abort(400)
            chosen = [role for role in offered if str(role.id) in given]
            try:
                administration.assign_roles(
                    db.session, person, chosen, current_actor(),
                    now=business_now(), machine_now=datetime.now(UTC),
                )
            except (RolesExclude, administration.OwnAccount, administration.NoRole) as error:
                return self._page(person, offered, {role.id for role in chosen}, role_sentence(error), status=422)
            db.session.commit()
            return self.done(_("%(name)s的角色已调整，原来的登录已全部退出。", name=person.name), url_for("UserGrid.list"))
        return self._page(person, offered, {role.id for role in person.user.roles})

    def _offered(self, person: Person) -> list[RoleRow]:
        """The roles of the account's own party and those that were added here; two separated ones may be ticked, and are
        then refused with a sentence."""
        rows = db.session.scalars(
            sa.select(RoleRow).where(administration.roles_visible_to(current_actor())).order_by(RoleRow.id)
        )
        known = Role._value2member_map_
        return [
            row for row in rows
            if row.name not in known or PARTY_OF[Role(row.name)] is person.kind
        ]

    def _page(self, person: Person, offered: list[RoleRow], ticked: set[int], error: str = "", status: int = 200) -> Any:
        return self.page(
            "accounts/admin_roles.html", person=person, offered=offered, ticked=ticked, error=error,
            kind=KINDS.get(person.kind, ""), status=status,
        )


def role_sentence(error: Exception) -> str:
    """What a refusal about roles means for the administrator."""
    match error:
        case RolesExclude(first=first, second=second):
            return _("“%(first)s”和“%(second)s”不能由同一个账号兼任，请只保留一个。", first=first, second=second)
        case administration.OwnAccount():
            return _("不能调整自己账号的角色，请由另一位安全管理员办理。")
        case administration.NoRole():
            return _("每个账号至少要有一个角色；不再使用的账号请由系统管理员停用。")
        case administration.NameTaken():
            return _("已有这个名称的角色，请换一个名称。")
        case administration.LocksOut():
            return _("安全管理员必须保留角色与权限页面，否则没有人能再调整权限；请重新勾选。")
    raise error
