"""The sections of rows: each is complete with a complete row and says what it lacks; what each knows beyond its fields."""

from __future__ import annotations

import csv
from typing import Any

import pytest

from app.applications.sections.completeness import Uploaded
from app.applications.sections.declaration import Facts
from app.applications.sections.registry import is_required, section, sections_for
from app.applications.sections.tracks import MEDICINE, NURSING, PUBLIC_HEALTH
from app.applications.sections.validation import clean
from app.catalogue.lists import CodeList
from app.catalogue.loading import REFERENCE_FOLDER
from tests.applications.sections.complete import (
    ARTIST,
    COACH,
    DOCTOR,
    FACTS,
    FILES,
    PHARMACIST,
    ROWS,
    SUMMARY_TEXT,
    TEACHER,
)
from tests.applications.sections.rows import CONTEXT, ENGINEER, P, codes_of, lacks

pytestmark = pytest.mark.requirement("A6", "A7")


def files_for(code: str, row_id: str = "r1") -> dict[tuple[str | None, str], Uploaded]:
    return {(row_id, kind): Uploaded(1) for kind in FILES.get(code, ())}


def lacking(code: str, files: Any = None, **values: Any) -> list[tuple[str | None, P]]:
    """(place, problem) of one row like the complete one but for `values`."""
    row = {"id": "r1", **ROWS[code], **values}
    files = files_for(code) if files is None else files
    return [(place, problem) for _id, place, problem in lacks(code, {"rows": [row]}, files, FACTS.get(code, ENGINEER))]


@pytest.mark.parametrize("code", ROWS)
def test_a_complete_row_lacks_nothing_and_an_incomplete_one_says_what(code: str) -> None:
    assert lacking(code) == []
    for field in section(code).fields:
        if field.required and field.typed:
            assert field.code in [place for place, _problem in lacking(code, **{field.code: None})], field.code
    for kind in FILES.get(code, ()):
        assert lacking(code, files={}) == [("file", P.FILE_MISSING)], kind


@pytest.mark.parametrize("code", ROWS)
def test_what_a_complete_row_holds_is_read_again_unchanged(code: str) -> None:
    cleaned = clean(section(code), ROWS[code], CONTEXT)
    assert (cleaned.problems, cleaned.values) == ((), ROWS[code])


@pytest.mark.parametrize("code", [code for code in ROWS if section(code).merged and not section(code).merged.optional])
def test_an_achievement_is_proved_in_one_place(code: str) -> None:
    own = {("r1", section(code).attachment("file").kind): Uploaded(1)}
    assert lacking(code, files=own, pdf_page=None) == []
    assert lacking(code, pdf_page=None) == [("pdf_page", P.NO_EVIDENCE)]
    assert lacking(code, files=own) == [("pdf_page", P.EVIDENCE_TWICE)]
    assert lacking(code, pdf_page="9") == [("pdf_page", P.PAGES_BEYOND_END)]


@pytest.mark.parametrize("code", ["MENTOR", "PARTTIME"])
def test_proof_of_guidance_and_posts_is_welcome_in_one_place(code: str) -> None:
    own = {("r1", code): Uploaded(1)}
    assert lacking(code, files=own) == [] == lacking(code, pdf_page="3")
    assert lacking(code, files=own, pdf_page="3") == [("pdf_page", P.EVIDENCE_TWICE)]


REQUIRED = [
    ("TRAIN", [], [ENGINEER, TEACHER, DOCTOR]),
    ("LICENSE", [DOCTOR, TEACHER, Facts("declaration", "05", apply_type="SKILL"), Facts("declaration", "24")],
     [ENGINEER, PHARMACIST, Facts("recognition", "04", "护理"), Facts("declaration", "04", "技术")]),
    ("CE", [ENGINEER, TEACHER], [Facts("recognition", "05")]),
    ("ASSESS", [ENGINEER, DOCTOR], [Facts("recognition", "05")]),
    ("SUMMARY", [ENGINEER, Facts("recognition", "05")], []),
    ("EXAM", [Facts("declaration", "17", level="ASSOC"), Facts("declaration", "04", apply_type="EXAM")],
     [Facts("declaration", "17", level="SENIOR"), ENGINEER]),
    ("GRASS", [Facts("declaration", "05", apply_type="GRASS")], [ENGINEER, TEACHER, DOCTOR]),
    ("MEDWORK", [DOCTOR, PHARMACIST], []),
    ("CASE", [DOCTOR, Facts("declaration", "04", "护理")], [PHARMACIST, Facts("declaration", "04", "公共卫生")]),
    ("TEACH", [TEACHER, Facts("declaration", "01"), Facts("declaration", "13"), Facts("declaration", "21")], []),
    ("CLASSTEACHER", [], [TEACHER]),
]  # fmt: skip


