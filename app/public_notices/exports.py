"""The printed 公示表 of a notice."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta

from app.gateways.documents import PublicNoticeRow, PublicNoticeSheetData
from app.public_notices.models import PublicNotice

COLUMNS = tuple(field.name for field in fields(PublicNoticeRow))


def sheet(notice: PublicNotice, *, poster: str, campaign: str, printed_at: datetime) -> PublicNoticeSheetData:
    """What the sheet says: the frozen entries that still stand, and the days from the one after posting."""
    department, _, telephone = notice.contact.rpartition(" ")
    return PublicNoticeSheetData(
        unit=poster,
        year=notice.posted_on.year,
        campaign=campaign,
        rows=tuple(
            PublicNoticeRow(**{column: str(entry.shown.get(column, "")) for column in COLUMNS})
            for entry in notice.entries
            if entry.ended_at is None
        ),
        starts_on=notice.posted_on + timedelta(days=1),
        ends_on=notice.closes_on,
        working_days=notice.working_days,
        department=department or notice.contact,
        telephone=telephone if department else notice.contact,
        email="—",
        printed_at=printed_at,
        address=notice.place,
    )
