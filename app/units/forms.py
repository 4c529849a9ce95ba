"""What is typed about a unit, judged and put into the form in which it is kept."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, StopValidation

from app.accounts.phones import normal as normal_phone
from app.catalogue.lists import CodeList
from app.catalogue.queries import code_choices
from app.extensions import db
from app.units import doorway, uscc
from app.units.services import UnitDetails

MOBILE = re.compile(r"1[3-9]\d{9}")
LOGIN_NAME = re.compile(r"[A-Za-z0-9]{4,32}")

USCC_WORDS = {
    "length": lambda: _("统一社会信用代码是 18 位，请对照营业执照或法人证书检查位数。"),
    "form": lambda: _("统一社会信用代码只有数字和大写字母（不含 I、O、S、V、Z），请对照证书检查。"),
    "checksum": lambda: _("统一社会信用代码的校验位不符，有一位写错了，请对照证书检查。"),
}


def one_line(text: str | None) -> str:
    """Without the spaces that copying brings along."""
    return " ".join((text or "").split())


def filled(sentence: Any) -> list[Any]:
    return [DataRequired(message=sentence)]


def right_uscc(form: Any, field: Any) -> None:
    try:
        uscc.check(field.data)
    except uscc.BadUscc as bad:
        raise StopValidation(USCC_WORDS[bad.problem]()) from bad


def mobile(form: Any, field: Any) -> None:
    if field.data and not MOBILE.fullmatch(field.data):
        raise StopValidation(_("请填写 11 位手机号，如 13800138000。"))


def login_name(form: Any, field: Any) -> None:
    if not LOGIN_NAME.fullmatch(field.data):
        raise StopValidation(_("登录名为 4–32 位字母或数字，不含空格和汉字，请重新填写。"))


def choices(kind: CodeList, keep: str = "") -> list[tuple[str, Any]]:
    codes = code_choices(db.session, kind, keep=keep)
    return [("", _("请选择")), *((each.code, each.name) for each in codes)]


class ChosenCode(SelectField):
    """One code of a list of the catalogue."""

    def __init__(self, label: Any, kind: CodeList, sentence: Any, **kwargs: Any) -> None:
        super().__init__(label, validators=filled(sentence), choices=lambda: choices(kind), **kwargs)

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data not in {value for value, _text in self.choices}:
            raise StopValidation(_("请从列表中选择。"))


class UnitForm(FlaskForm):
    """单位名称 … 联系手机: what both the registration and its correction ask."""

    uscc = StringField(
        _l("统一社会信用代码"),
        description=_l("18 位，见营业执照或事业单位法人证书"),
        filters=[uscc.normal],
        validators=[*filled(_l("请填写统一社会信用代码。")), right_uscc],
    )
    name = StringField(
        _l("单位名称"),
        description=_l("与登记证书一致"),
        filters=[one_line],
        validators=[*filled(_l("请填写单位名称。")), Length(max=100, message=_l("单位名称不超过 100 字。"))],
    )
    division = ChosenCode(_l("所在地"), CodeList.DIVISION_LIUZHOU, _l("请选择单位所在地。"))
    level = ChosenCode(_l("单位级别"), CodeList.UNIT_LEVEL, _l("请选择单位级别。"))
    nature = ChosenCode(_l("单位性质"), CodeList.UNIT_NATURE, _l("请选择单位性质。"))
    contact_name = StringField(
        _l("联系人"),
        filters=[one_line],
        validators=[*filled(_l("请填写联系人姓名。")), Length(max=50, message=_l("姓名不超过 50 字。"))],
    )
    contact_phone = StringField(
        _l("联系手机"),
        description=_l("审核结果发到这个手机"),
        filters=[normal_phone],
        validators=[*filled(_l("请填写联系手机。")), mobile],
    )

    def details(self) -> UnitDetails:
        return UnitDetails(
            name=self.name.data,
            uscc=self.uscc.data,
            division_code=self.division.data,
            level_code=self.level.data,
            nature_code=self.nature.data,
            contact_name=self.contact_name.data,
            contact_phone=self.contact_phone.data,
        )


class NewAccountFields:
    """登录名, 密码, 确认密码: of the first account and of further operators."""

    login_name = StringField(
        _l("登录名"),
        description=_l("4–32 位字母、数字，登录时使用"),
        filters=[lambda text: (text or "").strip()],
        validators=[*filled(_l("请填写登录名。")), login_name],
    )
    password = PasswordField(_l("密码"), validators=filled(_l("请填写密码。")))
    repeated = PasswordField(_l("确认密码"), validators=filled(_l("请再填一遍密码。")))

    def validate_password(self, field: Any) -> None:
        sentence = doorway.password_problem(field.data, login_name=self.login_name.data or "")
        if sentence:
            raise StopValidation(sentence)

    def validate_repeated(self, field: Any) -> None:
        if field.data != self.password.data:
            raise StopValidation(_("两次填写的密码不一致，请重新填写。"))


class RegistrationForm(UnitForm, NewAccountFields):
    """The whole registration; the two papers are uploaded beside it."""

    captcha = StringField(_l("验证码"), validators=filled(_l("请填写图中的字符。")))

    def validate_captcha(self, field: Any) -> None:
        if not doorway.captcha_right(field.data):
            raise StopValidation(_("验证码不对，已换一张，请看图重新填写。"))


class RefusalForm(FlaskForm):
    reason = TextAreaField(
        _l("不通过的原因"),
        description=_l("写清要改什么，单位会收到短信"),
        filters=[lambda text: (text or "").strip()],
        validators=[
            *filled(_l("请写明原因，单位才知道要改什么。")),
            Length(max=500, message=_l("原因不超过 500 字，请写短些。")),
        ],
    )


class ApprovalForm(FlaskForm):
    body = SelectField(
        _l("上级评审机构"),
        description=_l("单位的申报材料先报到这里，按所在地和单位级别建议"),
        coerce=int,
        validators=[InputRequired(message=_l("请选择上级评审机构。"))],
    )


class AmendForm(FlaskForm):
    """What only the office changes of an approved unit."""

    name = StringField(
        _l("单位名称"),
        filters=[one_line],
        validators=[*filled(_l("请填写单位名称。")), Length(max=100, message=_l("单位名称不超过 100 字。"))],
    )
    uscc = StringField(
        _l("统一社会信用代码"),
        filters=[uscc.normal],
        validators=[*filled(_l("请填写统一社会信用代码。")), right_uscc],
    )
    body = SelectField(
        _l("上级评审机构"), coerce=int, validators=[InputRequired(message=_l("请选择上级评审机构。"))]
    )


class ContactForm(FlaskForm):
    """What a unit changes of itself; an empty phone keeps the old one, which is not shown in full."""

    contact_name = StringField(
        _l("联系人"),
        filters=[one_line],
        validators=[*filled(_l("请填写联系人姓名。")), Length(max=50, message=_l("姓名不超过 50 字。"))],
    )
    contact_phone = StringField(_l("新的联系手机"), filters=[normal_phone], validators=[mobile])
    level = ChosenCode(_l("单位级别"), CodeList.UNIT_LEVEL, _l("请选择单位级别。"))
    nature = ChosenCode(_l("单位性质"), CodeList.UNIT_NATURE, _l("请选择单位性质。"))


class OperatorForm(FlaskForm, NewAccountFields):
    name = StringField(
        _l("姓名"),
        filters=[one_line],
        validators=[*filled(_l("请填写经办人姓名。")), Length(max=50, message=_l("姓名不超过 50 字。"))],
    )
    phone = StringField(
        _l("手机"),
        description=_l("异地登录时收验证短信"),
        filters=[normal_phone],
        validators=[*filled(_l("请填写手机号。")), mobile],
    )
