"""Starting an application: which campaigns are open, what may be chosen in them, and the application that follows; and
choosing anew while it is a draft."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload, selectinload

from app.accounts.models import Person
from app.applications.models import Application
from app.applications.services import claim
from app.audit.services import record
from app.catalogue import queries as catalogue
from app.catalogue.lists import CodeList
from app.catalogue.models import Specialty, TitleName, TitleSeries
from app.catalogue.queries import CodeChoice
from app.review_bodies.models import Campaign, CampaignScope
from app.workflow.actor import Actor
from app.workflow.states import Party, State

DECLARATION = "declaration"
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


class NotADraft(NotStarted):
    """What was submitted once keeps its campaign, specialty and title."""


class PledgeChanged(NotStarted):
    """The text that was confirmed is no longer the campaign's: it has to be read again."""


class AlreadyStarted(NotStarted):
    """一年一次: there is one already; `number` is its number."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


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


def pledge_digest(text: str) -> str:
    """SHA-256 over the exact text that was shown."""
    return hashlib.sha256(text.encode()).hexdigest()


def open_campaigns(session: Session, *, now: datetime, service: str = DECLARATION) -> list[Campaign]:
    """The campaigns in which an application can be started now, with body and scopes loaded."""
    return list(
        session.scalars(
            sa.select(Campaign)
            .where(
                Campaign.published,
                Campaign.service == service,
                Campaign.opens_at <= now,
                Campaign.closes_at > now,
            )
            .options(joinedload(Campaign.body), selectinload(Campaign.scopes))
            .order_by(Campaign.closes_at, Campaign.id)
        )
    )


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


def existing(session: Session, person_id: int, year: int, *, besides: int = 0) -> Application | None:
    """The declaration of that year that stands in the way of another."""
    return session.scalar(
        sa.select(Application).where(
            Application.id != besides,
            Application.applicant_id == person_id,
            Application.year == year,
            Application.service == DECLARATION,
            Application.state != State.CANCELLED,
            ~Application.extra_granted,
        )
    )


def start(
    session: Session,
    person: Person,
    *,
    campaign: Campaign,
    specialty: str,
    title: str,
    apply_type: str,
    pledge_version: str,
    now: datetime,
    series: str = "",
    address: str = "",
) -> Application:
    """A new draft in the campaign; number, fee and the confirmed pledge are stored with it.

    Raises CampaignClosed, PledgeChanged, NotOffered, AlreadyStarted.
    """
    chosen = choose(
        session, campaign, specialty=specialty, title=title, apply_type=apply_type, now=now, series=series
    )
    if pledge_version != campaign.pledge_version:
        raise PledgeChanged
    if (found := existing(session, person.id, campaign.year)) is not None:
        raise AlreadyStarted(found.number)
    application = Application(
        number=secrets.token_hex(12),  # until the row has its id
        service=campaign.service,
        year=campaign.year,
        applicant_id=person.id,
        applicant_name=person.name,
        unit_id=person.unit_id,
        campaign_id=campaign.id,
        **asdict(chosen),
        pledge_version=campaign.pledge_version,
        pledge_digest=pledge_digest(campaign.pledge),
        pledge_at=now,
        created_at=now,
        moved_at=now,
    )
    try:
        with session.begin_nested():
            session.add(application)
            session.flush()
    except IntegrityError as error:  # a second tab was faster
        found = existing(session, person.id, campaign.year)
        raise AlreadyStarted(found.number if found else "") from error
    application.number = public_number(campaign.year, application.id)
    actor = Actor(Party.APPLICANT, person_id=person.id, address=address)
    record(session, actor, "start", "application", application.id, now=now, campaign=campaign.id)
    session.flush()
    return application


def change(
    session: Session,
    application: Application,
    actor: Actor,
    *,
    campaign: Campaign,
    chosen: Chosen,
    pledged: str,
    version: int,
    now: datetime,
) -> None:
    """Another choice for a draft, as `choose` has judged it. What was filled in stays; another campaign needs its own
    pledge: `pledged` is the digest of the text that was confirmed now.

    Raises services.Stale, NotADraft, PledgeChanged, AlreadyStarted; the caller then rolls back.
    """
    claim(session, application, version)
    if application.state is not State.DRAFT:
        raise NotADraft
    before = application.campaign_id, application.title_code, application.specialty_code, application.apply_type
    if campaign.id != application.campaign_id:
        if pledged != pledge_digest(campaign.pledge):
            raise PledgeChanged
        found = existing(session, application.applicant_id, campaign.year, besides=application.id)
        if found is not None:
            raise AlreadyStarted(found.number)
        application.campaign_id, application.year = campaign.id, campaign.year
        application.pledge_version, application.pledge_digest = campaign.pledge_version, pledged
        application.pledge_at = now
    for name, value in asdict(chosen).items():
        setattr(application, name, value)
    record(
        session, actor, "change_choice", "application", application.id, now=now, before=list(before),
        after=[campaign.id, chosen.title_code, chosen.specialty_code, chosen.apply_type],
    )
    session.flush()
    session.expire(application, ["campaign"])


def _fees(session: Session, campaign: Campaign, series: str) -> dict[str, int]:
    """The levels of the series that the campaign takes, with the fee of each in fen."""
    query = sa.select(CampaignScope.level_code, CampaignScope.fee_fen).where(
        CampaignScope.campaign_id == campaign.id, CampaignScope.series_code == series
    )
    return {level: fee for level, fee in session.execute(query)}


def public_number(year: int, serial: int) -> str:
    """The number that people see: the year and at least six digits."""
    return f"LZ{year}{serial:06d}"
