"""The language of conditions."""

from __future__ import annotations

from typing import Any

import pytest

from app.applications.sections.declaration import (
    Field,
    Section,
)
from app.catalogue.conditions import BadCondition, parse

pytestmark = pytest.mark.requirement("A6")


HOLDS = [
    ("", {}, False),
    ("always", {}, True),
    ("a in X,Y", {"a": "Y"}, True),
    ("a in X,Y", {"a": "Z"}, False),
    ("a in X", {}, False),
    ("a not in X", {"a": "X"}, False),
    ("a not in X", {}, True),
    ("a empty", {}, True),
    ("a empty", {"a": None}, True),
    ("a empty", {"a": "0"}, False),
    ("a filled", {"a": False}, True),
    ("a filled", {"a": ""}, False),
    ("a >= 2002-01", {"a": "2002-01"}, True),
    ("a >= 2002-01", {"a": "2001-12"}, False),
    ("a >= 2002-01", {}, False),
    ("a >= 9", {"a": 10}, True),
    ("a >= 9", {"a": "8.5"}, False),
    ("E.degree under 4", {"E.degree": "408"}, True),
    ("E.degree under 4", {"E.degree": "4"}, True),
    ("E.degree under 4", {"E.degree": "301"}, False),
    ("E.degree under 4", {}, False),
    ("track in 医疗（含中医）,护理", {"track": "护理"}, True),
    ("a filled and b filled", {"a": "1"}, False),
    ("a filled and b filled", {"a": "1", "b": "1"}, True),
    ("a filled or b filled and c filled", {"a": "1"}, True),
    ("a filled and b filled or c filled", {"c": "1"}, True),
    ("a filled and b filled or c filled", {"a": "1"}, False),
]


@pytest.mark.parametrize(("source", "values", "expected"), HOLDS)
def test_a_condition_holds_or_not(source: str, values: dict[str, Any], expected: bool) -> None:
    parents = {"408": "4", "301": "3"}
    assert parse(source).holds(values, lambda name, code: parents.get(code, "")) is expected


@pytest.mark.parametrize(
    "source", ["a", "a is X", "(a empty)", "a in ", "a empty and", "a in X  or b empty", "a >= "]
)
def test_a_condition_that_cannot_be_read_is_refused(source: str) -> None:
    with pytest.raises(BadCondition):
        parse(source)


def test_a_declaration_that_names_what_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="nowhere"):
        Section("X", "x", 1, fields=(Field("a", "a", required_when="nowhere filled"),))
    with pytest.raises(ValueError, match="nowhere"):
        Section("X", "x", 1, fields=(Field("a", "a", after="nowhere"),))
