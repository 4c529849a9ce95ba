"""What can be chosen in a campaign: specialties, titles and types of application."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalogue import queries as catalogue
from app.catalogue.lists import CodeList
from app.catalogue.models import Specialty, TitleName, TitleSeries
from app.catalogue.queries import CodeChoice
from app.review_bodies.models import DECLARATION, Campaign, CampaignScope

# 申报类型 that are businesses of their own; all others belong to 职称申报.
OWN_BUSINESS = {"INIT": "recognition", "RECONF": "reconfirmation"}


class NotStarted(Exception):
    """Base of the reasons why no application was started."""


class CampaignClosed(NotStarted):
    """Not published, not of this service, not open yet, or over."""


class NotOffered(NotStarted):
    """The campaign does not take this specialty or title; `field` is series, specialty, title or apply_type."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True)
class Choice:
    """An option of a narrowing list; `within` holds the values of the list above under which it is offered."""

    value: str
    label: str
    find: str = ""
    within: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choices:
    """评审会, 专业 and 拟评资格; a specialty's value is `<campaign>-<code>`, because what it leads to depends on both."""

    campaigns: tuple[Choice, ...]
    specialties: tuple[Choice, ...]
    titles: tuple[Choice, ...]


@dataclass(frozen=True)
class Chosen:
    """What a campaign takes: a title of a specialty, with its fee in fen. Named as the application's columns."""

    series_code: str
    specialty_code: str
    level_code: str
    title_code: str
    title_name: str
    apply_type: str
    fee_fen: int


def choices(session: Session, campaigns: Sequence[Campaign]) -> Choices:
    """What can be chosen in these campaigns, in a handful of statements however many there are."""
    wanted = {scope.series_code for campaign in campaigns for scope in campaign.scopes}
    series = {
        row.code: row for row in session.scalars(sa.select(TitleSeries).where(TitleSeries.code.in_(wanted)))
    }
    specialties = session.scalars(
        sa.select(Specialty)
        .where(Specialty.series_code.in_(wanted), ~Specialty.retired)
        .order_by(Specialty.series_code, Specialty.position, Specialty.code)
    ).all()
    titles = session.scalars(
        sa.select(TitleName)
        .where(TitleName.series_code.in_(wanted), ~TitleName.retired)
        .order_by(TitleName.series_code, TitleName.position)
    ).all()
    places: list[Choice] = []
    under: dict[str, list[str]] = {}
    for campaign in campaigns:
        levels = {(scope.series_code, scope.level_code) for scope in campaign.scopes}
        for specialty in specialties:
            fitting = list(_titles(specialty, titles, series[specialty.series_code], levels))
            if fitting:
                value = f"{campaign.id}-{specialty.code}"
                places.append(Choice(value, specialty.name, specialty.initials, (str(campaign.id),)))
                for title in fitting:
                    under.setdefault(title.code, []).append(value)
    return Choices(
        tuple(Choice(str(each.id), f"{each.body.name} {each.name}") for each in campaigns),
        tuple(places),
        tuple(
            Choice(title.code, f"{title.name}（{title.level.name}）", "", tuple(under[title.code]))
            for title in titles
            if title.code in under
        ),
    )


def _titles(
    specialty: Specialty, titles: Iterable[TitleName], series: TitleSeries, levels: set[tuple[str, str]]
) -> Iterable[TitleName]:
    for title in titles:
        if (
            title.series_code == specialty.series_code
            and title.track in specialty.tracks
            and (title.series_code, title.level_code) in levels
            and title.level_code not in series.exam_levels
        ):
            yield title


def apply_types(session: Session, service: str = DECLARATION) -> list[CodeChoice]:
    """The types of application that fit the business."""
    return [
        each
        for each in catalogue.code_choices(session, CodeList.APPLY_TYPE)
        if OWN_BUSINESS.get(each.code, DECLARATION) == service
    ]


def choose(
    session: Session,
    campaign: Campaign,
    *,
    specialty: str,
    title: str,
    apply_type: str,
    now: datetime,
    series: str = "",
) -> Chosen:
    """What was asked for, as the campaign takes it now; raises CampaignClosed or NotOffered."""
    if (
        not campaign.published
        or campaign.service != DECLARATION
        or not campaign.opens_at <= now < campaign.closes_at
    ):
        raise CampaignClosed
    wanted = session.get(Specialty, specialty)
    if wanted is None or series not in ("", wanted.series_code):
        raise NotOffered("specialty")
    fees = _fees(session, campaign, wanted.series_code)
    if not fees:
        raise NotOffered("specialty")
    offered = catalogue.qualifications_for(session, wanted.series_code, specialty, list(fees))
    found = next((each for each in offered if each.code == title), None)
    if found is None:
        raise NotOffered("title")
    if apply_type not in {each.code for each in apply_types(session)}:
        raise NotOffered("apply_type")
    return Chosen(
        wanted.series_code, specialty, found.level_code, found.code, found.name, apply_type, fees[found.level_code]
    )


def _fees(session: Session, campaign: Campaign, series: str) -> dict[str, int]:
    """The levels of the series that the campaign takes, with the fee of each in fen."""
    query = sa.select(CampaignScope.level_code, CampaignScope.fee_fen).where(
        CampaignScope.campaign_id == campaign.id, CampaignScope.series_code == series
    )
    return {level: fee for level, fee in session.execute(query)}
