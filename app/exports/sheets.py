"""Rows written as a workbook or as text, one after the other: the memory stays the same however many there are.

What people typed stays text in both: nothing that a spreadsheet would run as a formula or read as a number."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate
from typing import IO, Any

import xlsxwriter

from app.days import BEIJING
from app.exports.models import SheetFormat

Cell = str | int | float | date | datetime | None
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what begins so
LONGEST_NUMBER = 11  # of a longer one, such as an ID number, a spreadsheet shows and keeps 15 digits only
CELL_MAX = 32_767  # characters that a cell of a workbook holds
DAY, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
MEDIA_TYPES = {
    SheetFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    SheetFormat.CSV: "text/csv; charset=utf-8",
}


@dataclass(frozen=True)
class SheetColumn:
    """A column: `label` is its heading, `sources` are the SQL expressions that it is made of, and `words` makes the cell
    from their values. `width` is in characters."""

    label: Any
    sources: tuple[Any, ...]
    words: Callable[..., Cell] = lambda value: value
    width: int = 16


def write(out: IO[bytes], format: SheetFormat, columns: Sequence[SheetColumn], rows: Iterable[Sequence[Any]]) -> int:
    """Writes heading and rows to `out`; a row holds the values of all sources, column by column. Returns how many."""
    ends = list(accumulate(len(column.sources) for column in columns))
    parts = [(column.words, slice(end - len(column.sources), end)) for column, end in zip(columns, ends, strict=True)]
    return WRITERS[format](out, columns, ([words(*row[part]) for words, part in parts] for row in rows))


def _xlsx(out: IO[bytes], columns: Sequence[SheetColumn], rows: Iterable[list[Cell]]) -> int:
    written = 0
    with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "bottom": 1})
        # the spreadsheet's own mark for "this is text", which also outlives a later save as csv
        guarded = book.add_format({"quote_prefix": True, "num_format": "@"})
        day, moment = book.add_format({"num_format": DAY}), book.add_format({"num_format": MOMENT})
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, str(column.label), bold)
        for written, cells in enumerate(rows, 1):
            for place, cell in enumerate(cells):
                match cell:
                    case str() if cell:
                        sheet.write_string(written, place, cell[:CELL_MAX], guarded if cell.startswith(FORMULA) else None)
                    case datetime():
                        sheet.write_datetime(written, place, _to_the_minute(cell), moment)
                    case date():
                        sheet.write_datetime(written, place, cell, day)
                    case int() | float():
                        sheet.write_number(written, place, cell)
        if written:
            sheet.autofilter(0, 0, written, len(columns) - 1)
    return written


def _to_the_minute(moment: datetime) -> datetime:
    return moment.astimezone(BEIJING).replace(second=0, microsecond=0, tzinfo=None)  # as the pages show it


def _csv(out: IO[bytes], columns: Sequence[SheetColumn], rows: Iterable[list[Cell]]) -> int:
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="")  # by its mark spreadsheets know the encoding
    table, written = csv.writer(text), 0
    table.writerow([str(column.label) for column in columns])
    for cells in rows:
        table.writerow([_as_text(cell) for cell in cells])
        written += 1
    text.detach()
    return written


def _as_text(cell: Cell) -> str | int | float:
    match cell:
        case None:
            return ""
        case str():
            risky = cell.startswith(FORMULA) or (len(cell) > LONGEST_NUMBER and cell.isdigit())
            return f"'{cell}" if risky else cell
        case datetime():
            return f"{_to_the_minute(cell):%Y-%m-%d %H:%M}"
        case date():
            return cell.isoformat()
        case _:
            return cell


WRITERS: Mapping[SheetFormat, Callable[[IO[bytes], Sequence[SheetColumn], Iterable[list[Cell]]], int]] = {
    SheetFormat.XLSX: _xlsx,
    SheetFormat.CSV: _csv,
}
