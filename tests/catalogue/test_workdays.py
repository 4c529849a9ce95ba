"""Counting working days: examples of real years, and what holds for every day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalogue.workdays import add_working_days, is_working_day, working_days_between

pytestmark = pytest.mark.requirement("U6")

days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
overrides = st.dictionaries(days, st.booleans(), max_size=5)
counts = st.integers(0, 30)


@pytest.mark.parametrize(
    ("posted", "n", "closes"),
    [
        pytest.param(date(2025, 3, 3), 5, date(2025, 3, 10), id="monday over a weekend"),
        pytest.param(date(2025, 3, 8), 1, date(2025, 3, 10), id="posted on a saturday"),
        pytest.param(date(2025, 9, 30), 5, date(2025, 10, 14), id="over 国庆 and 中秋, 11 October worked"),
        pytest.param(date(2025, 1, 24), 3, date(2025, 2, 5), id="over 春节, 26 January worked"),
        pytest.param(date(2025, 3, 3), 0, date(2025, 3, 3), id="no days at all"),
    ],
)
def test_a_notice_closes_when_its_last_working_day_ends(posted: date, n: int, closes: date) -> None:
    assert add_working_days(posted, n) == closes


def test_the_office_calendar_wins_over_the_national_one() -> None:
    local_holiday = {date(2025, 3, 31): False, date(2025, 3, 29): True}
    assert add_working_days(date(2025, 3, 28), 1) == date(2025, 3, 31)
    assert add_working_days(date(2025, 3, 28), 1, {date(2025, 3, 31): False}) == date(2025, 4, 1)
    assert add_working_days(date(2025, 3, 28), 1, local_holiday) == date(2025, 3, 29)


def test_working_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="forward"):
        add_working_days(date(2025, 3, 3), -1)


@settings(deadline=None, max_examples=60)
@given(days, counts, overrides)
def test_the_day_reached_is_a_working_day_and_as_far_as_was_asked(
    start: date, n: int, calendar: dict[date, bool]
) -> None:
    end = add_working_days(start, n, calendar)
    assert working_days_between(start, end, calendar) == n
    assert n == 0 or is_working_day(end, calendar)


@settings(deadline=None, max_examples=60)
@given(days, counts, counts, overrides)
def test_days_add_up(start: date, a: int, b: int, calendar: dict[date, bool]) -> None:
    middle = add_working_days(start, a, calendar)
    assert add_working_days(middle, b, calendar) == add_working_days(start, a + b, calendar)


@settings(deadline=None, max_examples=60)
@given(days, st.integers(-10, 10))
def test_an_end_that_is_not_later_counts_nothing(start: date, offset: int) -> None:
    end = start - timedelta(days=abs(offset))
    assert working_days_between(start, end) == 0
