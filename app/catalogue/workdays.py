"""Counting working days in China, with the office's own calendar on top. Pure: the overrides are an argument.

A public notice of n working days posted on day D runs from the next day and closes when its n-th working
day has ended: `add_working_days(D, n)` is that last day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

NO_OVERRIDES: Mapping[date, bool] = {}
ONE_DAY = timedelta(days=1)


@cache
def _china() -> Any:
    # Imported on first use: it costs a third of a second, which no start should pay.
    import holidays

    return holidays.country_holidays("CN")


def is_working_day(day: date, overrides: Mapping[date, bool] = NO_OVERRIDES) -> bool:
    """Whether offices work on this day; an override wins, then 法定节假日 and 调休, then the week."""
    said = overrides.get(day)
    return _china().is_working_day(day) if said is None else said


def add_working_days(start: date, n: int, overrides: Mapping[date, bool] = NO_OVERRIDES) -> date:
    """The n-th working day after `start`, which itself never counts; `start` for n = 0.

    Raises ValueError for a negative n.
    """
    if n < 0:
        raise ValueError("working days are counted forward")
    day = start
    while n:
        day += ONE_DAY
        n -= is_working_day(day, overrides)
    return day


def working_days_between(start: date, end: date, overrides: Mapping[date, bool] = NO_OVERRIDES) -> int:
    """How many working days lie after `start` and up to and including `end`; 0 when `end` is not later."""
    days = range(1, (end - start).days + 1)
    return sum(is_working_day(start + timedelta(days=number), overrides) for number in days)
