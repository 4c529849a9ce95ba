"""The document of a section: {"values": …}, or {"rows": [{"id": …, …}]} for one that repeats. Each change here makes a new
document of an old one; whether it may be made, and that it is stored, is saving's. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

MAX_BYTES = 400_000
ROW_ID_LENGTH = 12
NEW_ROW = re.compile(rf"[0-9a-f]{{{ROW_ID_LENGTH}}}")
# Which version of the document last changed these values: {"": …} for the section, {row id: …} for a row.
TOUCHED = "touched"
DELETED = "deleted"  # the row that was deleted last, and where it stood

Document = Mapping[str, Any]


def empty(repeats: bool) -> dict[str, Any]:
    return {"rows": []} if repeats else {"values": {}}


def rows_of(document: Document) -> list[dict[str, Any]]:
    return list(document.get("rows") or ())


def values_at(document: Document, row_id: str) -> dict[str, Any] | None:
    """The values of the section ("") or of one row, without its id; None for a row that is not there."""
    if not row_id:
        return dict(document.get("values") or {})
    found = next((row for row in rows_of(document) if row["id"] == row_id), None)
    return {key: value for key, value in found.items() if key != "id"} if found is not None else None


def filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def version_of(document: Document, row_id: str) -> int:
    """The version of the document that last changed the section ("") or the row; 0 where none did."""
    return int((document.get(TOUCHED) or {}).get(row_id, 0))


def with_values(document: Document, row_id: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The section ("") or the row with these values; a row that is not there comes last."""
    if not row_id:
        return {**document, "values": dict(values)}
    rows, fresh = rows_of(document), {"id": row_id, **values}
    place = _place(rows, row_id)
    return {**document, "rows": [*rows, fresh] if place is None else [*rows[:place], fresh, *rows[place + 1 :]]}


def with_rows(document: Document, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """These rows behind those that are there. One of them that had been deleted is back: restoring it too would make two
    rows of one id."""
    deleted = document.get(DELETED)
    is_back = deleted and deleted["row"]["id"] in {row["id"] for row in rows}
    kept = {key: value for key, value in document.items() if not (is_back and key == DELETED)}
    return {**kept, "rows": [*rows_of(document), *rows]}


def without_row(document: Document, row_id: str) -> dict[str, Any] | None:
    """The row taken away, kept for `with_deleted`; None where there is no such row."""
    rows = rows_of(document)
    place = _place(rows, row_id)
    if place is None:
        return None
    return {**document, DELETED: {"row": rows[place], "at": place}, "rows": rows[:place] + rows[place + 1 :]}


def with_deleted(document: Document) -> tuple[dict[str, Any], str] | None:
    """The row deleted last back in its place, with its id; None where none was deleted."""
    kept = dict(document)
    deleted = kept.pop(DELETED, None)
    if not deleted:
        return None
    rows = rows_of(document)
    rows.insert(deleted["at"], deleted["row"])
    return {**kept, "rows": rows}, deleted["row"]["id"]


def with_row_moved(document: Document, row_id: str, by: int) -> dict[str, Any] | None:
    """The row `by` places further down (negative: up); None where it cannot go there."""
    rows = rows_of(document)
    place = _place(rows, row_id)
    if place is None or not 0 <= place + by < len(rows):
        return None
    rows.insert(place + by, rows.pop(place))
    return {**document, "rows": rows}


def touched(document: Document, places: Collection[str], version: int) -> dict[str, Any]:
    """The document with the note that `version` changed these places: "" or ids of rows."""
    if not places:
        return dict(document)
    return {**document, TOUCHED: {**(document.get(TOUCHED) or {}), **dict.fromkeys(places, version)}}


def is_too_large(document: Document) -> bool:
    return len(json.dumps(document, ensure_ascii=False).encode()) > MAX_BYTES


def _place(rows: Sequence[Mapping[str, Any]], row_id: str) -> int | None:
    return next((index for index, row in enumerate(rows) if row["id"] == row_id), None)
