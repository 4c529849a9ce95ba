"""What fields can do besides taking a text: forms with check digits, computed values, confirmations, references."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.applications.sections import shapes
from app.applications.sections.completeness import missing
from app.applications.sections.computing import Computed, Operation
from app.applications.sections.declaration import Field, FieldType, Section
from app.applications.sections.problems import ProblemCode
from app.applications.sections.rows_rules import no_repeat
from app.applications.sections.shapes import Shape, ShapeBy
from app.applications.sections.validation import clean
from tests.applications.sections.rows import CONTEXT, ENGINEER, P

pytestmark = pytest.mark.requirement("A6")

FORMS: list[tuple[Shape, dict[str, str], list[str]]] = [
    (shapes.CN_NUMBER,
     {"CN45-1234": "CN45-1234", "cn 45－1234／tb": "CN45-1234/TB", "11-4527/TU": "CN11-4527/TU", "CN：45-1234": "CN45-1234"},
     ["45-1234", "45-1234/5", "CN45-123", "CN45-1234/"]),
    (shapes.ISSN_NUMBER,
     {"0317-8471": "0317-8471", "ISSN 2049 3630": "2049-3630", "2434561x": "2434-561X"},
     ["0317-8472", "0317-847", "abcd-efgh"]),
    (shapes.ISBN_NUMBER,
     {"978-7-111-00000-6": "9787111000006", "ISBN：978 7 111 00000 6": "9787111000006"},
     ["978-7-111-00000-5", "7-111-00000-6", "1234567890123"]),
    (shapes.PATENT_NUMBER,
     {"zl201910123456x": "ZL201910123456.X", "ZL 85100001.0": "ZL85100001.0", "ＺＬ２０１９１０１２３４５６．Ｘ": "ZL201910123456.X"},
     ["ZL201910123456.1", "201910123456.X", "ZL2019101234567"]),
    (shapes.SOFTWARE_NUMBER, {"2023sr0123456": "2023SR0123456"}, ["SR0123456", "2023SR123"]),
    (shapes.SCHOOL_TERM,
     {"2024-2025-1": "2024-2025-1", "2024—2025学年第2学期": "2024-2025-2", "2024-2025学年": "2024-2025"},
     ["2024-2026-1", "2024-2025-3", "2024"]),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "right", "wrong"), FORMS, ids=lambda value: getattr(value, "complaint", None))
def test_a_number_is_brought_into_its_form_or_told(shape: Shape, right: dict[str, str], wrong: list[str]) -> None:
    assert {typed: shape.read(typed) for typed in right} == right
    for typed in wrong:
        result = clean(one(Field("no", "编号", shape=shape)), {"no": typed}, CONTEXT)
        assert result.values == {"no": typed} and result.errors["no"].code is shape.complaint


def one(*fields: Field, **more: Any) -> Section:
    return Section("X", "试", 1, fields, repeats=True, max_rows=9, **more)


def problems(section: Section, *rows: dict[str, Any], **context: Any) -> list[tuple[str | None, str | None, ProblemCode]]:
    found = missing(section, {"rows": list(rows)}, {}, ENGINEER, replace(CONTEXT, **context))
    return [(each.row_id, each.place, each.problem.code) for each in found]


def test_the_kind_of_another_field_chooses_the_form() -> None:
    by = ShapeBy("kind", (("INVENTION", shapes.PATENT_NUMBER), ("SOFTWARE", shapes.SOFTWARE_NUMBER)))
    section = one(Field("kind", "类型"), Field("no", "号", shape=by))
    for kind, no, expected in (
        ("INVENTION", "2023SR0123456", P.NOT_A_PATENT_NUMBER), ("SOFTWARE", "2023SR0123456", None),
        ("SOFTWARE", "ZL201910123456.X", P.NOT_A_SOFTWARE_NUMBER), ("VARIETY", "CNA20190001", None), ("", "x", None),
    ):  # fmt: skip
        errors = clean(section, {"kind": kind, "no": no}, CONTEXT).errors
        assert (errors["no"].code if errors else None) is expected


def test_decimals_compare_as_numbers() -> None:
    words = Field("words", "本人字数（万字）", FieldType.DECIMAL, minimum=0, not_above="total")
    section = one(words, Field("total", "总字数（万字）", FieldType.DECIMAL))
    assert not clean(section, {"words": "9.5", "total": "10"}, CONTEXT).problems
    assert clean(section, {"words": "10.5", "total": "10"}, CONTEXT).errors["words"].code is P.ABOVE_OTHER
    assert clean(section, {"words": "-0.5"}, CONTEXT).errors["words"].code is P.TOO_SMALL


COMPUTED = [
    (Operation.PRODUCT, {"a": "2.5", "b": "18"}, "45"),
    (Operation.SUM, {"a": "30", "b": "62.5"}, "92.5"),
    (Operation.SUM, {"a": "30", "b": ""}, None),
    (Operation.SUM, {"a": "30", "b": "很多"}, None),
    (Operation.MONTHS, {"a": "2023-03-01", "b": "2024-02-29"}, 12),
    (Operation.MONTHS, {"a": "2023-03-15", "b": "2023-09-13"}, 5),
    (Operation.MONTHS, {"a": "2023-09-01", "b": "2023-03-01"}, None),
]


@pytest.mark.parametrize(("operation", "row", "expected"), COMPUTED)
def test_a_value_follows_from_others_and_is_never_typed(
    operation: Operation, row: dict[str, str], expected: str | int | None
) -> None:
    kind = FieldType.DATE if operation is Operation.MONTHS else FieldType.DECIMAL
    total = Field(
        "c", "合计", FieldType.INT if operation is Operation.MONTHS else FieldType.DECIMAL, True, minimum=0,
        computed=Computed(operation, ("a", "b")),
    )
    section = one(Field("a", "甲", kind), Field("b", "乙", kind), total)
    assert clean(section, row | {"c": "999"}, CONTEXT).values["c"] == expected
    assert (total.typed, total.held) == (False, True)
    assert (None, "c", P.EMPTY) not in problems(section, {"id": "r", **row})


def test_what_has_to_be_confirmed_is_told_until_it_is() -> None:
    section = one(Field("hidden", "已隐去患者姓名", FieldType.BOOL, True, must_be_true=True))
    assert problems(section, {"id": "r", "hidden": False}) == [("r", "hidden", P.NOT_CONFIRMED)]
    assert problems(section, {"id": "r", "hidden": True}) == []
    assert problems(section, {"id": "r", "hidden": None}) == [("r", "hidden", P.NOT_CHOSEN)]


def test_a_reference_names_a_row_that_is_there_and_no_row_twice() -> None:
    section = one(
        Field("ref", "成果", FieldType.REFERENCE, True, refers_to=("PAPER",)),
        Field("more", "对应业绩", FieldType.REFERENCES, refers_to=("PAPER", "AWARD")),
        rows_rules=(no_repeat("ref", P.REFERENCE_TWICE),),
    )
    there = frozenset({"PAPER:a", "AWARD:b", "EDU:e"})
    assert problems(section, {"id": "1", "ref": "EDU:e"}, rows=there) == [("1", "ref", P.REFERENCE_GONE)]
    assert problems(section, {"id": "1", "ref": "PAPER:a", "more": "PAPER:a,AWARD:b"}, rows=there) == []
    assert problems(section, {"id": "1", "ref": "PAPER:z", "more": "AWARD:b,PAPER:z"}, rows=there) == [
        ("1", "ref", P.REFERENCE_GONE), ("1", "more", P.REFERENCE_GONE)
    ]  # fmt: skip
    assert problems(section, {"id": "1", "ref": "PAPER:a"}, {"id": "2", "ref": "PAPER:a"}, rows=there) == [
        ("2", "ref", P.REFERENCE_TWICE)
    ]
    assert problems(section, {"id": "1"}, rows=there) == [("1", "ref", P.NOT_CHOSEN)]
