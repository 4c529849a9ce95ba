"""A new application: the draft, its number and its pledge, and the rule of one declaration a year."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.applications.choosing.offered import NotStarted, choose
from app.applications.models import Application
from app.audit.services import record
from app.review_bodies.models import DECLARATION, Campaign
from app.review_bodies.queries import is_running
from app.workflow.actor import Actor
from app.workflow.states import Party, State


class PledgeChanged(NotStarted):
    """The text that was confirmed is no longer the campaign's: it has to be read again."""


class AlreadyStarted(NotStarted):
    """一年一次: there is one already; `number` is its number."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


def pledge_digest(text: str) -> str:
    """SHA-256 over the exact text that was shown."""
    return hashlib.sha256(text.encode()).hexdigest()


def free_years(session: Session, applications: Iterable[Application], *, now: datetime) -> set[int]:
    """The years for which a campaign is open now and none of these applications of one person stands in the way."""
    open_now = sa.select(Campaign.year).where(is_running(now), Campaign.service == DECLARATION)
    taken = {
        row.year
        for row in applications
        if row.service == DECLARATION and row.state is not State.CANCELLED and not row.extra_granted
    }
    return set(session.scalars(open_now.distinct())) - taken


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


def in_the_way(session: Session, person_id: int, campaigns: Iterable[Campaign]) -> Application | None:
    """The declaration for which every one of these campaigns would refuse another; None while one of them is free."""
    standing = {year: existing(session, person_id, year) for year in {campaign.year for campaign in campaigns}}
    return next(iter(standing.values()), None) if all(standing.values()) else None


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


def public_number(year: int, serial: int) -> str:
    """The number that people see: the year and at least six digits."""
    return f"LZ{year}{serial:06d}"
