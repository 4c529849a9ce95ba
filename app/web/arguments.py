"""The query arguments of a grid, judged before FAB reads them.

FAB matches them unanchored (`xpsize_View` works like `psize_View`), sorts by any attribute it is given, answers 500 to
bad numbers, and drops filters that it cannot parse. Here only what is exactly of the form is let through.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from app.web.rows import LARGEST_INTEGER

TOKEN = re.compile(r"_oc_|_od_|page_|psize_|_flt_")
ORDER = re.compile(r"^(_oc_|_od_|page_|psize_)([A-Za-z]\w*)$")
FILTER = re.compile(r"^_flt_(\d)_([a-z]\w*)$")
MAX_PAGE = 1_000_000
MAX_PAGE_SIZE = 100
MAX_TEXT = 100


def acceptable(view: Any, argument: str, value: str) -> bool:
    """Whether one argument may reach FAB's list, add, edit and show of `view`."""
    if not TOKEN.search(argument):
        return True
    if match := ORDER.match(argument):
        known = {type(each).__name__: each for each in (view, *view._related_views)}
        named = known.get(match.group(2))
        return named is not None and _order_value(match.group(1), value, named)
    if match := FILTER.match(argument):
        return _filter_value(view, int(match.group(1)), match.group(2), value)
    return False


def _order_value(kind: str, value: str, view: Any) -> bool:
    if kind == "_oc_":
        return value in view.order_columns
    if kind == "_od_":
        return value in ("asc", "desc")
    top = MAX_PAGE_SIZE if kind == "psize_" else MAX_PAGE
    lowest = 1 if kind == "psize_" else 0
    return value.isascii() and value.isdigit() and len(value) <= 7 and lowest <= int(value) <= top


def _filter_value(view: Any, index: int, column: str, value: str) -> bool:
    table = view._filters.get_search_filters()
    if column not in table or index >= len(table[column]) or len(value) > MAX_TEXT or "\x00" in value:
        return False
    model = view.datamodel
    if not value:
        return True  # an empty field of a search form; the theme redirects it away
    if model.is_enum(column):
        return value in model.list_columns[column].type.enums
    if model.is_integer(column):
        return bool(re.fullmatch(r"-?[0-9]{1,18}", value)) and abs(int(value)) <= LARGEST_INTEGER
    if model.is_boolean(column):
        return value in ("y", "n")
    if model.is_date(column) or model.is_datetime(column):
        try:
            dt.date.fromisoformat(value)
        except ValueError:
            return False
    return True
