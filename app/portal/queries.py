"""What the public pages show from the database: running campaigns and public notices. Everything here is public."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.days import BEIJING, beijing_day
from app.public_notices.models import NoticeEntry, NoticeMethod, PublicNotice
from app.review_bodies.models import Campaign, ReviewBody


@dataclass(frozen=True)
class RunningCampaign:
    """`days_left` counts from today to the closing day (0: closes today); `gone` is the part of the window that is over,
    in percent."""

    body: str
    name: str
    opens: datetime
    closes: datetime
    days_left: int
    gone: int


@dataclass(frozen=True)
class RunningNotice:
    """`days_left` in calendar days, 0 on the last one; negative when it is over."""

    token: str
    title: str
    kind: str
    posted_on: date
    closes_on: date
    people: int
    days_left: int


def running_campaigns(session: Session, now: datetime, *, limit: int = 50) -> list[RunningCampaign]:
    """The campaigns that take applications now, the one that closes next first."""
    rows = session.execute(
        sa.select(ReviewBody.name, Campaign.name, Campaign.opens_at, Campaign.closes_at)
        .join(ReviewBody, ReviewBody.id == Campaign.body_id)
        .where(Campaign.published, Campaign.opens_at <= now, Campaign.closes_at > now)
        .order_by(Campaign.closes_at, Campaign.id)
        .limit(limit)
    )
    return [
        RunningCampaign(
            body, name, opens.astimezone(BEIJING), closes.astimezone(BEIJING),
            (beijing_day(closes) - beijing_day(now)).days, round((now - opens) / (closes - opens) * 100),
        )
        for body, name, opens, closes in rows
    ]  # fmt: skip


def public_notices(session: Session, now: datetime, *, limit: int, over: bool = False) -> Sequence[RunningNotice]:
    """公示 on the platform that run today, or (`over`) those that ended, the newest first. Entries that a return has ended
    are not counted."""
    day = beijing_day(now)
    people = (
        sa.select(sa.func.count())
        .where(NoticeEntry.notice_id == PublicNotice.id, NoticeEntry.ended_at.is_(None))
        .scalar_subquery()
    )
    when = PublicNotice.closes_on < day if over else PublicNotice.closes_on >= day
    rows = session.execute(
        sa.select(
            PublicNotice.token, PublicNotice.title, PublicNotice.kind, PublicNotice.posted_on, PublicNotice.closes_on, people
        )
        .where(PublicNotice.method == NoticeMethod.PLATFORM, PublicNotice.posted_on <= day, when, people > 0)
        .order_by(PublicNotice.posted_on.desc(), PublicNotice.id.desc())
        .limit(limit)
    )
    return [
        RunningNotice(token, title, kind.value, posted, closes, count, (closes - day).days)
        for token, title, kind, posted, closes, count in rows
    ]
