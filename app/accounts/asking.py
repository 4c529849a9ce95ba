"""Asking for proof at a form: the captcha, the code sent to a phone, and of whoever is logged in the password once more."""

from __future__ import annotations

from typing import Any

from app.accounts import captcha, codes, edge
from app.accounts.codes import CodeRefused, Purpose
from app.accounts.logging_in import WrongPassword, check_own_password, count_try
from app.accounts.wording import captcha_refused
from app.extensions import db
from app.web.scoping import current_actor, current_person


def knows_password(form: Any) -> bool:
    """Whether the field `current` holds the current password; if not, it says so. A try is counted as at the login
    window, and committed: call it before anything else is written."""
    person, stored = current_person(), edge.user().password
    current_actor()  # before the commit: what it needs of the person's unit or body is loaded now
    allowed = count_try(db.session, person.id, now=edge.machine_now())
    db.session.commit()
    try:
        check_own_password(db.session, person, stored, form["current"].data, allowed=allowed)
    except WrongPassword as error:
        form.refuse("current", error)
        return False
    return True


def captcha_passed(form: Any) -> bool:
    """Whether the captcha was answered, in this form or for the code that was sent to its phone; if not, `captcha` says
    so."""
    if captcha.is_solved(edge.redis(), edge.browser_id(), form.phone.data) or edge.captcha_right(form.captcha.data):
        return True
    form.refuse("captcha", captcha_refused(form.captcha.data))
    return False


def code_right(form: Any, purpose: Purpose) -> bool:
    """Uses up the SMS code of the form's phone; if it is not right, `code` says so. Ask last: nothing else may be wrong."""
    try:
        codes.redeem(edge.redis(), purpose, form.phone.data, form.code.data)
    except CodeRefused as error:
        form.refuse("code", error)
        return False
    captcha.forget_solved(edge.redis(), edge.browser_id(), form.phone.data)
    return True
