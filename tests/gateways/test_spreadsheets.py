"""Tables are read as they are, nothing in them runs, and a hostile one costs no more than a fair one."""

from __future__ import annotations

import datetime as dt
import io
import time
import zipfile

import pytest
import xlsxwriter

from app.gateways import spreadsheets
from app.gateways.spreadsheets import read_file, read_text


def workbook(*lines, column=0) -> bytes:
    """An .xlsx with these cells on its first sheet; a date becomes a date, a text beginning with = a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy/m/d"})
        for number, cells in enumerate(lines):
            for place, cell in enumerate(cells, column):
                if isinstance(cell, str) and cell.startswith("="):
                    sheet.write_formula(number, place, cell, None, "42")
                elif isinstance(cell, dt.date):
                    sheet.write_datetime(number, place, dt.datetime.combine(cell, dt.time()), day)
                elif cell is not None:
                    sheet.write(number, place, cell)
    return out.getvalue()


def blown(content: bytes, blanks: int) -> bytes:
    """The workbook with so many blanks in its sheet: a few kilobytes that unpack to as many bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                data = data.replace(b"<sheetData>", b"<sheetData>" + b" " * blanks)
            target.writestr(entry.filename, data)
    return out.getvalue()


@pytest.mark.requirement("A6")
def test_cells_come_as_they_stand_with_the_numbers_of_their_lines():
    content = workbook(["名称", "时间"], [], ["甲", dt.date(2020, 3, 1)], [3, 2020.1], ["=1+1", True], [4.5e17, None, "末"])
    assert read_file(content) == [
        (1, ["名称", "时间"]), (3, ["甲", "2020-03-01"]), (4, [3, 2020.1]), (5, ["42", True]), (6, [4.5e17, "", "末"]),
    ]  # fmt: skip
    assert read_file(workbook(["甲"], column=2)) == [(1, ["", "", "甲"])]  # empty columns keep their place


def test_texts_are_read_in_the_encodings_of_office_programs():
    text = "名称,时间\n\"甲,乙\",2020-03\n"
    for content in (text.encode(), text.encode("utf-8-sig"), text.encode("gb18030"), text.encode("utf-16")):
        assert read_file(content) == [(1, ["名称", "时间"]), (2, ["甲,乙", "2020-03"])]
    assert read_text("甲\t乙\r\n\r\n\"两\n行\"\t丙") == [(1, ["甲", "乙"]), (3, ["两\n行", "丙"])]


def test_lines_can_be_put_back_into_a_text_field():
    lines = [(2, ["甲", "两\n行", 3]), (4, ['"引"', "乙\t丙"])]
    assert read_text(spreadsheets.as_text(lines)) == [(2, ["甲", "两\n行", "3"]), (4, ['"引"', "乙\t丙"])]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", spreadsheets.NothingInIt),
        (b" \n\t\n", spreadsheets.NothingInIt),
        (workbook([]), spreadsheets.NothingInIt),
        (b"\x89PNG\r\n\x1a\n\0\0\0", spreadsheets.NotATable),
        (b"<html><table><tr><td>1</td></tr></table></html>", spreadsheets.NotATable),
        (b"PK\x03\x04 and nothing more", spreadsheets.BrokenTable),
        (spreadsheets.OLE + b"\0" * 600, spreadsheets.BrokenTable),
        (spreadsheets.OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), spreadsheets.LockedTable),
        (workbook(["甲"])[:-200], spreadsheets.BrokenTable),
        (b"x" * (2 * 1024 * 1024 + 1), spreadsheets.TooLarge),
        (workbook(*[["甲"]] * 302), spreadsheets.TooManyLines),
        (("甲\n" * 302).encode(), spreadsheets.TooManyLines),
        (workbook(["甲"] * 101), spreadsheets.TooHeavy),
        (workbook(["长" * 30_000] * 14), spreadsheets.TooHeavy),
        (blown(workbook(["甲"]), 70_000_000), spreadsheets.TooHeavy),
    ],
    ids=range(15),
)
def test_what_is_no_fair_table_is_refused_in_its_kind(content, refusal):
    with pytest.raises(refusal):
        read_file(content)


def test_a_workbook_that_lies_about_its_size_dies_alone(monkeypatch):
    monkeypatch.setattr(spreadsheets, "UNPACKED_MAX", 10**12)
    bomb = blown(workbook(["甲"]), 300_000_000)
    begun = time.monotonic()
    with pytest.raises(spreadsheets.TooHeavy):
        read_file(bomb)
    assert time.monotonic() - begun < 2 * spreadsheets.TIMEOUT_S


def test_cells_far_apart_cost_no_memory():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "甲")
        sheet.write(1_048_575, 16_383, "乙")
    with pytest.raises(spreadsheets.TooHeavy):
        read_file(out.getvalue())


def test_only_some_tables_are_read_at_a_time(monkeypatch):
    monkeypatch.setattr(spreadsheets, "WAIT_S", 0.01)
    with spreadsheets._children, spreadsheets._children, pytest.raises(spreadsheets.Busy):
        read_file(workbook(["甲"]))
