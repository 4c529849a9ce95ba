"""The two login windows, forgotten passwords, and the page after logging in."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import current_app, flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import captcha, edge
from app.accounts.asking import captcha_passed, code_right
from app.accounts.codes import Purpose
from app.accounts.forms import ForgottenForm, LoginForm, OrgLoginForm, PersonLoginForm
from app.accounts.logging_in import (
    ORG_WINDOW,
    PERSON_WINDOW,
    LoginRefused,
    UnusualPlace,
    begin_log_in,
    log_in,
)
from app.accounts.place_views import send_place_code
from app.accounts.places import Place
from app.accounts.returning import local_path
from app.accounts.services import reset_password
from app.accounts.wording import LOGIN_REFUSED, NO_PHONE, captcha_refused
from app.extensions import business_now, db
from app.web.scoping import current_person
from app.web.theme import side_menu
from app.web.views import TaskView
from app.workflow.states import Party


class LoginWindow(TaskView):
    """What both windows do: captcha, one counted try, a new cookie. The password is never shown again."""

    shell = "public"
    default_view = "login"
    window: ClassVar[str]
    form: ClassVar[type[LoginForm]]
    limits = [edge.per_address("60 per minute", "POST")]

    def answer(self) -> Any:
        form = self.form()
        back = local_path(request.args.get("next"))
        if form.is_submitted():
            if form.validate() and (onward := self._passes(form, back)):
                return edge.remember_window(onward, self.window)
        elif self.window == PERSON_WINDOW:
            form.username.data = edge.remembered_phone()
        return self.page("accounts/login.html", form=form, window=self.window, back=back)

    def place(self) -> Place | None:
        """The place that must be a usual one; None where every place is as good."""
        return None

    def opened(self, token: str, back: str) -> Response:
        """The way on, with the cookie of the new session."""
        edge.start_session(token)
        return redirect(back or url_for("HomeView.home"))

    def _passes(self, form: LoginForm, back: str) -> Response | None:
        """The way on: inside, or to the code; or says at the form why there is none. A try is only counted once the picture
        was right."""
        if not edge.captcha_right(form.captcha.data):
            form.refuse("captcha", captcha_refused(form.captcha.data))
            return None
        now = edge.machine_now()
        attempt = begin_log_in(db.session, self.window, form.username.data, address=edge.address(), now=now)
        db.session.commit()
        try:
            token = log_in(
                db.session,
                attempt,
                form.password.data,
                address=edge.address(),
                agent=edge.agent(),
                now=now,
                place=self.place(),
                hash_method=edge.hash_method(),
            )
        except LoginRefused:
            form.refuse("username", str(LOGIN_REFUSED))
            return None
        except UnusualPlace as error:
            if not error.phone:
                form.refuse("username", str(NO_PHONE))
                return None
            return self._to_the_code(error, back)
        finally:
            db.session.commit()
        return self.opened(token, back)

    def _to_the_code(self, unusual: UnusualPlace, back: str) -> Response:
        edge.start_proving(unusual.person_id, unusual.generation)
        flash(*send_place_code(unusual.phone or ""))
        return redirect(url_for("PlaceView.prove", next=back or None))


class PersonLoginView(LoginWindow):
    """个人登录: applicants, by phone."""

    route_base = "/login"
    window = PERSON_WINDOW
    form = PersonLoginForm

    @expose("/", methods=["GET", "POST"])
    def login(self) -> Any:
        return self.answer()


class OrgLoginView(LoginWindow):
    """单位登录: units, review bodies, the office and the administrators, by login name."""

    route_base = "/org/login"
    window = ORG_WINDOW
    form = OrgLoginForm

    @expose("/", methods=["GET", "POST"])
    def login(self) -> Any:
        return self.answer()

    def place(self) -> Place:
        return edge.place()

    def opened(self, token: str, back: str) -> Response:
        return edge.remember_device(super().opened(token, back))


class ForgottenView(TaskView):
    """忘记密码: a new password by SMS code. Staff are told who resets theirs."""

    route_base = "/forgot"
    default_view = "forgot"
    shell = "public"
    limits = [edge.per_address("30 per minute", "POST")]

    @expose("/", methods=["GET", "POST"])
    def forgot(self) -> Any:
        form = ForgottenForm()
        if form.is_submitted() and self._is_proven(form):
            known = reset_password(
                db.session,
                form.phone.data,
                form.password.data,
                address=edge.address(),
                now=business_now(),
                hash_method=edge.hash_method(),
            )
            db.session.commit()
            if known:
                edge.remember_phone(form.phone.data)
                return self.done(_("密码已重设，请用新密码登录。"), url_for("PersonLoginView.login"))
            form.refuse("phone", _("该手机号还没有注册，请先注册。"))
        solved = captcha.is_solved(edge.redis(), edge.browser_id(), form.phone.data)
        return self.page("accounts/forgot.html", form=form, solved=solved)

    def _is_proven(self, form: ForgottenForm) -> bool:
        valid = form.validate()
        return captcha_passed(form) and valid and code_right(form, Purpose.RESET)


HOME_OF = {
    Party.APPLICANT: "MyHomeView.home",
    Party.UNIT: "UnitHomeView.home",
    Party.BODY: "BodyHomeView.home",
    Party.OFFICE: "OfficeHomeView.home",
}


class HomeView(TaskView):
    """The first page after logging in: each party has its own; administrators begin with the first entry of
    their menu."""

    route_base = "/home"
    default_view = "home"

    @expose("/", methods=["GET"])
    @has_access
    def home(self) -> Response:
        endpoint = HOME_OF.get(current_person().kind, "")
        if endpoint in current_app.view_functions:
            return redirect(url_for(endpoint))
        first = next((entry for item in side_menu() for entry in (item["childs"] or [item])), None)
        return redirect(first["url"] if first else url_for("AccountView.profile"))
