"""The facts that meetings and approval documents know."""

from __future__ import annotations

from app.applications.facts import Provider, Question
from app.meetings import queries
from app.meetings.models import Meeting
from app.workflow.facts import Fact


def meeting_planned(question: Question) -> bool:
    """The meeting named in the move is this body's, and not over."""
    if question.move.meeting_id is None:
        return False
    meeting = question.session.get(Meeting, question.move.meeting_id)
    return (
        meeting is not None
        and meeting.closed_at is None
        and meeting.body_id == question.application.holder_body_id
    )


def meeting_closed(question: Question) -> bool:
    """The application's meeting is over and decided about it; a result that is said must be the one that was voted."""
    decision = queries.decision_on(question.session, question.application)
    if decision is None or decision[0].passed is None:
        return False
    return question.move.passed is None or question.move.passed is decision[0].passed


def approval_document(question: Question) -> bool:
    return queries.approval_of(question.session, question.application) is not None


PROVIDERS: dict[Fact, Provider] = {
    Fact.MEETING_PLANNED: meeting_planned,
    Fact.MEETING_CLOSED: meeting_closed,
    Fact.APPROVAL_DOCUMENT: approval_document,
}
