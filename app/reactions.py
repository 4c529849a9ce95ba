"""REACTIONS: what follows from an event, in the same transaction. The package where it happened knows none of this."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.applications import telling
from app.applications.services import Reaction
from app.workflow.events import Event, Happened

REACTIONS: dict[Event, tuple[Reaction, ...]] = {
    Event.SUBMITTED: (telling.tell_unit_submitted,),
    Event.RETURN_REQUESTED: (telling.tell_unit_return_requested,),
}


def react(session: Session, happened: Happened) -> None:
    """Runs the reactions of one event in their order."""
    for reaction in REACTIONS.get(happened.event, ()):
        reaction(session, happened)
