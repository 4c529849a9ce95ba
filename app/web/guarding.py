"""The check before every page: a stranger is led to the login (a script gets 401), a member without the permission 403.

FAB's own decorator would send both to the login page with an English sentence; it still stands behind this as a second
lock.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder.const import PERMISSION_PREFIX
from flask_login import current_user

from app.web import errors

PUBLIC_ENDPOINTS = frozenset({"static"})


def install(app: Flask) -> None:
    app.before_request(refuse_nul)
    app.before_request(check_page)
    app.register_error_handler(401, lambda error: to_login())


def refuse_nul() -> None:
    """400 for a NUL in the address or in a form: PostgreSQL stores none, and would answer with an error."""
    texts = [text for sent in (request.args, request.form) for values in sent.listvalues() for text in values]
    if any("\x00" in text for text in (request.path, *texts)):
        abort(400)


def view_of(endpoint: str | None) -> tuple[Any, str] | None:
    """(FAB view, method name) behind an endpoint; None for what is no FAB view."""
    function = current_app.view_functions.get(endpoint or "")
    while function is not None and not hasattr(function, "__self__"):
        function = getattr(function, "__wrapped__", None)
    return (function.__self__, function.__name__) if function is not None else None


def check_page() -> ResponseReturnValue | None:
    """None to go on; otherwise the answer."""
    if request.endpoint is None or request.endpoint in PUBLIC_ENDPOINTS or request.endpoint.endswith(".static"):
        return None
    found = view_of(request.endpoint)
    if found is None:
        abort(404)  # nothing but FAB views and static files has a page
    view, method = found
    if (type(view).__name__, method) not in current_app.extensions["public_pages"]:
        if not current_user.is_authenticated:
            return to_login()
        permission = permission_of(view, method)
        allowed = current_app.appbuilder.sm.has_access
        if permission is None or not allowed(permission, view.class_permission_name):
            abort(403)
    if hasattr(view, "check_arguments"):  # last: whoever may not open the page learns nothing about it
        view.check_arguments()
    return None


def permission_of(view: Any, method: str) -> str | None:
    """The permission that opens a method; None if it is not declared (then nobody gets in)."""
    if method in ("action", "action_post") and hasattr(view, "actions"):
        name = (request.view_args or {}).get("name") or request.form.get("action", "")
        return view.get_action_permission_name(name) if name in view.actions else None
    function = getattr(view, method)
    if not hasattr(function, "_permission_name"):
        return None
    return PERMISSION_PREFIX + view.get_method_permission(method)


def to_login() -> ResponseReturnValue:
    """The login page, with the way back for a page that was asked for by GET; for a script the sentence alone."""
    if errors.wants_json():
        return errors.answer(errors.PAGES[401])
    window = "OrgLoginView.login" if request.cookies.get("window") == "org" else "PersonLoginView.login"
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for(window, next=back))
