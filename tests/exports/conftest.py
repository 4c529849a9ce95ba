"""The city of the review tests, and a way to press 导出."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from app.accounts.roles import Role
from tests.factories import City, city, log_in, person
from tests.web.forms import post


@pytest.fixture
def town(session) -> City:
    return city(session)


@pytest.fixture
def operator(app, session, town) -> Any:
    return log_in(app.test_client(), session, person(session, Role.UNIT_OPERATOR, unit_id=town.unit.id, name="韦经办"))


@pytest.fixture
def unit_admin(app, session, town) -> Any:
    return log_in(app.test_client(), session, person(session, Role.UNIT_ADMIN, unit_id=town.unit.id, name="韦管理"))


def export(client, grid, query="", **fields):
    """What 导出 on the list at `grid` answers, with the token of its page."""
    return post(client, f"{grid}/list/?{query}", f"{grid}/export?{query}", **({"format": "xlsx"} | fields))


def xlsx_rows(content):
    """The cells of the first sheet; days and moments as their texts."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    return [[str(cell) if isinstance(cell, date) else cell for cell in row] for row in rows]


def csv_rows(content):
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
