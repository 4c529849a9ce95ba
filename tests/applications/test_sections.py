"""The declared sections: conditions, cleaning, completeness, and what the declarations promise."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from itertools import product
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel, force_locale
from hypothesis import given, settings
from hypothesis import strategies as st

from app.applications.sections import normalising
from app.applications.sections.completeness import Missing, Uploaded, is_wanted, missing
from app.applications.sections.conditions import BadCondition, parse
from app.applications.sections.declaration import (
    Attachment,
    Facts,
    Field,
    FieldType,
    Section,
    Source,
)
from app.applications.sections.problems import Problem, ProblemCode
from app.applications.sections.registry import SECTIONS, is_required, section, sections_for
from app.applications.sections.validation import Cleaned, Context, clean
from app.applications.sections.wording import SENTENCES, say, show
from app.catalogue.files import FILES
from app.catalogue.lists import CodeList
from app.catalogue.loading import REFERENCE_FOLDER

pytestmark = pytest.mark.requirement("A6")

P = ProblemCode
TODAY = date(2026, 11, 24)


class FileCodes:
    """The code lists straight from the reference files."""

    def __init__(self) -> None:
        names = {dict(file.fixed)["list"]: file.name for file in FILES if file.is_code_list}
        names |= {"title_level": "title_level", "title_series": "title_series"}
        self.lists: dict[str, dict[str, str]] = {}
        for kind, name in names.items():
            with (REFERENCE_FOLDER / f"{name}.csv").open(encoding="utf-8") as stream:
                rows = list(csv.DictReader(stream))
            self.lists[kind] = {row[next(iter(row))]: row.get("parent") or "" for row in rows}

    def knows(self, kind: CodeList, code: str) -> bool:
        return code in self.lists[kind.value]

    def parent(self, kind: CodeList, code: str) -> str:
        return self.lists[kind.value].get(code, "")


CONTEXT = Context(FileCodes(), TODAY, birth_date=date(1990, 5, 20))
ENGINEER = Facts("declaration", "05", "工程", "ASSOC", "NORMAL", "PRIV", "ID")

BASIC = {
    "former_name": None,
    "ethnic": "08",
    "political": "13",
    "work_start": "2012-07",
    "post": "汽车零部件设计",
    "social_no": "4502001234",
}
BASIC_FILES = {(None, kind): Uploaded(1) for kind in ("PHOTO", "IDCARD_F", "IDCARD_B")}
EDU = {
    "id": "e1",
    "level": "BACHELOR",
    "degree": "408",
    "mode": "FT",
    "school": "广西大学",
    "major": "机械工程",
    "start": "2008-09",
    "end": "2012-07",
    "cert_no": "105931201205001234",
    "degree_no": "1059342012001234",
    "is_highest": True,
    "is_apply_basis": True,
}
EDU_FILES = {("e1", kind): Uploaded(1) for kind in ("EDU", "DEGREE", "EDU_VERIFY")}
WORK = {
    "id": "w1",
    "start": "2012-07",
    "end": None,
    "unit": "柳州某厂",
    "post": "工程师",
    "specialty": "设计",
    "is_pro": True,
}
TITLE = {
    "id": "t1",
    "series": "05",
    "title": "工程师",
    "level": "MID",
    "specialty": "机械",
    "date": "2018-11-30",
    "way": "REVIEW",
    "approve_org": "柳州市职改办",
    "cert_no": "4502201805001",
    "is_current": True,
}
TITLE_FILES = {("t1", "TITLE_CERT"): Uploaded(1)}
PROJECT = {
    "id": "p1",
    "name": "新能源汽车电池包轻量化",
    "kind": "PRODUCT",
    "grade": "UNIT",
    "source": "柳州某厂",
    "start": "2020-03",
    "role": "LEAD",
    "rank": 1,
    "total": 5,
    "status": "CLOSED",
    "duty": "方案设计",
    "effect": "减重12%",
    "pdf_page": "3-5,8",
}
PROJECT_FILES = {(None, "ACHIEVE"): Uploaded(1, pages=8)}


def lacks(
    code: str, document: Mapping[str, Any] | None, files: Any = None, facts: Facts = ENGINEER
) -> list[tuple[str | None, str | None, ProblemCode]]:
    found = missing(section(code), document, files or {}, facts, CONTEXT)
    return [(each.row_id, each.place, each.problem.code) for each in found]


def cleaned(code: str, **raw: Any) -> Cleaned:
    return clean(section(code), raw, CONTEXT)


def codes_of(result: Cleaned) -> dict[str, ProblemCode]:
    return {field: problem.code for field, problem in result.errors.items()}


# ---- conditions

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


# ---- the declarations


def test_the_sections_stand_in_the_order_of_the_form() -> None:
    assert [(each.code, each.name) for each in SECTIONS] == [
        ("BASIC", "基本信息"),
        ("EDU", "学历学位"),
        ("WORK", "工作经历"),
        ("TITLE", "现任职称"),
        ("PROJECT", "业绩成果"),
    ]
    assert [each.order for each in SECTIONS] == sorted(each.order for each in SECTIONS)


SERVICES = {
    "declaration": ["BASIC", "EDU", "WORK", "TITLE", "PROJECT"],
    "recognition": ["BASIC", "EDU", "WORK", "TITLE"],
    "reconfirmation": ["BASIC", "EDU", "WORK", "TITLE"],
    "replacement": ["BASIC", "TITLE"],
    "registration": ["BASIC", "TITLE"],
}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_its_sections(service: str) -> None:
    assert [each.code for each in sections_for(Facts(service))] == SERVICES[service]


def title_is_required(service: str, level: str, apply_type: str) -> bool:
    if apply_type == "CONVERT" or service in ("reconfirmation", "replacement", "registration"):
        return True
    upward = ("NORMAL", "EXC_EDU", "EXC_YEARS", "EXC_BOTH", "GRASS", "EXAM")
    return service == "declaration" and level in ("ASSOC", "SENIOR") and apply_type in upward


@pytest.mark.parametrize(
    ("service", "level", "apply_type"),
    list(
        product(
            SERVICES,
            ("SENIOR", "ASSOC", "MID", "TECH", ""),
            ("NORMAL", "GRASS", "SKIP", "CONVERT", "INIT", ""),
        )
    ),
)
def test_a_current_title_is_required_where_one_must_be_held(
    service: str, level: str, apply_type: str
) -> None:
    facts = Facts(service, "05", "工程", level, apply_type)
    assert is_required(section("TITLE"), facts) is title_is_required(service, level, apply_type)


@pytest.mark.parametrize("each", SECTIONS, ids=lambda each: each.code)
def test_every_choice_has_a_list_or_options(each: Section) -> None:
    lists = set(CONTEXT.codes.lists)  # type: ignore[attr-defined]
    for field in each.fields:
        chooses = field.type in (FieldType.CODE, FieldType.DIVISION)
        assert chooses is bool(field.choices), field.code
        if isinstance(field.choices, CodeList):
            assert field.choices.value in lists


@pytest.mark.parametrize("each", SECTIONS, ids=lambda each: each.code)
def test_attachments_agree_with_the_kinds_of_material(each: Section) -> None:
    with (REFERENCE_FOLDER / "material_type.csv").open(encoding="utf-8") as stream:
        kinds = {row["code"]: row for row in csv.DictReader(stream)}
    for item in each.attachments:
        kind = kinds[item.kind]
        assert item.formats == tuple(kind["formats"].split("|"))
        assert kind["home"] in (f"{each.code}.{item.code}", "ATTACH")
        for name in item.formats:
            assert item.max_bytes(name) == int(kind[f"{name}_max_bytes"])


@pytest.mark.requirement("A8")
def test_pictures_may_have_one_megabyte_and_pdf_thirty() -> None:
    item = Attachment("file", "EDU", "x")
    assert (item.max_bytes("jpg"), item.max_bytes("pdf")) == (1_048_576, 31_457_280)
    with pytest.raises(KeyError):
        Attachment("photo", "PHOTO", "x", ("jpg",)).max_bytes("pdf")


def test_identity_and_unit_values_never_enter_the_document() -> None:
    locked = {field.code: field.source for field in section("BASIC").fields if not field.typed}
    assert locked == {
        **dict.fromkeys(("name", "gender", "id_type", "id_no", "birth_date", "mobile"), Source.PERSON),
        **dict.fromkeys(("review_body", "qualification"), Source.APPLICATION),
        **dict.fromkeys(
            ("unit_name", "unit_uscc", "unit_nature", "unit_level", "unit_division"), Source.UNIT
        ),
    }
    result = cleaned("BASIC", post="设计", **dict.fromkeys(locked, "450202199005201234"))
    assert result == Cleaned({"post": "设计"}, ())


# ---- cleaning

MONTHS = [
    "2012-07",
    "201207",
    "2012.7",
    "2012/07",
    "2012年7月",
    "2012 年 07 月",
    "２０１２－０７",
    " 2012-7 ",
    "2012。7",
]
NO_MONTHS = ["2012", "7月", "2012-13", "2012-00", "20127", "1812-07", "去年", "2012-07-01", "99999-01"]
DATES = ["2018-11-30", "20181130", "2018.11.30", "2018/11/30", "2018年11月30日", "２０１８－１１－３０"]
NO_DATES = ["2018-11", "2018-02-30", "2018-11-31", "2018-13-01", "30.11.2018", "x"]


@pytest.mark.parametrize("typed", MONTHS)
def test_a_month_is_understood(typed: str) -> None:
    assert cleaned("WORK", start=typed) == Cleaned({"start": "2012-07"}, ())


@pytest.mark.parametrize("typed", NO_MONTHS)
def test_what_is_no_month_is_kept_and_told(typed: str) -> None:
    result = cleaned("WORK", start=typed)
    assert result.values == {"start": typed}
    assert result.problems == (Problem(P.NOT_A_MONTH, "start", {"label": "开始时间", "typed": typed}),)


@pytest.mark.parametrize("typed", DATES)
def test_a_date_is_understood(typed: str) -> None:
    assert cleaned("TITLE", date=typed) == Cleaned({"date": "2018-11-30"}, ())


@pytest.mark.parametrize("typed", NO_DATES)
def test_what_is_no_date_is_kept_and_told(typed: str) -> None:
    result = cleaned("TITLE", date=typed)
    assert (result.values, codes_of(result)) == ({"date": typed}, {"date": P.NOT_A_DATE})


CELLS = [
    ("PROJECT", "rank", "３", 3, None),
    ("PROJECT", "rank", "第三", "第三", P.NOT_A_WHOLE_NUMBER),
    ("PROJECT", "rank", "1.5", "1.5", P.NOT_A_WHOLE_NUMBER),
    ("PROJECT", "rank", "0", 0, P.TOO_SMALL),
    ("PROJECT", "rank", "1000", 1000, P.TOO_GREAT),
    ("PROJECT", "rank", "9" * 40, "9" * 40, P.NOT_A_WHOLE_NUMBER),
    ("PROJECT", "rank", 2, 2, None),
    ("PROJECT", "fund", "1,200.50", "1200.5", None),
    ("PROJECT", "fund", "1，200。5", "1200.5", None),
    ("PROJECT", "fund", "0", "0", None),
    ("PROJECT", "fund", "-1", "-1", P.TOO_SMALL),
    ("PROJECT", "fund", "NaN", "NaN", P.NOT_A_NUMBER),
    ("PROJECT", "fund", "1e9", "1e9", P.NOT_A_NUMBER),
    ("PROJECT", "pdf_page", "３－５、8", "3-5,8", None),
    ("PROJECT", "pdf_page", "5-3", "5-3", P.NOT_PAGES),
    ("PROJECT", "pdf_page", "0", "0", P.NOT_PAGES),
    ("PROJECT", "pdf_page", "封面", "封面", P.NOT_PAGES),
    ("PROJECT", "kind", "PRODUCT", "PRODUCT", None),
    ("PROJECT", "kind", "产品研发", "产品研发", P.UNKNOWN_CODE),
    ("PROJECT", "grade", "NAT", "NAT", None),
    ("PROJECT", "grade", "GALAXY", "GALAXY", P.UNKNOWN_CODE),
    ("PROJECT", "duty", "一" * 500, "一" * 500, None),
    ("PROJECT", "duty", "一" * 501, "一" * 501, P.TOO_LONG),
    ("PROJECT", "duty", " 第一段\r\n\r\n\r\n\r\n第二段 ", "第一段\n\n第二段", None),
    ("PROJECT", "name", "\u3000新\u200b型  电池\x00（二）\n", "新型 电池（二）", None),
    ("EDU", "cert_no", "１０５９３Ａ", "10593A", None),
    ("EDU", "is_highest", "1", True, None),
    ("EDU", "is_highest", "0", False, None),
    ("EDU", "is_highest", "是", True, None),
    ("EDU", "is_highest", False, False, None),
    ("EDU", "is_highest", "", None, None),
    ("EDU", "is_highest", "maybe", "maybe", P.NOT_YES_OR_NO),
    ("EDU", "end", "2026-11", "2026-11", None),
    ("EDU", "end", "2026-12", "2026-12", P.IN_FUTURE),
    ("TITLE", "date", "2026-11-24", "2026-11-24", None),
    ("TITLE", "date", "2026-11-25", "2026-11-25", P.IN_FUTURE),
    ("BASIC", "ethnic", "08", "08", None),
    ("BASIC", "ethnic", "77", "77", P.UNKNOWN_CODE),
    ("BASIC", "native_place", "450205", "450205", None),
    ("BASIC", "native_place", "450299", "450299", P.UNKNOWN_CODE),
    ("BASIC", "email", "wei@example.com", "wei@example.com", None),
    ("BASIC", "email", "ｗｅｉ＠example。com", "wei@example.com", None),
    ("BASIC", "email", "wei@example", "wei@example", P.NOT_AN_EMAIL),
    ("BASIC", "work_start", "2006-05", "2006-05", None),
    ("BASIC", "work_start", "2006-04", "2006-04", P.TOO_YOUNG),
    ("BASIC", "address", "   ", None, None),
    ("BASIC", "address", None, None, None),
]


@pytest.mark.parametrize(("code", "field", "typed", "value", "problem"), CELLS)
def test_one_value_is_read_and_checked(
    code: str, field: str, typed: Any, value: Any, problem: ProblemCode | None
) -> None:
    result = cleaned(code, **{field: typed})
    assert result.values == {field: value}
    assert codes_of(result) == ({field: problem} if problem else {})


PAIRS = [
    ("EDU", {"start": "2012-07", "end": "2012-08"}, {}),
    ("EDU", {"start": "2012-07", "end": "2012-07"}, {"end": P.NOT_AFTER}),
    ("EDU", {"start": "2012-07", "end": "2008-09"}, {"end": P.NOT_AFTER}),
    ("EDU", {"start": "nonsense", "end": "2008-09"}, {"start": P.NOT_A_MONTH}),
    ("WORK", {"start": "2012-07", "end": "2012-07"}, {}),
    ("WORK", {"start": "2012-07", "end": "2012-06"}, {"end": P.BEFORE_OTHER}),
    ("PROJECT", {"rank": "5", "total": "5"}, {}),
    ("PROJECT", {"rank": "6", "total": "5"}, {"rank": P.ABOVE_OTHER}),
    ("PROJECT", {"rank": "6", "total": ""}, {}),
    ("TITLE", {"employ_start": "2019-01-01", "employ_end": "2018-12-31"}, {"employ_end": P.BEFORE_OTHER}),
]


@pytest.mark.parametrize(("code", "raw", "problems"), PAIRS)
def test_values_of_one_row_are_compared(
    code: str, raw: dict[str, str], problems: dict[str, ProblemCode]
) -> None:
    assert codes_of(clean(section(code), raw, CONTEXT)) == problems


def test_what_the_section_does_not_know_is_left_out() -> None:
    assert cleaned("WORK", id="w1", csrf_token="x", unit="某厂") == Cleaned({"unit": "某厂"}, ())


@settings(deadline=None, max_examples=80)
@given(st.sampled_from(SECTIONS), st.data())
def test_cleaning_anything_never_fails_and_cleaning_again_changes_nothing(each: Section, data: Any) -> None:
    raw = {field.code: data.draw(st.text(max_size=12)) for field in each.fields}
    once = clean(each, raw, CONTEXT)
    assert clean(each, once.values, CONTEXT) == once


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_writing_of_a_day_gives_that_day(day: date) -> None:
    writings = (
        f"{day.year}{day.month:02}{day.day:02}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
    )
    assert {normalising.iso_date(each) for each in writings} == {day.isoformat()}
    assert normalising.month(f"{day.year}年{day.month}月") == day.isoformat()[:7]


# ---- completeness

COMPLETE = [
    ("BASIC", {"values": BASIC}, BASIC_FILES),
    ("EDU", {"rows": [EDU]}, EDU_FILES),
    ("WORK", {"rows": [WORK]}, {}),
    ("TITLE", {"rows": [TITLE]}, TITLE_FILES),
    ("PROJECT", {"rows": [PROJECT]}, PROJECT_FILES),
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
    if page and not pages:
        found.append((None, "achieve", P.FILE_MISSING))
    return found


@pytest.mark.requirement("A8")
@pytest.mark.parametrize(("own", "page", "pages"), list(product((0, 1), (None, "3-5,8"), (0, 7, 8, 9))))
def test_evidence_stands_in_the_merged_pdf_or_at_the_row_never_both(
    own: int, page: str | None, pages: int
) -> None:
    files = {("p1", "PROJECT"): Uploaded(own, own), (None, "ACHIEVE"): Uploaded(int(pages > 0), pages)}
    document = {"rows": [{**PROJECT, "pdf_page": page}]}
    assert lacks("PROJECT", document, files) == evidence_expected(own, page, pages)


def test_a_merged_pdf_alone_does_not_ask_for_rows() -> None:
    assert lacks("PROJECT", None, PROJECT_FILES) == []


def test_what_is_missing_is_told_with_its_place_and_numbers() -> None:
    document = {"rows": [{**PROJECT, "pdf_page": "12"}]}
    assert missing(section("PROJECT"), document, PROJECT_FILES, ENGINEER, CONTEXT) == [
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


# ---- wording


@pytest.fixture
def babel() -> Flask:
    app = Flask(__name__)
    Babel(app, default_locale="zh")
    return app


def test_every_problem_has_a_sentence() -> None:
    assert set(SENTENCES) == set(ProblemCode)
    assert all(sentence.endswith("。") for sentence in SENTENCES.values())


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (Problem(P.EMPTY_MONTH, "end", {"label": "毕业时间"}), "请填写毕业时间，例如 2012-07。"),
        (
            Problem(P.NOT_AFTER, "end", {"label": "毕业时间", "other": "入学时间"}),
            "毕业时间须晚于入学时间，请检查这两项。",
        ),
        (
            Problem(P.PAGES_BEYOND_END, "pdf_page", {"page": 12, "pages": 8}),
            "合并PDF共8页，没有第12页，请改正页码或重新上传合并PDF。",
        ),
        (Problem(P.NO_BASIS, "is_apply_basis"), "请在一条学历上把「是否申报依据学历」选为「是」。"),
    ],
)
def test_a_problem_is_said_as_a_whole_sentence(babel: Flask, problem: Problem, sentence: str) -> None:
    with babel.test_request_context(), force_locale("zh"):
        assert say(problem) == sentence


def test_every_problem_that_can_be_found_can_be_said(babel: Flask) -> None:
    found = [
        each.problem
        for code, document, _, _, _ in WHEN
        for each in missing(section(code), document, {}, ENGINEER, CONTEXT)
    ]
    found += [
        problem for code, field, typed, _, _ in CELLS for problem in cleaned(code, **{field: typed}).problems
    ]
    with babel.test_request_context():
        assert all("%(" not in say(problem) for problem in found)
    assert len({problem.code for problem in found}) > 15


class Named:
    def name(self, kind: CodeList, code: str) -> str:
        return f"{kind.value}/{code}"


SHOWN = [
    ("EDU", "is_highest", True, "是"),
    ("EDU", "is_highest", False, "否"),
    ("EDU", "level", "BACHELOR", "education/BACHELOR"),
    ("PROJECT", "role", "LEAD", "主持"),
    ("PROJECT", "rank", 1, "1"),
    ("PROJECT", "end", None, ""),
]


@pytest.mark.requirement("A9")
@pytest.mark.parametrize(("code", "field", "value", "words"), SHOWN)
def test_a_stored_value_is_shown_in_words(
    babel: Flask, code: str, field: str, value: Any, words: str
) -> None:
    with babel.test_request_context():
        assert show(section(code).field(field), value, Named()) == words
