"""How a grid reads its rows: through its scope, in a fixed order, the page's keys first and their relations after, and a
count that stops where nobody counts any more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.models.sqla.interface import SQLAInterface

from app.web.filters import GridFilters

COUNT_CAP = 10_000
CODE_KEY = re.compile(r"[A-Za-z0-9_.-]{1,32}")  # the keys of reference data are their codes
LARGEST_INTEGER = 2**31 - 1  # PostgreSQL fails on a larger one where SQLite finds nothing


def key_of(text: object) -> int | None:
    """The key that an address or a form names; None if no row can have it."""
    given = str(text)
    if not given.isascii() or not given.isdigit() or len(given) > 18:
        return None
    return int(given) if int(given) <= LARGEST_INTEGER else None


class GridRows(SQLAInterface):
    """SQLAInterface that answers a list page with two statements, whatever page, order or filter.

    `eager` are loader options for the relations that the columns show. The list of keys is made from the index alone
    (deferred join), so a deep page does not join what it skips.
    """

    filter_converter_class = GridFilters

    def __init__(self, obj: type, session: Any = None, *, eager: Sequence[Any] = ()) -> None:
        super().__init__(obj, session)
        self.eager = tuple(eager)

    def query(  # type: ignore[override]
        self,
        filters: Any = None,
        order_column: str = "",
        order_direction: str = "",
        page: int | None = None,
        page_size: int | None = None,
        select_columns: list[str] | None = None,
    ) -> tuple[int, list[Any]]:
        """(count up to COUNT_CAP + 1, rows of the page)."""
        matching = self.apply_filters(self.session.query(self.obj), filters)
        key = self.get_pk()
        count = self._count(matching, key)
        ordered = self._ordered(matching.with_entities(key), order_column, order_direction)
        if page_size:
            ordered = ordered.offset((page or 0) * page_size).limit(page_size)
        keys = ordered.subquery()
        rows = self.session.query(self.obj).join(keys, key == keys.c[key.key]).options(*self.eager)
        return count, self._ordered(rows, order_column, order_direction).all()

    def _count(self, matching: Any, key: Any) -> int:
        capped = matching.with_entities(key).order_by(None).limit(COUNT_CAP + 1).subquery()
        return self.session.execute(sa.select(sa.func.count()).select_from(capped)).scalar_one()

    def _ordered(self, query: Any, column: str, direction: str) -> Any:
        key = self.get_pk()
        way = sa.asc if direction == "asc" else sa.desc
        if not column:
            return query.order_by(sa.desc(key))
        attribute = getattr(self.obj, column)
        attribute = getattr(self.obj, getattr(attribute, "_col_name", column))
        return query.order_by(way(attribute), way(key))

    def key_of(self, text: object) -> Any:
        """The key that an address or a form names, or None if it is not of the form that keys of this table have."""
        if self.get_pk().type.python_type is str:
            return str(text) if CODE_KEY.fullmatch(str(text)) else None
        return key_of(text)

    def by_keys(self, keys: Sequence[Any], base_filters: Any) -> list[Any]:
        """The visible rows among `keys`, in one statement, in the order of the keys."""
        query = self.apply_filters(self.session.query(self.obj), base_filters)
        found = {self.get_pk_value(row): row for row in query.filter(self.get_pk().in_(keys)).options(*self.eager)}
        return [found[key] for key in keys if key in found]

    def get(self, id: Any, filters: Any = None, select_columns: list[str] | None = None) -> Any:
        """One visible row by its key, or None; a key that is none of this table is nobody's."""
        key = self.key_of(id)
        if key is None:
            return None
        query = self.apply_filters(self.session.query(self.obj), filters)
        return query.filter(self.get_pk() == key).options(*self.eager).one_or_none()
