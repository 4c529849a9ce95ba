"""The look of every page, Flask-AppBuilder's own included: what templates may call, security headers. Not
here: form fields and the filter bar (widgets.py), error pages (errors.py), grids (views.py)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import AnonymousUserMixin
from markupsafe import Markup
from werkzeug.routing import BuildError

from app.days import BEIJING
from app.web import widgets

VALUES_IN_A_CELL = 5

PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; frame-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
# The browser's PDF viewer is itself an <object>: a page's policy would leave the frame empty.
PDF_POLICY = "frame-ancestors 'self'; base-uri 'none'"

# Flask-AppBuilder names icons of FontAwesome; these are the nearest in the sprite.
FONT_AWESOME = {
    "fa-bar-chart-o": "chart-bar", "fa-cogs": "shield-lock", "fa-group": "users", "fa-lock": "shield-lock",
    "fa-navicon": "list-details", "fa-table": "list-details", "fa-undo": "arrow-back-up",
    "fa-user-gear": "user-cog", "fa-list": "list-details", "fa-info": "info-circle", "fa-check": "check",
}  # fmt: skip


# -- what templates may call ---------------------------------------------------------------------------------
@lru_cache(maxsize=128)
def _digest(path: str, changed: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]


def asset(filename: str) -> str:
    """The address of a file under static/, with its digest: browsers may keep it and still get news."""
    path = Path(current_app.static_folder or "") / filename
    mark = _digest(str(path), path.stat().st_mtime_ns) if path.is_file() else ""
    return f"{request.script_root}{current_app.static_url_path}/{filename}" + (f"?v={mark}" if mark else "")


@lru_cache(maxsize=2)
def _sprite(path: str, changed: int) -> frozenset[str]:
    return frozenset(re.findall(r'<symbol id="([^"]+)"', Path(path).read_text()))


def icon(name: str | None, cls: str = "") -> str:
    """One icon of the sprite, hidden from screen readers; an unknown name draws a list."""
    if not name:
        return ""
    name = FONT_AWESOME.get(name, name.removeprefix("fa-"))
    path = Path(current_app.static_folder or "") / "icons.svg"
    if name not in _sprite(str(path), path.stat().st_mtime_ns):
        name = "list-details"
    svg = '<svg class="i {}" aria-hidden="true"><use href="{}#{}"/></svg>'
    return Markup(svg).format(cls, asset("icons.svg"), name)


def link(endpoint: str, **values: Any) -> str:
    """The address of an endpoint, or '' when there is none: templates leave out what does not exist."""
    try:
        return url_for(endpoint, **values)
    except BuildError:
        return ""


def row_link(
    row_url: str | Callable[[Any, Mapping[str, Any]], str] | None, pk: Any, row: Mapping[str, Any]
) -> str:
    """Where a grid row leads: `row_url` is an endpoint taking `pk`, or a function of (pk, row)."""
    if not row_url:
        return ""
    return row_url(pk, row) if callable(row_url) else link(row_url, pk=pk)


def _here(args: Mapping[str, Any]) -> str:
    query = urlencode({k: v for k, v in args.items() if v not in (None, "", [])}, doseq=True)
    return request.script_root + request.path + ("?" + query if query else "")


def url_with(**changes: Any) -> str:
    """This page with some query arguments set; None takes one away."""
    return _here({**request.args.to_dict(flat=False), **changes})


def url_drop(*names: str) -> str:
    """This page without these query arguments, on its first page."""
    return _here(
        {k: v for k, v in request.args.to_dict(flat=False).items() if k not in names and k[:5] != "page_"}
    )


def url_filters(filters: Mapping[str, str]) -> str:
    """This list with exactly these filters; the order is kept."""
    kept = {k: v for k, v in request.args.to_dict(flat=False).items() if not k.startswith(("_flt_", "page_"))}
    return _here({**kept, **filters})


def show_value(value: Any) -> Any:
    """A cell as people read it: Beijing time, 是/否, a few of many, a dash for nothing."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return (value.astimezone(BEIJING) if value.tzinfo else value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple, set)):
        return _several([str(item) for item in value])
    return value