@pytest.mark.parametrize(("code", "wanted", "optional"), REQUIRED, ids=[row[0] for row in REQUIRED])
def test_a_section_is_required_of_whom_the_form_says(code: str, wanted: list[Facts], optional: list[Facts]) -> None:
    for facts in wanted:
        assert is_required(section(code), facts), facts
    for facts in optional:
        assert not is_required(section(code), facts), facts
        assert lacks(code, None, {}, facts) == []


def test_the_tracks_of_the_conditions_are_those_of_the_titles() -> None:
    with (REFERENCE_FOLDER / "title_name.csv").open(encoding="utf-8") as stream:
        known = {row["track"] for row in csv.DictReader(stream) if row["series_code"] == "04"}
    assert {MEDICINE, NURSING, PUBLIC_HEALTH} < known


OWN = {"TEACH", "CLASSTEACHER", "MEDWORK", "CASE", "ARTWORK", "COACH"}


@pytest.mark.parametrize(
    ("facts", "own"),
    [(ENGINEER, set()), (TEACHER, {"TEACH", "CLASSTEACHER"}), (Facts("declaration", "01"), {"TEACH"}),
     (DOCTOR, {"MEDWORK", "CASE"}), (ARTIST, {"ARTWORK"}), (Facts("declaration", "L1"), {"ARTWORK"}), (COACH, {"COACH"}),
     (Facts("recognition", "04"), set())],
)  # fmt: skip
def test_a_series_has_the_sections_of_its_work(facts: Facts, own: set[str]) -> None:
    assert {each.code for each in sections_for(facts)} & OWN == own


VALUES = [
    ("CE", {"public_hours": "29.5"}, {"public_hours": P.TOO_SMALL}),
    ("CE", {"pro_hours": "59"}, {"pro_hours": P.TOO_SMALL}),
    ("CE", {"year": "2027"}, {"year": P.IN_FUTURE}),
    ("CE", {"year": "二〇二五"}, {"year": P.NOT_A_YEAR}),
    ("CE", {"year": "25"}, {"year": P.NOT_A_YEAR}),
    ("LICENSE", {"date": "2020-01-01", "valid_to": "2019-12-31"}, {"valid_to": P.BEFORE_OTHER}),
    ("GRASS", {"start": "2023-03-01", "end": "2023-02-28"}, {"end": P.BEFORE_OTHER}),
    ("AWARD", {"rank": "3", "total": "2"}, {"rank": P.ABOVE_OTHER}),
    ("AWARD", {"rank": "0"}, {"rank": P.TOO_SMALL}),
    ("PATENT", {"kind": "UTILITY", "no": "ZL202299990001.1"}, {"no": P.NOT_A_PATENT_NUMBER}),
    ("PATENT", {"kind": "SOFTWARE", "no": "ZL202299990001.0"}, {"no": P.NOT_A_SOFTWARE_NUMBER}),
    ("PATENT", {"kind": "VARIETY", "no": "CNA20201234.5"}, {}),
    ("PAPER", {"cn": "45-9991"}, {"cn": P.NOT_A_CN_NUMBER}),
    ("PAPER", {"issn": "9990-0018"}, {"issn": P.NOT_AN_ISSN}),
    ("PAPER", {"similarity": "100.5"}, {"similarity": P.TOO_GREAT}),
    ("PAPER", {"url": "cnki"}, {"url": P.NOT_A_URL}),
    ("BOOK", {"isbn": "9787999900017"}, {"isbn": P.NOT_AN_ISBN}),
    ("BOOK", {"words": "10", "total_words": "9.5"}, {"words": P.ABOVE_OTHER}),
    ("TEACH", {"year": "2024-2026-1"}, {"year": P.NOT_A_TERM}),
    ("TEACH", {"weekly": "40.5"}, {"weekly": P.TOO_GREAT}),
    ("TEACH", {"weeks": "26"}, {"weeks": P.TOO_GREAT}),
    ("MEDWORK", {"op_total": "5", "op_34": "6"}, {"op_34": P.ABOVE_OTHER}),
    ("MEDWORK", {"nursing_weeks": "54"}, {"nursing_weeks": P.TOO_GREAT}),
    ("CASE", {"in_date": "2024-04-11", "out_date": "2024-04-10"}, {"out_date": P.BEFORE_OTHER}),
    ("CASE", {"desensitized": "0"}, {"desensitized": P.NOT_CONFIRMED}),
]


