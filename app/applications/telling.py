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
    campaign = session.get_one(Campaign, application.campaign_id)
    _tell_unit(session, happened, "SUBMITTED", title=application.title_name, deadline=_unit_closes(campaign))


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
        deadline=_unit_closes(campaign),
    )


def tell_unit_return_requested(session: Session, happened: Happened) -> None:
    """Somebody asks for the own material back."""
    _tell_unit(session, happened, "WITHDRAW_REQ")


def tell_unit_withdrawn(session: Session, happened: Happened) -> None:
    """What the unit had reported up is withdrawn: it ends there too."""
    _tell_unit(session, happened, "WITHDRAWN_UNIT", title=happened.application.title_name)


def _tell_unit(session: Session, happened: Happened, template: str, **values: str) -> None:
    """To the application's unit, where it has one, with the applicant's name."""
    application = happened.application
    if application.unit_id is not None:
        tell_unit(
            session, application.unit_id, template=template, now=happened.at, application_id=application.id,
            name=application.applicant_name, **values,
        )  # fmt: skip


def _unit_closes(campaign: Campaign) -> str:
    return f"{campaign.unit_closes_at.astimezone(BEIJING):%Y-%m-%d}"
