"""What has happened to an application; app/reactions.py says what follows from each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.workflow.actions import Action
    from app.workflow.actor import Actor
    from app.workflow.case import Move


class Event(StrEnum):
    SUBMITTED = "submitted"
    CANCELLED = "cancelled"
    RETURN_REQUESTED = "return_requested"
    RETURN_GRANTED = "return_granted"
    RETURN_DECLINED = "return_declined"
    RETURNED = "returned"
    DECLINED = "declined"
    REPORTED = "reported"
    RETURNED_TO_UNIT = "returned_to_unit"
    ENTRUSTED = "entrusted"
    FINISHED = "finished"
    REJECTED = "rejected"
    PAID = "paid"
    WAIVED = "waived"
    LAPSED = "lapsed"
    RESTORED = "restored"
    CONVENED = "convened"
    RESULT_RECORDED = "result_recorded"
    PUBLISHED = "published"
    OBJECTION_UPHELD = "objection_upheld"
    APPROVED = "approved"
    ISSUED = "issued"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Happened:
    """One event with what the reactions need; `application` is the changed row, `at` aware UTC."""

    event: Event
    application: Any
    action: Action
    actor: Actor
    move: Move
    at: datetime
