"""Registration of applicants, the captcha's picture, and the sending of SMS codes."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import jsonify, make_response, redirect, request, url_for
from flask import session as cookie
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts import captcha, codes, edge, neighbours
from app.accounts.asking import captcha_passed, code_right
from app.accounts.codes import Purpose, SendRefused
from app.accounts.forms import ConsentForm, RegistrationForm, read_phone
from app.accounts.neighbours import TooManyKeys, UnknownKey
from app.accounts.services import CONSENT_VERSION, IdTaken, PhoneTaken, Registration, register, send_code
from app.accounts.wording import captcha_refused, sentence
from app.extensions import business_now, db
from app.gateways.sms.numbers import is_mobile
from app.web.views import TaskView


class CaptchaView(TaskView):
    """图形验证码: a new picture with every look; its answer stays on the server."""

    route_base = "/captcha.png"
    default_view = "image"
    limits = [edge.per_address("240 per minute")]

    @expose("", methods=["GET"])
    def image(self) -> Response:
        answer = make_response(captcha.picture(captcha.issue(edge.redis(), edge.browser_id())))
        answer.content_type = captcha.MEDIA_TYPE
        answer.headers["Cache-Control"] = "no-store"
        return answer


class CaptchaTaskView(TaskView):
    """The captcha without a picture: what the browser has to search for. The answer stays on the server."""

    route_base = "/captcha-task"
    default_view = "task"
    limits = [edge.per_address("30 per minute")]

    @expose("/", methods=["GET"])
    def task(self) -> Response:
        answer = jsonify(asdict(captcha.issue_task(edge.redis(), edge.browser_id(), address=edge.address())))
        answer.headers["Cache-Control"] = "no-store"
        return answer


class SmsCodeView(TaskView):
    """获取短信验证码. Each sending uses up a right captcha. The page's captcha then counts as solved for the
    form of this browser and phone, so that nobody answers two pictures for one form; a second sending
    asks for a new picture. The answer is the same whether the phone is registered or not."""

    route_base = "/sms-code"
    default_view = "send"
    limits = [edge.per_address("30 per minute")]

    @expose("/", methods=["POST"])
    def send(self) -> Response:
        phone, purpose = read_phone(request.form.get("phone")), request.form.get("purpose", "")
        if purpose not in codes.ON_REQUEST or (purpose in codes.LOGGED_IN and not current_user.is_authenticated):
            return _no(_("请从页面上获取短信验证码。"), new_captcha=False)
        if not is_mobile(phone):
            return _no(_("请填写 11 位手机号。"), new_captcha=False)
        answer = request.form.get("captcha", "").strip()
        if not edge.captcha_right(answer):
            return _no(captcha_refused(answer))
        try:
            send_code(
                db.session,
                edge.redis(),
                Purpose(purpose),
                phone,
                address=edge.address(),
                now=business_now(),
            )
        except SendRefused as error:
            return _no(sentence(error), wait=error.seconds if error.limit == "wait" else 0)
        db.session.commit()
        captcha.mark_solved(edge.redis(), edge.browser_id(), phone)
        sent = _("验证码已发送，请查收短信；10 分钟内有效。收不到时，请核对手机号后重新获取。")
        return jsonify(ok=True, message=sent, wait=codes.SendLimits.wait, new_captcha=False)


def _no(message: str, *, wait: int = 0, new_captcha: bool = True) -> Response:
    return jsonify(ok=False, message=message, wait=wait, new_captcha=new_captcha)


class RegistrationView(TaskView):
    """个人注册: first the purpose and the privacy statement, then the form."""

    route_base = "/register"
    default_view = "register"
    shell = "public"
    limits = [edge.per_address("60 per minute", "POST")]

    @expose("/", methods=["GET", "POST"])
    def register(self) -> Any:
        if _consented_at() is None:
            return self._ask_consent(ConsentForm(formdata=None))
        form = RegistrationForm()
        form.offer(neighbours.current().id_kinds(db.session, ""), business_now())
        if form.is_submitted() and self._is_proven(form) and self._is_registered(form):
            edge.remember_phone(form.phone.data)
            cookie.pop("consent", None)
            return self.done(_("注册成功，请登录。"), url_for("PersonLoginView.login"))
        if not form.is_submitted():
            form.key.data = request.args.get("key", "")[:40]  # the QR code of a unit; a key is not personal
        solved = captcha.is_solved(edge.redis(), edge.browser_id(), form.phone.data)
        return self.page("accounts/register.html", form=form, solved=solved)

    @expose("/consent/", methods=["GET", "POST"])
    def consent(self) -> Any:
        form = ConsentForm()
        if form.validate_on_submit():
            cookie["consent"] = [CONSENT_VERSION, business_now().isoformat()]
            return redirect(url_for("RegistrationView.register", key=_key_argument() or None))
        return self._ask_consent(form)

    @expose("/unit-name/", methods=["POST"])
    def unit_name(self) -> Response:
        """Whose key it is, for whoever typed it: the key is the proof."""
        try:
            unit = _unit_of(request.form.get("key", ""))
        except (UnknownKey, TooManyKeys) as error:
            return jsonify(ok=False, message=sentence(error), name="")
        return jsonify(ok=True, message="", name=unit.name)

    def _ask_consent(self, form: ConsentForm) -> Any:
        return self.page("accounts/consent.html", form=form, key=_key_argument())

    def _is_proven(self, form: RegistrationForm) -> bool:
        """Fields, picture, key, and last the SMS code: it is used up only when nothing else is wrong."""
        valid = form.validate()
        valid = captcha_passed(form) and valid
        if valid and form.key.data:
            try:
                form.unit_id = _unit_of(form.key.data).id
            except (UnknownKey, TooManyKeys) as error:
                form.refuse("key", error)
                valid = False
        return valid and code_right(form, Purpose.REGISTER)

    def _is_registered(self, form: RegistrationForm) -> bool:
        given = Registration(
            name=form.name.data,
            id_type=form.id_type.data,
            id_no=form.id_no.data,
            phone=form.phone.data,
            password=form.password.data,
            unit_id=form.unit_id,
            consent_version=CONSENT_VERSION,
            consent_at=_consented_at() or business_now(),
        )
        try:
            register(
                db.session,
                given,
                address=edge.address(),
                now=business_now(),
                hash_method=edge.hash_method(),
            )
            db.session.commit()
        except (PhoneTaken, IdTaken) as error:
            db.session.rollback()
            form.refuse("phone" if isinstance(error, PhoneTaken) else "id_no", error)
            return False
        return True


def _unit_of(key: str) -> neighbours.NamedUnit:
    """Raises UnknownKey, TooManyKeys."""
    return neighbours.current().unit_of_key(db.session, edge.redis(), key, address=edge.address())


def _consented_at() -> datetime | None:
    """When this browser agreed to the statement that holds now; None if it has not."""
    version, at = cookie.get("consent", ["", ""])
    return datetime.fromisoformat(at) if version == CONSENT_VERSION else None


def _key_argument() -> str:
    return request.values.get("key", "")[:40]
