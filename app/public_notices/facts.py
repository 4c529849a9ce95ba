"""What the workflow asks about notices."""

from __future__ import annotations

import sqlalchemy as sa

from app.applications.facts import Provider, Question
from app.applications.models import Application
from app.days import beijing_day
from app.public_notices import queries
from app.public_notices.models import NoticeKind
from app.workflow.facts import Fact


def _holds(question: Question, condition: sa.ColumnElement[bool]) -> bool:
    found = question.session.scalar(
        sa.select(Application.id).where(Application.id == question.application.id, condition)
    )
    return found is not None


def notice_closed(question: Question) -> bool:
    """The unit's notice stands and its last day is over in Beijing."""
    return _holds(question, queries.closed(beijing_day(question.now)))


def result_notice_closed(question: Question) -> bool:
    return _holds(question, queries.closed(beijing_day(question.now), NoticeKind.RESULT))


def no_open_objection(question: Question) -> bool:
    return not _holds(question, queries.objected())


PROVIDERS: dict[Fact, Provider] = {
    Fact.NOTICE_CLOSED: notice_closed,
    Fact.RESULT_NOTICE_CLOSED: result_notice_closed,
    Fact.NO_OPEN_OBJECTION: no_open_objection,
}
