"""Cleaning: what was typed becomes values, or a problem that keeps what was typed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.applications.sections import normalising
from app.applications.sections.declaration import (
    Section,
)
from app.applications.sections.problems import Problem, ProblemCode
from app.applications.sections.registry import SECTIONS, section
from app.applications.sections.validation import Cleaned, clean
from tests.applications.sections.rows import (
    CONTEXT,
    P,
    cleaned,
    codes_of,
)

pytestmark = pytest.mark.requirement("A6")


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
