"""The forms of bodies, campaigns and accounts, and the sentences for what their services refuse."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, Length, Optional, Regexp

from app.review_bodies import services
from app.web import fields


class AccountForm(FlaskForm):
    """A new account of a body; the choices of role and body come from the view."""

    login_name = StringField(
        _l("登录名"),
        [DataRequired(_l("请填写登录名。")), Regexp(r"^[A-Za-z][A-Za-z0-9_.-]{3,31}$", message=_l(
            "登录名用字母开头，只含字母、数字、点、横线和下划线，4 至 32 位。"))],
        filters=[lambda text: (text or "").strip()],
        description=_l("本人在“单位登录”窗口使用。"),
    )
    name = StringField(
        _l("姓名"), [DataRequired(_l("请填写姓名。")), Length(max=50, message=_l("姓名最多 50 字。"))],
        filters=[lambda text: (text or "").strip()],
    )
    phone = StringField(
        _l("手机号"), [Optional(), Regexp(r"^1[3-9]\d{9}$", message=_l("请填写 11 位手机号。"))],
        filters=[lambda text: (text or "").strip()], description=_l("在不常用的地点登录时接收验证码。"),
    )
    password = PasswordField(_l("初始密码"), [DataRequired(_l("请填写初始密码。"))])


class StaffForm(AccountForm):
    role = fields.choice(_l("角色"), list, first=_l("请选择"))
    body_id = fields.choice(_l("所属机构"), list, as_number=True, first=_l("请选择"))


class ExtendForm(FlaskForm):
    closes_at = fields.moment(_l("个人申报截止"))
    unit_closes_at = fields.moment(_l("单位上报截止"))


WINDOWS: dict[str, Any] = {
    "closes_before_opens": _l("截止时间须晚于开始时间，请更正后再保存。"),
    "unit_before_close": _l("单位上报截止不能早于个人申报截止，请更正后再保存。"),
    "not_later": _l("延期只能往后推，新的截止时间须不早于现在的截止时间。"),
}


def sentence(error: Exception) -> str:
    """What a refusal of the services means for the person at the form."""
    match error:
        case services.WindowsDisagree(problem=problem):
            return str(WINDOWS[problem])
        case services.Circle():
            return _("上级机构不能是本机构或它的下级，请另选一个。")
        case services.SecondRoot():
            return _("只有职改办没有上级机构，请选择上级机构。")
        case services.OutsidePowers(pairs=pairs):
            listed = "、".join("/".join(pair) for pair in pairs)
            return _("本机构没有这些系列、级别的评审权：%(pairs)s。请先在“评审机构”中登记评审权。", pairs=listed)
        case services.LoginNameTaken():
            return _("这个登录名已有人使用，请换一个。")
        case services.NotYours():
            return _("您不能给这个机构设立这种角色的账号；职改办的账号属于职改办，其他角色属于各评审机构。")
    raise error
