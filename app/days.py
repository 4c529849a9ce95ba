"""Days and hours as people here count them: those of Beijing. Not here: working days (catalogue/workdays)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


def beijing_day(moment: datetime) -> date:
    """The date on the wall in Beijing at an aware moment."""
    return moment.astimezone(BEIJING).date()


def end_of(day: date) -> datetime:
    """The last second of a day of Beijing, in UTC."""
    return datetime.combine(day, time(23, 59, 59), BEIJING).astimezone(UTC)
