"""Days as the notice board counts them: dates of Beijing."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))


def beijing_day(moment: datetime) -> date:
    """The date on the wall in Beijing at an aware moment."""
    return moment.astimezone(BEIJING).date()


def end_of(day: date) -> datetime:
    """The last second of a day of Beijing, in UTC."""
    return datetime.combine(day, time(23, 59, 59), BEIJING).astimezone(UTC)
