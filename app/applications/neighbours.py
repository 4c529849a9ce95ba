"""What the applicant's pages ask of the packages above them, which they may not import; create_app brings the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.applications.models import Application
from app.workflow.states import Party


@dataclass(frozen=True)
class ObjectionAnswered:
    """An objection against an application has its answer; nothing of who objected, or of what was said."""

    application_id: int
    at: datetime
    upheld: bool


@dataclass(frozen=True)
class Neighbours:
    """`payment_due(session, application)`: until when its fee must be paid; None where none is due.
    `notice_closes(session, application)`: the last day of the 公示 that stands for it in its present state, or None.
    `objections_answered(session, application_ids, since)`: the newest first.
    `opinions(session, application)`: the complete opinion of each office, by party and the id of unit or body."""

    payment_due: Callable[[Session, Application], datetime | None]
    notice_closes: Callable[[Session, Application], date | None]
    objections_answered: Callable[[Session, Sequence[int], datetime], Sequence[ObjectionAnswered]]
    opinions: Callable[[Session, Application], Mapping[tuple[Party, int], str]]


_current: Neighbours | None = None


def install(neighbours: Neighbours) -> None:
    """Called once by create_app."""
    global _current
    _current = neighbours


def current() -> Neighbours:
    if _current is None:
        raise RuntimeError("no neighbours: create_app has not run")
    return _current
