"""On what the sections of an application depend: its applicant, unit and campaign, what the office has set, the day."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.accounts.models import Person
from app.applications.models import Application, SectionRule
from app.applications.sections import attach
from app.applications.sections.declaration import Facts
from app.applications.sections.settings import Rule, Settings
from app.applications.sections.validation import Context
from app.catalogue.queries import StoredCodes, materials_of, title_tracks
from app.days import beijing_day
from app.review_bodies.models import Campaign, ReviewBody
from app.units.models import Unit


def load_parts(session: Session, application: Application) -> None:
    """Loads what the relations refuse to load by themselves, where `queries.get` has not done it."""
    for name, model, key in (
        ("applicant", Person, application.applicant_id),
        ("unit", Unit, application.unit_id),
        ("campaign", Campaign, application.campaign_id),
    ):
        if name not in application.__dict__:
            set_committed_value(application, name, session.get(model, key) if key is not None else None)
    campaign = application.campaign
    if "body" not in campaign.__dict__:
        set_committed_value(campaign, "body", session.get(ReviewBody, campaign.body_id))


def facts_for(session: Session, application: Application) -> Facts:
    """What the sections depend on; application with applicant and unit loaded."""
    return Facts(
        service=application.service,
        series=application.series_code,
        track=title_tracks(session).get(application.title_code, ""),
        level=application.level_code,
        apply_type=application.apply_type,
        unit_nature=application.unit.nature_code if application.unit else "",
        id_type=application.applicant.id_type or "",
    )


def settings_for(session: Session, campaign_id: int, service: str) -> Settings:
    """What the office has set for the campaign, in one statement, and what the business asks for."""
    rules = session.execute(
        sa.select(
            SectionRule.section, SectionRule.series_code, SectionRule.level_code, SectionRule.mode,
            SectionRule.min_rows, SectionRule.max_rows, SectionRule.min_length, SectionRule.max_length,
        ).where(SectionRule.campaign_id == campaign_id)
    )
    materials = materials_of(session, service, attach.CODE)
    return Settings(tuple(Rule(*row) for row in rules), materials)


def context_for(session: Session, application: Application, now: datetime) -> Context:
    """What one section can be checked by, before the others are read."""
    return Context(StoredCodes(session), beijing_day(now), application.applicant.birth_date)
