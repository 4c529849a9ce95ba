"""Asking whoever is logged in for the password once more, before something that protects the account or takes much away."""

from __future__ import annotations

from app.accounts import edge
from app.accounts.forms import AccountForm
from app.accounts.logging_in import WrongPassword, check_own_password, count_try
from app.extensions import db
from app.web.scoping import current_actor, current_person


def knows_password(form: AccountForm) -> bool:
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
