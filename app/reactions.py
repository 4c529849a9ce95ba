"""REACTIONS: what follows from an event, in the same transaction. The package where it happened knows none of this."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.applications.services import Reaction
from app.public_notices.services import end_entries
from app.reviews import consequences
from app.workflow.events import Event, Happened

REACTIONS: dict[Event, tuple[Reaction, ...]] = {
    Event.SUBMITTED: (consequences.open_opinions_again,),
    Event.RETURNED: (end_entries, consequences.set_correction_term, consequences.tell_returned),
    Event.RETURN_GRANTED: (end_entries, consequences.set_correction_term, consequences.tell_returned),
    Event.RETURNED_TO_UNIT: (consequences.open_opinions_again,),
    Event.DECLINED: (consequences.tell_not_recommended,),
    Event.REPORTED: (consequences.tell_reported,),
}


def react(session: Session, happened: Happened) -> None:
    """Runs the reactions of one event in their order."""
    for reaction in REACTIONS.get(happened.event, ()):
        reaction(session, happened)
