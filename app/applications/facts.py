"""Answering the workflow's facts about one application. Each package registers the providers of the facts it knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.applications import checklist, queries
from app.applications.models import Application
from app.review_bodies.models import Campaign
from app.units.models import Unit, UnitStatus
from app.workflow.actor import Actor
from app.workflow.case import NO_WORDS, Move
from app.workflow.facts import Fact
from app.workflow.states import State


@dataclass(frozen=True)
class Question:
    """What a provider needs to answer."""

    session: Session
    application: Application
    actor: Actor
    move: Move
    now: datetime


Provider = Callable[[Question], bool]
_providers: dict[Fact, Provider] = {}


def register(providers: Mapping[Fact, Provider]) -> None:
    """Called by create_app for each package, so that no package needs to import another for an answer."""
    _providers.update(providers)


def unanswered() -> set[Fact]:
    """The facts that nobody provides; create_app refuses to start with any."""
    return set(Fact) - set(_providers)


@dataclass
class CaseFacts:
    """The facts of one application at one moment, each asked at most once."""

    question: Question
    known: dict[Fact, bool] = field(default_factory=dict)

    def holds(self, fact: Fact) -> bool:
        if fact not in self.known:
            self.known[fact] = _providers[fact](self.question)
        return self.known[fact]


def facts_of(
    session: Session, application: Application, actor: Actor, *, now: datetime, move: Move = NO_WORDS
) -> CaseFacts:
    return CaseFacts(Question(session, application, actor, move, now))


def _unit_set(question: Question) -> bool:
    """The applicant still belongs to the application's unit, which was approved and reports somewhere."""
    application = question.application
    unit = question.session.get(Unit, application.unit_id) if application.unit_id else None
    person = question.session.get(Person, application.applicant_id)
    return (
        unit is not None
        and person is not None
        and person.unit_id == unit.id
        and unit.status is UnitStatus.APPROVED
        and unit.reports_to_id is not None
    )


def _sections_complete(question: Question) -> bool:
    return checklist.read(question.session, question.application, now=question.now).complete


def _marked_sections_changed(question: Question) -> bool:
    _move, named = queries.open_return(question.session, question.application)
    if all(row.changed_at is not None for row in named):
        return True
    # A section that was named and is no longer asked for cannot be changed any more.
    whole = checklist.read(question.session, question.application, now=question.now)
    return not any(state.waiting for state in whole.sections)


def _submission_open(question: Question) -> bool:
    application = question.application
    return deadline_of(question.session, application) >= question.now and _opened(question)


def _withdrawal_requested(question: Question) -> bool:
    return queries.open_withdrawal(question.session, question.application) is not None


def _opened(question: Question) -> bool:
    campaign = question.session.get(Campaign, question.application.campaign_id)
    assert campaign is not None
    return campaign.published and campaign.opens_at <= question.now


def deadline_of(session: Session, application: Application) -> datetime:
    """Until when the application can be submitted: the campaign's end, or the end of the correction term if later."""
    campaign = session.get(Campaign, application.campaign_id)
    assert campaign is not None
    if application.state is State.RETURNED and application.correct_by is not None:
        return max(campaign.closes_at, application.correct_by)
    return campaign.closes_at


PROVIDERS: dict[Fact, Provider] = {
    Fact.UNIT_SET: _unit_set,
    Fact.SECTIONS_COMPLETE: _sections_complete,
    Fact.MARKED_SECTIONS_CHANGED: _marked_sections_changed,
    Fact.SUBMISSION_OPEN: _submission_open,
    Fact.WITHDRAWAL_REQUESTED: _withdrawal_requested,
}
