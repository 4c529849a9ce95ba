"""What the unit is told when an applicant acts (reactions to events)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.days import BEIJING
from app.messages.services import tell_unit
from app.review_bodies.models import Campaign
from app.workflow.events import Happened


def tell_unit_submitted(session: Session, happened: Happened) -> None:
    """Somebody's material waits for the unit."""
    application = happened.application
    campaign = session.get(Campaign, application.campaign_id)
    if application.unit_id is None or campaign is None:
        return
    tell_unit(
        session,
        application.unit_id,
        template="SUBMITTED",
        now=happened.at,
        application_id=application.id,
        name=application.applicant_name,
        title=application.title_name,
        deadline=f"{campaign.unit_closes_at.astimezone(BEIJING):%Y-%m-%d}",
    )


def tell_unit_return_requested(session: Session, happened: Happened) -> None:
    """Somebody asks for the own material back."""
    application = happened.application
    if application.unit_id is not None:
        tell_unit(
            session,
            application.unit_id,
            template="WITHDRAW_REQ",
            now=happened.at,
            application_id=application.id,
            name=application.applicant_name,
        )