def test_wrong_values_are_told_at_their_fields() -> None:
    for code, raw, problems in VALUES:
        assert codes_of(clean(section(code), raw, CONTEXT)) == problems, (code, raw)


READ = [
    ("CE", {"year": "2025年度"}, {"year": 2025}),
    ("CE", {"public_hours": "30", "pro_hours": "62.50"}, {"public_hours": "30", "pro_hours": "62.5", "total": "92.5"}),
    ("TEACH", {"weekly": "12.5", "weeks": "18"}, {"weekly": "12.5", "weeks": 18, "total": "225"}),
    ("TEACH", {"year": "2024-2025学年第1学期"}, {"year": "2024-2025-1"}),
    ("GRASS", {"start": "2023年3月1日", "end": "20240229"}, {"start": "2023-03-01", "end": "2024-02-29", "months": 12}),
    ("BOOK", {"isbn": "978-7-9999-0001-6"}, {"isbn": "9787999900016"}),
    ("PAPER", {"issn": "issn 99900017"}, {"issn": "9990-0017"}),
]


def test_what_people_write_is_understood() -> None:
    for code, raw, values in READ:
        cleaned = clean(section(code), raw, CONTEXT)
        assert (cleaned.values, cleaned.problems) == (values, ()), raw


def rows_of(code: str, *years: int) -> tuple[dict[str, Any], dict[tuple[str | None, str], Uploaded]]:
    rows = [{**ROWS[code], "id": f"r{place}", "year": year} for place, year in enumerate(years, 1)]
    files = {key: value for row in rows for key, value in files_for(code, row["id"]).items()}
    return {"rows": rows}, files


@pytest.mark.parametrize("code", ["CE", "ASSESS", "MEDWORK"])
def test_a_year_is_told_once(code: str) -> None:
    document, files = rows_of(code, 2025, 2024, 2025)
    assert lacks(code, document, files, FACTS.get(code, ENGINEER)) == [("r3", "year", P.YEAR_TWICE)]


def test_the_years_of_further_education_have_no_gap() -> None:
    assert lacks("CE", *rows_of("CE", 2025, 2023, 2024)) == []
    assert lacks("CE", *rows_of("CE", 2025, 2021, 2022)) == [(None, None, P.YEAR_LEFT_OUT)]
    assert lacks("ASSESS", *rows_of("ASSESS", 2025, 2021)) == []


def test_an_examination_is_proved_or_its_exemption_reasoned() -> None:
    assert lacking("EXAM", files={}) == [("file", P.FILE_MISSING)]
    assert lacking("EXAM", files={}, exempt="桂人社发〔2017〕1号，不再要求外语成绩") == []


def test_a_summary_has_a_length() -> None:
    def of(text: str | None) -> list[tuple[str | None, str | None, P]]:
        return lacks("SUMMARY", {"values": {"text": text}})

    assert of(SUMMARY_TEXT) == []
    assert of(None) == [(None, "text", P.EMPTY)]
    assert of("一" * 1499) == [(None, "text", P.TOO_SHORT)]
    assert of("一" * 3001) == [(None, "text", P.TOO_LONG)]


def test_every_hint_of_the_new_sections_is_there_where_a_form_of_writing_is_asked() -> None:
    for code in ROWS:
        for field in section(code).fields:
            assert field.hint or not (field.shape or field.computed or field.not_in_future), (code, field.code)
    assert section("ASSESS").field("grade").choices is CodeList.ANNUAL_ASSESSMENT
