"""Reading bodies, their powers, campaigns and accounts."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.elements import ColumnElement

from app.accounts.models import Person
from app.review_bodies.models import DECLARATION, BodyPower, Campaign, CampaignScope, ReviewBody
from app.workflow.actor import Actor
from app.workflow.states import Party


class NotVisible(Exception):
    """No such body, campaign or account for this actor; at the edge a 404."""


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The office sees all bodies, a body itself and those below it."""
    match actor.party:
        case Party.OFFICE:
            return sa.true()
        case Party.BODY if actor.body_id is not None:
            return sa.or_(ReviewBody.id == actor.body_id, ReviewBody.parent_id == actor.body_id)
        case _:
            return sa.false()


def campaigns_visible_to(actor: Actor) -> ColumnElement[bool]:
    """The office sees all campaigns, a body its own."""
    match actor.party:
        case Party.OFFICE:
            return sa.true()
        case Party.BODY if actor.body_id is not None:
            return Campaign.body_id == actor.body_id
        case _:
            return sa.false()


def staff_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Accounts of bodies and office: all for the office, those of the own body for a body."""
    match actor.party:
        case Party.OFFICE:
            return Person.kind.in_([Party.BODY, Party.OFFICE])
        case Party.BODY if actor.body_id is not None:
            return sa.and_(Person.kind == Party.BODY, Person.body_id == actor.body_id)
        case _:
            return sa.false()


def get_body(session: Session, actor: Actor, body_id: int) -> ReviewBody:
    """The visible body with its powers and parent; raises NotVisible."""
    query = sa.select(ReviewBody).where(visible_to(actor), ReviewBody.id == body_id)
    found = session.scalar(query.options(selectinload(ReviewBody.powers), joinedload(ReviewBody.parent)))
    if found is None:
        raise NotVisible(body_id)
    return found


def get_campaign(session: Session, actor: Actor, campaign_id: int) -> Campaign:
    """The visible campaign with body, its powers, and scopes; raises NotVisible."""
    query = sa.select(Campaign).where(campaigns_visible_to(actor), Campaign.id == campaign_id)
    found = session.scalar(
        query.options(
            joinedload(Campaign.body).selectinload(ReviewBody.powers), selectinload(Campaign.scopes)
        )
    )
    if found is None:
        raise NotVisible(campaign_id)
    return found


def bodies(session: Session, *, active: bool = True) -> list[ReviewBody]:
    """All bodies, by name; without those that were closed, unless `active` is off."""
    query = sa.select(ReviewBody).order_by(ReviewBody.parent_id.is_not(None), ReviewBody.name)
    return list(session.scalars(query.where(ReviewBody.active) if active else query))


def has_authority(session: Session, body_id: int, series_code: str, level_code: str) -> bool:
    """Whether the body decides on titles of this series and level."""
    query = sa.select(BodyPower.id).where(
        BodyPower.body_id == body_id, BodyPower.series_code == series_code, BodyPower.level_code == level_code
    )
    return session.scalar(query) is not None


def is_running(now: datetime) -> ColumnElement[bool]:
    """The condition on Campaign that it takes applications now."""
    return sa.and_(Campaign.published, Campaign.opens_at <= now, Campaign.closes_at > now)


def open_campaigns(session: Session, *, now: datetime, service: str = DECLARATION) -> list[Campaign]:
    """The published campaigns that take applications now, with body and scopes, the one that closes first first."""
    query = (
        sa.select(Campaign)
        .where(is_running(now), Campaign.service == service)
        .options(joinedload(Campaign.body), selectinload(Campaign.scopes))
        .order_by(Campaign.closes_at, Campaign.id)
    )
    return list(session.scalars(query))


def counts_until(session: Session, series_code: str, level_code: str, *, now: datetime) -> date | None:
    """资历截止日 of the running campaign that takes this series and level, of several the one that closes next; None
    without one."""
    campaign = session.scalar(
        sa.select(Campaign)
        .join(CampaignScope)
        .where(
            is_running(now),
            CampaignScope.series_code == series_code, CampaignScope.level_code == level_code,
        )
        .order_by(Campaign.closes_at, Campaign.id)
        .limit(1)
    )  # fmt: skip
    return campaign.counts_until if campaign else None