def _several(words: list[str]) -> str:
    if not words:
        return "—"
    shown = "、".join(words[:VALUES_IN_A_CELL])
    return (
        shown
        if len(words) <= VALUES_IN_A_CELL
        else _("%(some)s 等 %(count)s 项", some=shown, count=len(words))
    )


def side_menu() -> list[dict[str, Any]]:
    """The menu of the person who is logged in, asked for once a request; `current` marks where they are."""
    if "side_menu" not in g:
        items = [i for i in current_app.appbuilder.menu.get_data() if isinstance(i, dict)]
        for item in items:
            item["childs"] = [c for c in item.get("childs") or [] if isinstance(c, dict) and c.get("url")]
        g.side_menu = [i for i in items if i["childs"] or i.get("url")]
        _mark_current(g.side_menu)
    return g.side_menu


def _mark_current(items: Iterable[dict[str, Any]]) -> None:
    entries = [entry for item in items for entry in (item["childs"] or [item])]
    here = request.script_root + request.path

    def reach(entry: dict[str, Any]) -> int:
        base = entry["url"].split("?")[0].removesuffix("list/").rstrip("/") + "/"
        return len(base) if base != "/" and (here + "/").startswith(base) else 0

    nearest = max(entries, key=reach, default=None)
    if nearest is not None and reach(nearest):
        nearest["current"] = True


def bottom_bar() -> list[tuple[str, str, str]]:
    """(label, icon, address) of the bar that phones show an applicant; the app registers the provider."""
    return current_app.extensions.get("bottom_bar", list)()


def account_links() -> list[tuple[str, str, str]]:
    """(label, icon, address) of what the account menu offers this person besides; the provider is registered by the app."""
    return current_app.extensions.get("account_links", list)()


def unread_count() -> int:
    """How many messages wait for this person; the provider is registered by the app."""
    return current_app.extensions.get("unread_count", int)()


def page_lang() -> str:
    """The value of <html lang>: without it browsers choose the wrong Chinese glyphs."""
    locale = get_locale()
    return "zh-CN" if locale is None or locale.language == "zh" else locale.language


TEMPLATE_GLOBALS: tuple[Callable[..., Any], ...] = (
    asset, icon, link, row_link, url_with, url_drop, url_filters, show_value, side_menu, bottom_bar,
    unread_count, account_links, page_lang,
)  # fmt: skip


# -- requests and responses ----------------------------------------------------------------------------------
def _strip_empty_filters() -> Any:
    """A GET form sends empty fields too, and Flask-AppBuilder reads `_flt_3_status=` as "equals nothing"."""
    if request.method != "GET" or not any(
        k.startswith("_flt_") and not v for k, v in request.args.items(multi=True)
    ):
        return None
    args = request.args.to_dict(flat=False)
    return redirect(_here({k: [x for x in v if x or not k.startswith("_flt_")] for k, v in args.items()}))


def _is_static() -> bool:
    return (request.endpoint or "").rpartition(".")[2] == "static"


def _headers(response: Response) -> Response:
    policy = PDF_POLICY if response.mimetype == "application/pdf" else PAGE_POLICY
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    # Asks the object that this request has loaded, never the database: the session may be broken here.
    user = g.get("_login_user")
    if user is not None and not isinstance(user, AnonymousUserMixin) and not _is_static():
        response.headers["Cache-Control"] = "no-store"
    return response


def _frame() -> dict[str, Any]:
    """So that a page that is no Flask-AppBuilder view can extend its frame."""
    builder = getattr(current_app, "appbuilder", None)
    return {"appbuilder": builder, "base_template": builder.base_template} if builder else {}


def install(app: Flask) -> None:
    """Call before `appbuilder.init_app()`: widgets are patched before the first form is made."""
    widgets.install()
    app.jinja_env.globals.update({function.__name__: function for function in TEMPLATE_GLOBALS})
    app.context_processor(_frame)
    app.before_request(_strip_empty_filters)
    app.after_request(_headers)
