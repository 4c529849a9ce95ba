"""What follows from a decision (reactions to events): the term for corrections, opinions opened again, who is told."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.catalogue.queries import workday_overrides
from app.catalogue.workdays import add_working_days
from app.days import BEIJING, beijing_day, end_of
from app.messages.services import tell
from app.review_bodies.models import Campaign
from app.reviews.models import Opinion
from app.reviews.queries import body_name
from app.workflow.events import Event, Happened


def set_correction_term(session: Session, happened: Happened) -> None:
    """The applicant has the campaign's working days to correct, to the end of the last of them in Beijing."""
    campaign = session.get_one(Campaign, happened.application.campaign_id)
    last = add_working_days(beijing_day(happened.at), campaign.correction_days, workday_overrides(session))
    happened.application.correct_by = end_of(last)


def open_opinions_again(session: Session, happened: Happened) -> None:
    """After a new submission or a return to the unit, every office must look at its opinion anew: the words stay, but it
    is not complete until it is saved again."""
    session.execute(
        sa.update(Opinion)
        .where(Opinion.application_id == happened.application.id)
        .values(complete=False)
        .execution_options(synchronize_session="fetch")
    )


def tell_returned(session: Session, happened: Happened) -> None:
    """退回 or 同意退还: from whom, how many places, until when (set_correction_term runs before)."""
    application = happened.application
    deadline = application.correct_by.astimezone(BEIJING)
    granted = happened.event is Event.RETURN_GRANTED
    tell(
        session, _applicant(session, happened), template="RETURNED", now=happened.at, application_id=application.id,
        title=application.title_name, stage=happened.actor.name, n=1 if granted else len(happened.move.items),
        deadline=f"{deadline:%Y-%m-%d}",
    )


def tell_reported(session: Session, happened: Happened) -> None:
    application = happened.application
    values = {"from": happened.actor.name, "to": body_name(session, application.holder_body_id)}
    tell(
        session, _applicant(session, happened), template="REPORTED", now=happened.at, application_id=application.id,
        **values,
    )


def tell_not_recommended(session: Session, happened: Happened) -> None:
    application = happened.application
    tell(
        session, _applicant(session, happened), template="NOT_RECOMMENDED", now=happened.at,
        application_id=application.id, title=application.title_name,
    )


def _applicant(session: Session, happened: Happened) -> Person:
    return session.get_one(Person, happened.application.applicant_id)
