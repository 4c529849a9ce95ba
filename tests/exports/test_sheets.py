"""The writers: each kind of cell in both formats, and nothing that a spreadsheet would run."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime

import pytest

from app.exports.models import SheetFormat
from app.exports.sheets import SheetColumn, write
from tests.exports.conftest import csv_rows, xlsx_rows

pytestmark = pytest.mark.requirement("U4", "U8", "R2")

COLUMNS = [
    SheetColumn("文字", ("a",)),
    SheetColumn("合并", ("b", "c"), lambda first, second: f"{first}，{second}"),
    SheetColumn("值", ("d",)),
]
RISKY = ["=1+1", "+86", "-5", "@SUM(A1)", "\t=1", "\r=1"]


def made(format, rows):
    out = io.BytesIO()
    return write(out, format, COLUMNS, rows), out.getvalue()


def test_cells_are_what_they_are_in_both_formats():
    moment = datetime(2026, 11, 24, 20, 5, tzinfo=UTC)
    rows = [
        ("梁小燕", "工程系列", "建筑", moment), ("450202198804280019", "a", "b", date(2026, 11, 24)), ("", "a", "b", 3), ("x", "a", "b", None),
    ]  # fmt: skip
    count, content = made(SheetFormat.XLSX, rows)
    assert count == 4
    assert xlsx_rows(content) == [
        ["文字", "合并", "值"],
        ["梁小燕", "工程系列，建筑", "2026-11-25 04:05:00"],
        ["450202198804280019", "a，b", "2026-11-24"],
        ["", "a，b", 3.0],
        ["x", "a，b", ""],
    ]
    count, content = made(SheetFormat.CSV, rows)
    assert count == 4
    assert csv_rows(content) == [
        ["文字", "合并", "值"],
        ["梁小燕", "工程系列，建筑", "2026-11-25 04:05"],
        ["'450202198804280019", "a，b", "2026-11-24"],
        ["", "a，b", "3"],
        ["x", "a，b", ""],
    ]


def test_a_cell_that_begins_like_a_formula_stays_text():
    rows = [(text, "a", "b", None) for text in RISKY]
    _count, content = made(SheetFormat.CSV, rows)
    assert [row[0] for row in csv_rows(content)[1:]] == [f"'{text}" for text in RISKY]
    _count, content = made(SheetFormat.XLSX, rows)
    assert [row[0] for row in xlsx_rows(content)[1:4]] == RISKY[:3]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
        assert b'quotePrefix="1"' in archive.read("xl/styles.xml")


def test_no_rows_is_a_heading():
    assert xlsx_rows(made(SheetFormat.XLSX, [])[1]) == [["文字", "合并", "值"]]
    assert csv_rows(made(SheetFormat.CSV, [])[1]) == [["文字", "合并", "值"]]
