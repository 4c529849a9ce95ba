"""Judging a password that a form sets, worded at its field."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field

from app.accounts.passwords import WeakPassword, check_password

REASONS: dict[str, Any] = {
    "short": _l("密码至少 8 位，请加长。"),
    "long": _l("密码太长，请控制在 128 位以内。"),
    "letter": _l("密码须含字母，请加上。"),
    "digit": _l("密码须含数字，请加上。"),
    "personal": _l("密码不能包含登录名或手机号，请换一个。"),
    "common": _l("这个密码太常见，容易被猜到，请换一个。"),
}


def check_new_password(field: Field, login_name: str) -> bool:
    """True for a good password; otherwise the reason stands at the field."""
    try:
        check_password(field.data or "", login_name=login_name or "")
    except WeakPassword as weak:
        field.errors = [str(REASONS[weak.reason])]
        return False
    return True
