"""The forms of registration, log-in, forgotten passwords, and changes to the own account."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, PasswordField, SelectField, StringField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, EqualTo, Length, Optional

from app.accounts.identity import BadNumber, check_number
from app.accounts.neighbours import IdKind
from app.accounts.passwords import WeakPassword, check_password
from app.accounts.phones import normal
from app.accounts.wording import sentence
from app.days import beijing_day
from app.gateways.sms.numbers import is_mobile

NAME = re.compile(r"[^\W\d_][\w·.' -]*")  # letters of any script; · stands in names of many peoples


def read_phone(text: str | None) -> str:
    """A mainland number as it is stored, from what people type: +86, spaces and hyphens gone."""
    return re.sub(r"^\+?86(?=1\d{10}$)", "", normal(text or ""))


def _stripped(text: str | None) -> str:
    return (text or "").strip()


def _said(field: Field, error: Exception) -> ValidationError:
    return ValidationError(sentence(error))


def mobile(form: FlaskForm, field: Field) -> None:
    if not is_mobile(field.data or ""):
        raise ValidationError(_l("请填写 11 位手机号。"))


def person_name(form: FlaskForm, field: Field) -> None:
    if not NAME.fullmatch(field.data or ""):
        raise ValidationError(_l("姓名只能包含文字、间隔号“·”、空格和连字符，请与证件一致。"))


def printable(form: FlaskForm, field: Field) -> None:
    if not (field.data or "").isprintable():
        raise ValidationError(_l("登录名里有看不见的字符，请删去后重新输入。"))


def phone_field(label: Any, description: Any = "") -> StringField:
    return StringField(
        label,
        filters=[read_phone],
        description=description,
        validators=[DataRequired(_l("请填写手机号。")), mobile],
    )


def code_field() -> StringField:
    return StringField(
        _l("短信验证码"),
        filters=[lambda text: normal(text or "")],
        validators=[DataRequired(_l("请填写短信验证码。"))],
    )


def captcha_field() -> StringField:
    """Judged by the view: it knows the browser."""
    return StringField(_l("图形验证码"), filters=[_stripped])


def new_password_field(label: Any) -> PasswordField:
    return PasswordField(label, validators=[DataRequired(_l("请设置密码。"))])


def confirm_field(of: str) -> PasswordField:
    return PasswordField(
        _l("确认密码"),
        validators=[
            DataRequired(_l("请再输入一次密码。")),
            EqualTo(of, _l("两次输入的密码不一致，请重新输入。")),
        ],
    )


class AccountForm(FlaskForm):
    """A form that can be told afterwards what a service refused. `page_order` names the fields as the
    page shows them: the summary of errors follows it."""

    page_order: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict.fromkeys([*self.page_order, *self._fields])
        self._fields = {name: self._fields[name] for name in names}

    def refuse(self, name: str, error: Exception | str) -> None:
        """Puts the sentence for `error` at the field `name`; what was typed stays."""
        field = self[name]
        field.errors = [*field.errors, error if isinstance(error, str) else sentence(error)]


class HasNewPassword(AccountForm):
    """A new password is judged together with the phone and the login name it must not contain."""

    password = new_password_field(_l("密码"))
    confirm = confirm_field("password")

    def own_names(self) -> tuple[str, str]:
        """(phone, login name)."""
        return "", ""

    def validate_password(self, field: Field) -> None:
        phone, login_name = self.own_names()
        try:
            check_password(field.data, phone=phone, login_name=login_name)
        except WeakPassword as error:
            raise _said(field, error) from error


class HasIdentity(AccountForm):
    """Name, kind and number of a document. `offer` says which kinds there are and what day it is."""

    name = StringField(
        _l("姓名"),
        filters=[_stripped],
        description=_l("与证件一致"),
        validators=[
            DataRequired(_l("请填写姓名。")),
            Length(max=50, message=_l("姓名最多 50 个字，请检查。")),
            person_name,
        ],
    )
    id_type = SelectField(
        _l("证件类型"), validators=[DataRequired(_l("请选择证件类型。"))], validate_choice=False, default="ID"
    )
    id_no = StringField(
        _l("证件号码"),
        filters=[lambda text: normal(text or "")],
        description=_l("身份证 18 位，末位 x 大小写都可以"),
        validators=[DataRequired(_l("请填写证件号码。"))],
    )

    def offer(self, kinds: Sequence[IdKind], now: datetime) -> None:
        self.patterns = {kind.code: kind.pattern for kind in kinds}
        self.id_type.choices = [SelectChoice(kind.code, kind.name) for kind in kinds]
        self.today = beijing_day(now)

    def validate_id_type(self, field: Field) -> None:
        if field.data not in self.patterns:
            raise ValidationError(_l("请从列表中选择证件类型。"))

    def validate_id_no(self, field: Field) -> None:
        pattern = self.patterns.get(self.id_type.data)
        if not pattern or not field.data:
            return
        try:
            check_number(self.id_type.data, field.data, pattern, today=self.today)
        except BadNumber as error:
            raise _said(field, error) from error


class ConsentForm(FlaskForm):
    agree = BooleanField(
        _l("我已阅读并同意以上《个人信息处理说明》，同意平台为办理职称业务处理我的身份证件号码等信息"),
        validators=[DataRequired(_l("请阅读说明，同意后勾选，再继续注册。"))],
    )


class RegistrationForm(HasIdentity, HasNewPassword):
    page_order = ("key", "name", "id_type", "id_no", "phone", "password", "confirm", "captcha", "code")
    unit_id: int | None = None
    key = StringField(
        _l("机构秘钥"),
        filters=[_stripped],
        validators=[Length(max=40, message=_l("机构秘钥是 16 位，请检查。"))],
        description=_l("向单位人事部门索取，用来确认您属于这个单位。现在没有可以空着，提交申报前补上即可。"),
    )
    phone = phone_field(_l("手机号"), _l("以后用它登录、收通知"))
    code = code_field()
    captcha = captcha_field()

    def own_names(self) -> tuple[str, str]:
        return self.phone.data, self.phone.data


class LoginForm(AccountForm):
    page_order = ("username", "password", "captcha")
    username = StringField(filters=[_stripped], validators=[DataRequired()])
    password = PasswordField(_l("密码"), validators=[DataRequired(_l("请填写密码。"))])
    captcha = captcha_field()


class PersonLoginForm(LoginForm):
    username = phone_field(_l("手机号"))


class OrgLoginForm(LoginForm):
    username = StringField(
        _l("登录名"),
        filters=[_stripped],
        validators=[
            DataRequired(_l("请填写登录名。")),
            Length(max=64, message=_l("登录名太长，请检查。")),
            printable,
        ],
    )


class PlaceForm(AccountForm):
    code = code_field()


class ForgottenForm(HasNewPassword):
    page_order = ("phone", "captcha", "code", "password", "confirm")
    password = new_password_field(_l("新密码"))
    phone = phone_field(_l("手机号"))
    captcha = captcha_field()
    code = code_field()

    def own_names(self) -> tuple[str, str]:
        return self.phone.data, self.phone.data


def _current_password() -> PasswordField:
    return PasswordField(_l("当前密码"), validators=[DataRequired(_l("请填写当前密码。"))])


class AgainForm(AccountForm):
    """Nothing but the current password: for acts that ask who is really there."""

    current = _current_password()


class PasswordForm(HasNewPassword):
    """`names` gives the phone and login name of whoever is logged in."""

    page_order = ("current", "password", "confirm")
    current = _current_password()
    password = new_password_field(_l("新密码"))
    names: Callable[[], tuple[str, str]] = staticmethod(lambda: ("", ""))

    def own_names(self) -> tuple[str, str]:
        return self.names()


class PhoneForm(AccountForm):
    current = _current_password()
    phone = phone_field(_l("新手机号"), _l("验证码发到这个号码"))
    captcha = captcha_field()
    code = code_field()


class IdentityForm(HasIdentity):
    """The number stays as it is when left empty: it is never shown in full."""

    id_no = StringField(
        _l("新的证件号码"),
        filters=[lambda text: normal(text or "")],
        validators=[Optional()],
        description=_l("不改证件号码就空着"),
    )

    def names_number(self, present_type: str | None) -> bool:
        """Whether a number is given where the kind of document changes; if not, the field says so."""
        if self.id_no.data or self.id_type.data == present_type:
            return True
        self.refuse("id_no", str(_l("换了证件类型，请填写新的证件号码。")))
        return False
