"""修改申报信息: another campaign, specialty or title for a draft."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from app.applications.choosing.offered import Chosen, NotStarted
from app.applications.choosing.starting import AlreadyStarted, PledgeChanged, existing, pledge_digest
from app.applications.models import Application
from app.applications.services import claim
from app.audit.services import record
from app.review_bodies.models import Campaign
from app.workflow.actor import Actor
from app.workflow.states import State


class NotADraft(NotStarted):
    """What was submitted once keeps its campaign, specialty and title."""


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
