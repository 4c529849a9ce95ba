"""REACTIONS: what follows from an event, in the same transaction. The package where it happened knows none of this."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.applications import telling, withdrawing
from app.applications.services import Reaction
from app.meetings.services import leave_meeting
from app.payments import refunding
from app.payments import services as payments
from app.public_notices.services import end_entries
from app.reviews import consequences
from app.workflow.events import Event, Happened


def open_fee_order(session: Session, happened: Happened) -> None:
    """The fee falls due with 完结, and anew when a lapsed one is restored."""
    payments.open_order(session, happened.application, now=happened.at)


REACTIONS: dict[Event, tuple[Reaction, ...]] = {
    Event.SUBMITTED: (consequences.open_opinions_again, telling.tell_unit_submitted, telling.tell_applicant_submitted),
    Event.RETURN_REQUESTED: (telling.tell_unit_return_requested,),
    Event.RETURNED: (
        end_entries, consequences.set_correction_term, consequences.tell_returned, withdrawing.overtake_request,
    ),
    Event.RETURN_GRANTED: (end_entries, consequences.set_correction_term, consequences.tell_returned),
    Event.RETURNED_TO_UNIT: (consequences.open_opinions_again, withdrawing.overtake_request),
    Event.DECLINED: (consequences.tell_not_recommended,),
    Event.REPORTED: (consequences.tell_reported,),
    Event.FINISHED: (open_fee_order,),
    Event.REJECTED: (withdrawing.overtake_request,),
    Event.LAPSED: (withdrawing.overtake_request,),
    Event.RESTORED: (open_fee_order,),
    Event.RESULT_RECORDED: (withdrawing.overtake_request,),
    Event.WITHDRAWN: (
        withdrawing.grant_request, telling.tell_unit_withdrawn, leave_meeting, refunding.end_fee,
    ),
}


def react(session: Session, happened: Happened) -> None:
    """Runs the reactions of one event in their order."""
    for reaction in REACTIONS.get(happened.event, ()):
        reaction(session, happened)
