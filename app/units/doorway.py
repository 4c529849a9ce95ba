"""What the unit's forms ask of the accounts package: whether the picture was read, whether a password will do. The one
place where the two meet."""

from __future__ import annotations

from flask_babel import gettext as _

from app.accounts import edge
from app.accounts.passwords import WeakPassword, check_password

PASSWORD_WORDS = {
    "short": lambda: _("密码至少 8 位，请加长。"),
    "long": lambda: _("密码太长，请不要超过 128 位。"),
    "letter": lambda: _("密码须含字母，请加上。"),
    "digit": lambda: _("密码须含数字，请加上。"),
    "common": lambda: _("这个密码太常见，容易被猜到，请换一个。"),
    "personal": lambda: _("密码里不要含登录名或手机号，请换一个。"),
}


def captcha_right(text: str) -> bool:
    """Whether `text` is what this browser's picture says; one guess for one picture."""
    return edge.captcha_right(text)


def password_problem(password: str, *, login_name: str = "", phone: str = "") -> str:
    """A sentence about the first rule that `password` breaks; empty if it will do."""
    try:
        check_password(password, login_name=login_name, phone=phone)
    except WeakPassword as weak:
        return PASSWORD_WORDS[weak.reason]()
    return ""


def draft_id() -> str:
    """The random id under which this browser's uploads wait; it says nothing about anybody."""
    return edge.browser_id()


def hash_method() -> str:
    return edge.hash_method()
