"""账号信息: what a person sees and changes of the own account."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import captcha, edge, neighbours, sessions
from app.accounts.asking import captcha_passed, code_right, knows_password
from app.accounts.codes import Purpose
from app.accounts.forms import IdentityForm, PasswordForm, PhoneForm
from app.accounts.logging_in import log_out
from app.accounts.queries import recent_logins
from app.accounts.services import (
    IdentityFixed,
    IdTaken,
    PhoneTaken,
    change_identity,
    change_password,
    change_phone,
    identity_is_fixed,
)
from app.extensions import business_now, db
from app.web.scoping import current_actor, current_person
from app.web.views import TaskView
from app.workflow.states import Party


class AccountView(TaskView):
    """The own account: profile, password, phone, name and ID number, logging out."""

    route_base = "/account"
    default_view = "profile"
    limits = [edge.per_address("60 per minute", "POST")]

    def own_page(self, template: str, **values: Any) -> Any:
        """In the frame of whoever looks."""
        person = current_person()
        shell = "person" if person.kind is Party.APPLICANT else "staff"
        return self.page(template, shell=shell, person=person, is_applicant=shell == "person", **values)

    @expose("/", methods=["GET"])
    @has_access
    def profile(self) -> Any:
        person = current_person()
        live = sessions.token_digest(edge.token())
        return self.own_page(
            "accounts/profile.html",
            id_type_name=_id_kind_name(person.id_type or ""),
            logins=recent_logins(db.session, person.id),
            here=live,
            is_fixed=identity_is_fixed(db.session, person),
        )

    @expose("/password/", methods=["GET", "POST"])
    @has_access
    def password(self) -> Any:
        person, form = current_person(), PasswordForm()
        form.names = lambda: (person.phone or "", _login_name())
        if form.validate_on_submit() and knows_password(form):
            change_password(
                db.session,
                person,
                current_actor(),
                form.password.data,
                keep=edge.token(),
                now=business_now(),
                hash_method=edge.hash_method(),
            )
            db.session.commit()
            return self.done(_("密码已修改，其他设备上的登录已退出。"), url_for("AccountView.profile"))
        return self.own_page("accounts/password.html", form=form)

    @expose("/phone/", methods=["GET", "POST"])
    @has_access
    def phone(self) -> Any:
        form = PhoneForm()
        if form.is_submitted() and _proves_phone(form) and self._phone_changed(form):
            return self.done(_("手机号已更换，旧号码已收到通知。"), url_for("AccountView.profile"))
        solved = captcha.is_solved(edge.redis(), edge.browser_id(), form.phone.data)
        return self.own_page("accounts/phone.html", form=form, solved=solved)

    def _phone_changed(self, form: PhoneForm) -> bool:
        try:
            change_phone(
                db.session,
                current_person(),
                current_actor(),
                form.phone.data,
                keep=edge.token(),
                now=business_now(),
            )
            db.session.commit()
        except PhoneTaken:
            db.session.rollback()
            form.refuse("phone", _("这个手机号已用于另一个账号，请换一个；那也是您的账号时，请联系职改办。"))
            return False
        return True

    @expose("/identity/", methods=["GET", "POST"])
    @has_access
    def identity(self) -> Any:
        person = current_person()
        if identity_is_fixed(db.session, person):
            return self.own_page("accounts/identity_fixed.html")
        form = IdentityForm(obj=None, data={"name": person.name, "id_type": person.id_type or "ID"})
        form.offer(neighbours.current().id_kinds(db.session, person.id_type or ""), business_now())
        if form.validate_on_submit() and self._identity_changed(form):
            return self.done(_("姓名和证件信息已修改，其他设备上的登录已退出。"), url_for("AccountView.profile"))
        return self.own_page("accounts/identity.html", form=form)

    def _identity_changed(self, form: IdentityForm) -> bool:
        person = current_person()
        if not form.names_number(person.id_type):
            return False
        try:
            changed = change_identity(
                db.session,
                person,
                current_actor(),
                name=form.name.data,
                id_type=form.id_type.data,
                id_no=form.id_no.data or person.id_no or "",
                keep=edge.token(),
                now=business_now(),
            )
            db.session.commit()
        except IdTaken as error:
            db.session.rollback()
            form.refuse("id_no", error)
            return False
        except IdentityFixed:
            db.session.rollback()
            form.refuse("name", _("您已提交过申报，姓名和证件号码不能自行修改，请联系本单位或职改办。"))
            return False
        if not changed:
            form.refuse("name", _("姓名和证件都和原来一样，请改好后再保存；不修改的，请返回账号信息。"))
        return changed

    @expose("/logout/", methods=["POST"])
    @has_access
    def logout(self) -> Response:
        is_applicant = current_person().kind is Party.APPLICANT
        log_out(db.session, edge.token(), current_actor(), now=edge.machine_now())
        db.session.commit()
        edge.forget_session()
        login = url_for("PersonLoginView.login" if is_applicant else "OrgLoginView.login")
        return edge.mark_left(self.done(_("您已退出登录。"), login))


def _id_kind_name(code: str) -> str:
    return next(
        (kind.name for kind in neighbours.current().id_kinds(db.session, code) if kind.code == code), ""
    )


def _login_name() -> str:
    person = current_person()
    return "" if person.kind is Party.APPLICANT else edge.user().username


def _proves_phone(form: PhoneForm) -> bool:
    """Fields, captcha, current password, and last the SMS code, which is used up only when nothing else is wrong."""
    valid = form.validate()
    if form.phone.data and form.phone.data == current_person().phone:
        form.refuse("phone", _("这就是现在的手机号，不用更换。"))
        valid = False
    valid = captcha_passed(form) and valid
    return valid and knows_password(form) and code_right(form, Purpose.PHONE)
