"""The sentences for what accounts refuse: what happened, and what to do next."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.codes import CodeRefused, SendRefused
from app.accounts.identity import BadNumber
from app.accounts.logging_in import WrongPassword
from app.accounts.neighbours import TooManyKeys, UnknownKey
from app.accounts.passwords import WeakPassword
from app.accounts.services import IdTaken, PhoneTaken

WRONG_CAPTCHA = _l("图形验证码不对或已过期，请按新的图片重新填写。")
LOGIN_REFUSED = _l("账号或密码不对，请检查后重试。连续输错 5 次，账号锁定 15 分钟；忘记密码可以重设。")

NO_PHONE = _l(
    "您在新的地点登录，需要短信验证，但这个账号没有登记手机号。请在常用的电脑和网络登录，到“账号信息”登记手机号；"
    "不能的，请系统管理员为账号登记手机号后再登录。"
)

_PASSWORD = {
    "short": _l("密码至少 8 位，请加长。"),
    "long": _l("密码最多 128 位，请缩短。"),
    "letter": _l("密码须包含字母，请加上字母。"),
    "digit": _l("密码须包含数字，请加上数字。"),
    "common": _l("这个密码太常见，容易被人猜中，请换一个。"),
    "personal": _l("密码不能包含手机号或登录名，请换一个。"),
}
_NUMBER = {
    "pattern": _l("证件号码的位数或格式不对，请对照证件检查。"),
    "checksum": _l("证件号码有误：末位校验码对不上，请对照证件逐位检查。"),
    "date": _l("证件号码中的出生日期不存在，请对照证件检查。"),
    "province": _l("证件号码的前两位不是有效的地区代码，请对照证件检查。"),
}
_CODE = {
    "wrong": _l("短信验证码不对，请检查后重填。"),
    "gone": _l("短信验证码已失效，请重新获取。"),
}


def captcha_refused(answer: str | None) -> str:
    """What is wrong with an answer to the captcha that did not count."""
    return str(WRONG_CAPTCHA) if answer else _("请填写图形验证码；看不清图片的，改用免看图验证。")


def sentence(error: Exception) -> str:
    """What the person reads about `error`; KeyError for an error that is not of accounts."""
    return str(_sentence(error))


def _sentence(error: Exception) -> Any:
    match error:
        case WeakPassword():
            return _PASSWORD[error.reason]
        case BadNumber():
            return _NUMBER[error.problem]
        case CodeRefused():
            return _CODE[error.reason]
        case SendRefused(limit="wait"):
            return _("刚刚发送过验证码，请 %(seconds)s 秒后再获取。", seconds=error.seconds)
        case SendRefused(limit="phone"):
            return _("这个手机号今天获取验证码的次数已用完，请明天再试。")
        case SendRefused():
            return _("您所在的网络今天获取验证码的次数已用完，请明天再试，或换用手机网络。")
        case PhoneTaken():
            return _("该手机号已注册，请直接登录或找回密码。")
        case IdTaken():
            return _(
                "该证件号码已注册，请用原来的手机号登录；原手机号已停用的，请带证件到本单位人事部门或职改办办理。"
            )
        case UnknownKey():
            return _("没有这个机构秘钥，请与单位人事部门核对；暂时没有可以空着。")
        case TooManyKeys():
            return _("机构秘钥试错次数过多，请 1 小时后再试；也可以先空着，注册后再补。")
        case WrongPassword(locked=True):
            return _("密码输错次数过多，请 15 分钟后再试。")
        case WrongPassword():
            return _("当前密码不对，请重新输入。")
        case _:
            raise KeyError(type(error).__name__)
