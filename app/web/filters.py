"""Filters that say what people mean: dates with both end days, and text that an index can serve."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_appbuilder.models.filters import BaseFilter
from flask_appbuilder.models.sqla.filters import FilterEqual, FilterStartsWith, SQLAFilterConverter
from flask_babel import lazy_gettext as _l

from app.days import BEIJING


class FilterNotBefore(BaseFilter):
    """From this day on, the day included (a day of Beijing, for moments)."""

    name = _l("不早于")
    arg_name = "ge"

    def apply(self, query: Any, value: str) -> Any:
        return query.filter(getattr(self.model, self.column_name) >= _start(self, value))


class FilterNotAfter(BaseFilter):
    """Up to this day, the day included."""

    name = _l("不晚于")
    arg_name = "le"

    def apply(self, query: Any, value: str) -> Any:
        column = getattr(self.model, self.column_name)
        if self.datamodel.is_datetime(self.column_name):
            return query.filter(column < _start(self, value) + dt.timedelta(days=1))
        return query.filter(column <= dt.date.fromisoformat(value))


def _start(self: BaseFilter, value: str) -> Any:
    day = dt.date.fromisoformat(value)
    if self.datamodel.is_datetime(self.column_name):
        return dt.datetime.combine(day, dt.time(), BEIJING)
    return day


class FilterPrefix(FilterStartsWith):
    """Begins with; LIKE instead of FAB's ILIKE, so that an index serves it. Wildcards are letters."""

    def apply(self, query: Any, value: str) -> Any:
        return query.filter(getattr(self.model, self.column_name).startswith(value, autoescape=True))


class FilterYesNo(BaseFilter):
    """A boolean column as people choose it: `y` or `n`."""

    name = _l("是或否")
    arg_name = "yn"

    def apply(self, query: Any, value: str) -> Any:
        return query.filter(getattr(self.model, self.column_name).is_(value == "y"))


class GridFilters(SQLAFilterConverter):
    """Which filters a column offers, by its type."""

    conversion_table = (
        ("is_enum", [FilterEqual]),
        ("is_boolean", [FilterYesNo]),
        ("is_text", [FilterPrefix]),
        ("is_string", [FilterPrefix, FilterEqual]),
        ("is_integer", [FilterEqual]),
        ("is_date", [FilterNotBefore, FilterNotAfter]),
        ("is_datetime", [FilterNotBefore, FilterNotAfter]),
    )
