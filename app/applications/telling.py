"""What the unit and the applicant are told when an applicant acts (reactions to events)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.days import BEIJING
from app.messages.services import tell, tell_unit
from app.review_bodies.models import Campaign
from app.units.models import Unit
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


def tell_applicant_submitted(session: Session, happened: Happened) -> None:
    """What was submitted, where to, and until when the unit must report it up."""
    application = happened.application
    campaign = session.get_one(Campaign, application.campaign_id)
    unit = session.get_one(Unit, application.unit_id)
    tell(
        session,
        session.get_one(Person, application.applicant_id),
        template="RECEIVED",
        now=happened.at,
        application_id=application.id,
        title=application.title_name,
        unit=unit.name,
        number=application.number,
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


def tell_unit_withdrawn(session: Session, happened: Happened) -> None:
    """What the unit had reported up is withdrawn: it ends there too."""
    application = happened.application
    if application.unit_id is not None:
        tell_unit(
            session,
            application.unit_id,
            template="WITHDRAWN_UNIT",
            now=happened.at,
            application_id=application.id,
            name=application.applicant_name,
            title=application.title_name,
        )
