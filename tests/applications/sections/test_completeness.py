"""Completeness: what a stored section still lacks."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from app.applications.sections.completeness import Missing, Uploaded, is_wanted, missing
from app.applications.sections.declaration import (
    Facts,
    FieldType,
)
from app.applications.sections.problems import Problem, ProblemCode
from app.applications.sections.registry import section
from tests.applications.sections.rows import (
    BASIC,
    BASIC_FILES,
    CONTEXT,
    EDU,
    EDU_FILES,
    ENGINEER,
    PROJECT,
    TITLE,
    TITLE_FILES,
    WORK,
    P,
    lacks,
)

pytestmark = pytest.mark.requirement("A6")


COMPLETE = [
    ("BASIC", {"values": BASIC}, BASIC_FILES),
    ("EDU", {"rows": [EDU]}, EDU_FILES),
    ("WORK", {"rows": [WORK]}, {}),
    ("TITLE", {"rows": [TITLE]}, TITLE_FILES),
    ("PROJECT", {"rows": [PROJECT]}, {}),
    ("PROJECT", None, {}),
    ("PROJECT", {"rows": []}, {}),
]


@pytest.mark.requirement("A7")
@pytest.mark.parametrize(("code", "document", "files"), COMPLETE)
def test_a_complete_section_misses_nothing(code: str, document: Any, files: Any) -> None:
    assert lacks(code, document, files) == []


@pytest.mark.requirement("A7")
@pytest.mark.parametrize(
    ("code", "document", "files", "absent"),
    [
        (code, document, files, field.code)
        for code, document, files in COMPLETE[:5]
        for field in section(code).fields
        if field.required and field.typed
    ],
)
def test_each_required_field_is_missed_when_it_is_empty(
    code: str, document: Any, files: Any, absent: str
) -> None:
    kind = section(code).field(absent).type
    if section(code).repeats:
        document = {"rows": [{**document["rows"][0], absent: None}]}
        row_id = document["rows"][0]["id"]
    else:
        document, row_id = {"values": {**document["values"], absent: None}}, None
    expected = {
        FieldType.MONTH: P.EMPTY_MONTH,
        FieldType.DATE: P.EMPTY_DATE,
        FieldType.CODE: P.NOT_CHOSEN,
        FieldType.BOOL: P.NOT_CHOSEN,
    }.get(kind, P.EMPTY)
    assert (row_id, absent, expected) in lacks(code, document, files)


@pytest.mark.requirement("A7")
@pytest.mark.parametrize(
    ("code", "document", "files", "absent"),
    [(code, document, files, key) for code, document, files in COMPLETE[:5] for key in files],
)
def test_each_file_is_missed_when_it_is_not_there(
    code: str, document: Any, files: Any, absent: tuple[str | None, str]
) -> None:
    place = next(item.code for item in section(code).attachments if item.kind == absent[1])
    left = {key: value for key, value in files.items() if key != absent}
    assert lacks(code, document, left) == [(absent[0], place, P.FILE_MISSING)]


@pytest.mark.requirement("A7")
@pytest.mark.parametrize("code", ["EDU", "WORK", "TITLE"])
@pytest.mark.parametrize("document", [None, {}, {"rows": []}])
def test_a_required_section_without_rows_asks_for_one(code: str, document: Any) -> None:
    assert lacks(code, document) == [(None, None, P.SECTION_EMPTY)]


def test_an_untouched_basic_section_names_all_that_it_wants() -> None:
    assert lacks("BASIC", None) == [
        (None, "ethnic", P.NOT_CHOSEN),
        (None, "political", P.NOT_CHOSEN),
        (None, "work_start", P.EMPTY_MONTH),
        (None, "post", P.EMPTY),
        (None, "social_no", P.EMPTY),
        (None, "photo", P.FILE_MISSING),
        (None, "id_front", P.FILE_MISSING),
        (None, "id_back", P.FILE_MISSING),
    ]


def changed(facts: Facts, **values: str) -> Facts:
    return Facts(**{**facts.values(), **values})


NO_DEGREE_FILE = {key: files for key, files in EDU_FILES.items() if key[1] != "DEGREE"}
NO_VERIFY_FILE = {key: files for key, files in EDU_FILES.items() if key[1] != "EDU_VERIFY"}
MANY_YEARS = [{**WORK, "id": str(n), "start": f"{1990 + n}-01", "end": f"{1990 + n}-12"} for n in range(31)]
WHEN = [
    (
        "BASIC",
        {"values": {**BASIC, "social_no": None}},
        BASIC_FILES,
        changed(ENGINEER, unit_nature="SOE"),
        [],
    ),
    (
        "BASIC",
        {"values": BASIC},
        {**BASIC_FILES, (None, "IDCARD_B"): Uploaded(0)},
        changed(ENGINEER, id_type="PASSPORT"),
        [],
    ),
    ("EDU", {"rows": [{**EDU, "degree": "0", "degree_no": None}]}, NO_DEGREE_FILE, ENGINEER, []),
    ("EDU", {"rows": [{**EDU, "degree": None, "degree_no": None}]}, NO_DEGREE_FILE, ENGINEER, []),
    ("EDU", {"rows": [{**EDU, "degree_no": None}]}, EDU_FILES, ENGINEER, [("e1", "degree_no", P.EMPTY)]),
    ("EDU", {"rows": [{**EDU, "start": "1998-09", "end": "2001-12"}]}, NO_VERIFY_FILE, ENGINEER, []),
    ("EDU", {"rows": [EDU]}, {("e1", "EDU"): Uploaded(1)}, changed(ENGINEER, service="reconfirmation"), []),
    (
        "EDU",
        {"rows": [EDU]},
        {**EDU_FILES, ("e1", "EDU"): Uploaded(6)},
        ENGINEER,
        [("e1", "file", P.TOO_MANY_FILES)],
    ),
    (
        "TITLE",
        {"rows": [TITLE]},
        TITLE_FILES,
        changed(ENGINEER, unit_nature="PSU_FULL"),
        [("t1", "employ_start", P.EMPTY_DATE)],
    ),
    ("TITLE", {"rows": [{**TITLE, "cert_no": None}]}, {}, changed(ENGINEER, service="replacement"), []),
    ("TITLE", {"rows": [{**TITLE, "cert_no": None}]}, TITLE_FILES, ENGINEER, [("t1", "cert_no", P.EMPTY)]),
    ("TITLE", None, {}, changed(ENGINEER, level="MID"), []),
    (
        "TITLE",
        {"rows": [{**TITLE, "title": None}]},
        TITLE_FILES,
        changed(ENGINEER, level="MID"),
        [("t1", "title", P.EMPTY)],
    ),
    (
        "BASIC",
        {"values": {**BASIC, "work_start": "2001-01"}},
        BASIC_FILES,
        ENGINEER,
        [(None, "work_start", P.TOO_YOUNG)],
    ),
    ("WORK", {"rows": [{**WORK, "start": "sometime"}]}, {}, ENGINEER, [("w1", "start", P.NOT_A_MONTH)]),
    ("WORK", {"rows": MANY_YEARS}, {}, ENGINEER, [(None, None, P.TOO_MANY_ROWS)]),
]


@pytest.mark.requirement("A7")
@pytest.mark.parametrize(("code", "document", "files", "facts", "expected"), WHEN)
def test_what_is_missing_follows_from_the_facts(
    code: str, document: Any, files: Any, facts: Facts, expected: Any
) -> None:
    assert lacks(code, document, files, facts) == expected


@pytest.mark.parametrize(("first", "second"), list(product((True, False), repeat=2)))
@pytest.mark.parametrize(
    ("code", "row", "field", "none", "twice"),
    [
        ("EDU", EDU, "is_apply_basis", P.NO_BASIS, P.TWO_BASES),
        ("EDU", EDU, "is_highest", None, P.TWO_HIGHEST),
        ("TITLE", TITLE, "is_current", P.NO_CURRENT, P.TWO_CURRENT),
    ],
)
def test_one_row_alone_may_say_yes(
    code: str, row: dict[str, Any], field: str, none: Any, twice: Any, first: bool, second: bool
) -> None:
    yes = {other: False for other in ("is_highest", "is_apply_basis", "is_current")}
    one, two = {**row, "id": "1", field: first}, {**row, **yes, "id": "2", field: second}
    found = [each for each in lacks(code, {"rows": [one, two]}) if each[2] in (none, twice)]
    expected = {(True, True): [("2", field, twice)], (False, False): [(None, field, none)] if none else []}
    assert found == expected.get((first, second), [])


PERIODS = [
    ([("2010-01", "2012-07"), ("2012-07", None)], []),
    ([("2010-01", "2012-07"), ("2012-08", "2013-01")], []),
    ([("2012-07", None), ("2010-01", "2012-07")], []),
    ([("2010-01", "2012-08"), ("2012-07", None)], [("1", "start", P.PERIODS_OVERLAP)]),
    ([("2010-01", None), ("2012-07", None)], [("1", "end", P.TWO_OPEN_ENDS)]),
    ([("2010-01", None), ("2012-07", "2013-01")], [("1", "start", P.PERIODS_OVERLAP)]),
    (
        [("2010-01", "2015-01"), ("2011-01", "2011-06"), ("2015-01", None)],
        [("1", "start", P.PERIODS_OVERLAP)],
    ),
    ([("2010-01", "2010-01"), ("2010-01", "2010-01")], []),
]


@pytest.mark.parametrize(("periods", "expected"), PERIODS)
def test_employments_do_not_overlap(periods: list[tuple[str, str | None]], expected: Any) -> None:
    rows = [{**WORK, "id": str(n), "start": start, "end": end} for n, (start, end) in enumerate(periods)]
    assert lacks("WORK", {"rows": rows}) == expected


def evidence_expected(own: int, page: str | None, pages: int) -> list[tuple[str | None, str, ProblemCode]]:
    found: list[tuple[str | None, str, ProblemCode]] = []
    if own and page:
        found.append(("p1", "pdf_page", P.EVIDENCE_TWICE))
    elif not own and not page:
        found.append(("p1", "pdf_page", P.NO_EVIDENCE))
    elif page and 0 < pages < 8:
        found.append(("p1", "pdf_page", P.PAGES_BEYOND_END))
    return found


@pytest.mark.requirement("A8")
@pytest.mark.parametrize(("own", "page", "pages"), list(product((0, 1), (None, "3-5,8"), (0, 7, 8, 9))))
def test_evidence_stands_in_the_merged_pdf_or_at_the_row_never_both(
    own: int, page: str | None, pages: int
) -> None:
    files, context = {("p1", "PROJECT"): Uploaded(own, own)}, replace(CONTEXT, merged_pages=pages)
    document = {"rows": [{**PROJECT, "pdf_page": page}]}
    assert lacks("PROJECT", document, files, context=context) == evidence_expected(own, page, pages)


@pytest.mark.requirement("A8")
def test_the_merged_pdf_is_asked_for_where_any_row_of_any_section_names_pages_of_it() -> None:
    named, pdf = replace(CONTEXT, pages_named=True), {(None, "ACHIEVE"): Uploaded(1, pages=8)}
    assert lacks("ATTACH", None, context=named) == [(None, "achieve", P.FILE_MISSING)]
    assert lacks("ATTACH", None, pdf, context=named) == []
    assert lacks("ATTACH", None) == []
    assert lacks("PROJECT", None) == []


@pytest.mark.requirement("A8")
def test_optional_evidence_may_be_missing_but_never_stands_in_both_places() -> None:
    project = section("PROJECT")
    mentor = replace(project, merged=replace(project.merged, optional=True))
    for own, page, expected in ((0, None, []), (1, None, []), (0, "8", []), (1, "8", [P.EVIDENCE_TWICE])):
        document, files = {"rows": [{**PROJECT, "pdf_page": page}]}, {("p1", "PROJECT"): Uploaded(own, own)}
        found = missing(mentor, document, files, ENGINEER, CONTEXT)
        assert [each.problem.code for each in found] == expected


def test_what_is_missing_is_told_with_its_place_and_numbers() -> None:
    document = {"rows": [{**PROJECT, "pdf_page": "12"}]}
    assert missing(section("PROJECT"), document, {}, ENGINEER, CONTEXT) == [
        Missing(
            "PROJECT", "p1", "pdf_page", Problem(P.PAGES_BEYOND_END, "pdf_page", {"page": 12, "pages": 8})
        )
    ]


def test_a_page_can_mark_what_is_wanted_as_the_row_stands() -> None:
    edu = section("EDU")
    number, file = edu.field("degree_no"), edu.attachment("verify_file")
    with_degree, without = {**EDU}, {**EDU, "degree": "0", "end": "2001-12"}
    for part in (number, file):
        assert is_wanted(edu, part, with_degree, {}, ENGINEER, CONTEXT) is True
        assert is_wanted(edu, part, without, {}, ENGINEER, CONTEXT) is False
