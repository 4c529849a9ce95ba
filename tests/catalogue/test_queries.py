"""Reads of the reference data: names, choices found by pinyin, and the narrowing of 拟评资格."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalogue import queries
from app.catalogue.lists import CodeList
from app.catalogue.models import CodeEntry, Specialty, TitleName, WorkdayOverride

pytestmark = pytest.mark.requirement("A6")


def specialties(session: Session, series: str) -> list[Specialty]:
    return list(session.scalars(sa.select(Specialty).where(Specialty.series_code == series)))


def titles(session: Session, series: str, specialty: str, levels: list[str] | None = None) -> list[str]:
    return [title.name for title in queries.qualifications_for(session, series, specialty, levels)]


def retire(session: Session, kind: CodeList, code: str) -> None:
    here = (CodeEntry.list == kind.value, CodeEntry.code == code)
    session.execute(sa.update(CodeEntry).where(*here).values(retired=True))
    queries.forget()


@pytest.mark.parametrize("kind", list(CodeList))
def test_no_list_is_empty(catalogue: Session, kind: CodeList) -> None:
    assert queries.code_choices(catalogue, kind)


def test_a_code_has_a_name_and_an_unknown_one_names_itself(catalogue: Session) -> None:
    assert queries.code_name(catalogue, CodeList.ETHNIC_GROUP, "08") == "壮族"
    assert queries.code_name(catalogue, CodeList.TITLE_LEVEL, "ASSOC") == "副高级"
    assert queries.code_name(catalogue, CodeList.ETHNIC_GROUP, "?") == "?"


def test_a_division_is_shown_with_what_lies_above_it(catalogue: Session) -> None:
    assert queries.code_path(catalogue, CodeList.DIVISION, "450205") == "广西壮族自治区柳州市柳北区"


@pytest.mark.parametrize(
    ("typed", "found"),
    [("zz", ["藏族", "壮族"]), ("ZZ", ["藏族", "壮族"]), ("壮", ["壮族"]), ("08", ["壮族"]), ("qqq", [])],
)
def test_a_nationality_is_found_by_pinyin_name_or_code(
    catalogue: Session, typed: str, found: list[str]
) -> None:
    choices = queries.code_choices(catalogue, CodeList.ETHNIC_GROUP, search=typed)
    assert [choice.name for choice in choices] == found


def test_divisions_are_narrowed_to_the_children_of_one(catalogue: Session) -> None:
    children = queries.code_choices(catalogue, CodeList.DIVISION, parent="450200", limit=3)
    assert [choice.code for choice in children] == ["450202", "450203", "450204"]
    assert len(queries.code_choices(catalogue, CodeList.DIVISION, parent="")) == 34


def test_a_retired_code_is_named_but_offered_only_to_those_who_hold_it(catalogue: Session) -> None:
    retire(catalogue, CodeList.POLITICAL, "03")
    codes = [choice.code for choice in queries.code_choices(catalogue, CodeList.POLITICAL)]
    kept = [choice.code for choice in queries.code_choices(catalogue, CodeList.POLITICAL, keep="03")]
    assert (len(codes), "03" in codes, "03" in kept) == (12, False, True)
    assert queries.code_name(catalogue, CodeList.POLITICAL, "03") == "中国共产主义青年团团员"
    assert queries.StoredCodes(catalogue).knows(CodeList.POLITICAL, "03") is False


def test_lists_are_read_once_and_forgotten_when_told(catalogue: Session) -> None:
    before = queries.code_table(catalogue, CodeList.GENDER)
    assert queries.code_table(catalogue, CodeList.GENDER) is before
    queries.forget()
    assert queries.code_table(catalogue, CodeList.GENDER) is not before


def test_lists_are_read_again_after_a_minute(catalogue: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    before = queries.code_table(catalogue, CodeList.GENDER)
    later = queries.time.monotonic() + queries.KEPT_SECONDS
    monkeypatch.setattr(queries.time, "monotonic", lambda: later)
    assert queries.code_table(catalogue, CodeList.GENDER) is not before


@pytest.mark.requirement("A5")
def test_the_specialty_narrows_the_title(catalogue: Session) -> None:
    engineering = next(each for each in specialties(catalogue, "05") if each.tracks == ["工程"])
    assert titles(catalogue, "05", engineering.code) == [
        "正高级工程师",
        "高级工程师",
        "工程师",
        "助理工程师",
        "技术员",
    ]
    assert titles(catalogue, "05", engineering.code, ["ASSOC", "MID"]) == ["高级工程师", "工程师"]
    assert titles(catalogue, "05", engineering.code, []) == []


@pytest.mark.requirement("A5")
def test_levels_got_by_examination_only_are_not_offered(catalogue: Session) -> None:
    doctor = next(each for each in specialties(catalogue, "04") if each.name == "心血管内科")
    offered = queries.qualifications_for(catalogue, "04", doctor.code)
    assert {title.level_code for title in offered} == {"SENIOR", "ASSOC"}


@pytest.mark.requirement("A5")
@pytest.mark.parametrize(("series", "specialty"), [("05", "040101"), ("05", "nope"), ("99", "040101")])
def test_a_specialty_that_does_not_belong_offers_no_title(
    catalogue: Session, series: str, specialty: str
) -> None:
    assert titles(catalogue, series, specialty) == []


@pytest.mark.requirement("A5")
def test_every_specialty_leads_to_a_title_or_to_an_examination(catalogue: Session) -> None:
    tracks = {(title.series_code, title.track) for title in catalogue.scalars(sa.select(TitleName))}
    leading_nowhere = [
        each.code
        for each in catalogue.scalars(sa.select(Specialty))
        if not any((each.series_code, track) in tracks for track in each.tracks)
    ]
    assert leading_nowhere == []


@pytest.mark.requirement("U6")
def test_the_office_calendar_is_read_as_overrides(catalogue: Session) -> None:
    catalogue.add(WorkdayOverride(date=dt.date(2027, 4, 9), is_workday=False, note="壮族三月三"))
    catalogue.flush()
    queries.forget()
    assert queries.workday_overrides(catalogue) == {dt.date(2027, 4, 9): False}
