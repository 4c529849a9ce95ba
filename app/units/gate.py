"""The gate before the business pages: who works for a unit that is not approved sees only its registration."""

from __future__ import annotations

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.web.guarding import view_of
from app.web.scoping import current_person
from app.workflow.states import Party

OPEN_VIEWS = frozenset({"UnitStateView", "AccountView", "DevicesView"})  # its own state; password, phone, log-out


def install(app: Flask) -> None:
    """Call after guarding.install: the gate asks only about pages that the account may open."""
    app.before_request(hold_back)


def hold_back() -> Response | None:
    """None to go on; the registration's state for a page, 403 for an attempt to do something."""
    found = view_of(request.endpoint)
    if found is None or not current_user.is_authenticated:
        return None
    view, method = found
    if type(view).__name__ in OPEN_VIEWS or (type(view).__name__, method) in current_app.extensions["public_pages"]:
        return None
    person = current_person()
    if person.kind is not Party.UNIT or person.unit is None or person.unit.may_act:
        return None
    if request.method != "GET":
        abort(403)
    return redirect(url_for("UnitStateView.show"))
