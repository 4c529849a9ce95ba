"""How the document of a section changes: always a new one, the old one stays as it was."""

from __future__ import annotations

import copy

import pytest

from app.applications import documents

pytestmark = pytest.mark.requirement("A7")

A, B, C = ({"id": row_id, "name": name} for row_id, name in (("a", "甲"), ("b", "乙"), ("c", "丙")))
THREE = {"rows": [A, B, C], documents.TOUCHED: {"b": 3}}
WITHOUT_B = {**THREE, "rows": [A, C], documents.DELETED: {"row": B, "at": 1}}


def test_every_change_makes_a_new_document():
    before = copy.deepcopy((THREE, WITHOUT_B))
    for name, made, expected in (
        ("values", documents.with_values({"values": {"x": 1}}, "", {"y": 2}), {"values": {"y": 2}}),
        ("a row", documents.with_values(THREE, "b", {"name": "新"}), {**THREE, "rows": [A, {"id": "b", "name": "新"}, C]}),
        ("a new row", documents.with_values({}, "a", {"name": "甲"}), {"rows": [A]}),
        ("more rows", documents.with_rows({"rows": [A]}, [B, C]), {"rows": [A, B, C]}),
        ("the deleted row is back", documents.with_rows(WITHOUT_B, [B]), {**THREE, "rows": [A, C, B]}),
        ("without a row", documents.without_row(THREE, "b"), WITHOUT_B),
        ("without what is not there", documents.without_row(THREE, "x"), None),
        ("restored", documents.with_deleted(WITHOUT_B), (THREE, "b")),
        ("nothing to restore", documents.with_deleted(THREE), None),
        ("down", documents.with_row_moved(THREE, "a", 1), {**THREE, "rows": [B, A, C]}),
        ("above the first", documents.with_row_moved(THREE, "a", -1), None),
        ("below the last", documents.with_row_moved(THREE, "c", 1), None),
        ("touched", documents.touched(THREE, ["", "c"], 7), {**THREE, documents.TOUCHED: {"b": 3, "": 7, "c": 7}}),
    ):
        assert made == expected, name
    assert before == (THREE, WITHOUT_B)


def test_a_document_is_asked_for_values_and_versions():
    assert documents.values_at(THREE, "b") == {"name": "乙"}
    assert documents.values_at(THREE, "x") is None
    assert documents.values_at({}, "") == {}
    assert (documents.version_of(THREE, "b"), documents.version_of(THREE, "a")) == (3, 0)
    assert not documents.is_too_large(THREE)
    assert documents.is_too_large({"values": {"text": "长" * documents.MAX_BYTES}})
