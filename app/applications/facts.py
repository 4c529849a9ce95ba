"""Answering the workflow's facts about one application. Each package registers the providers of the facts it knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from app.applications.models import Application
from app.workflow.actor import Actor
from app.workflow.facts import Fact
from app.workflow.machine import NO_WORDS, Move


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
