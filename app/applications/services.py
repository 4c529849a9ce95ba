"""Moving applications. `fire` is the only writer of an application's state in the whole project."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.applications.facts import facts_of
from app.applications.models import Application, HistoryRow, ReturnedSection, RouteStep
from app.audit.services import record
from app.workflow import machine
from app.workflow.actions import Action
from app.workflow.actor import Actor
from app.workflow.case import NO_WORDS, Move
from app.workflow.events import Happened
from app.workflow.machine import Offer, Outcome
from app.workflow.states import Holder, State

REASON_MAX = 1000


class Stale(machine.MoveRefused):
    """Somebody else moved the application since it was read."""


Reaction = Callable[[Session, Happened], None]
_publish: Reaction | None = None


def publish_to(reaction: Reaction) -> None:
    """Names who answers events (app/reactions.py); called once by create_app."""
    global _publish
    _publish = reaction


def offers(session: Session, application: Application, actor: Actor, *, now: datetime) -> list[Offer]:
    """The buttons to draw for this actor: page and rule cannot disagree."""
    return machine.offered(application.case, actor, facts_of(session, application, actor, now=now))


def claim(session: Session, application: Application, version: int | None = None) -> None:
    """Takes the row for this transaction, if it still is as it was read; raises Stale.

    The same conditional UPDATE on SQLite and PostgreSQL: of two moves from one version exactly one goes on.
    """
    expected = application.version if version is None else version
    _take(session, application, expected, expected + 1)


def hold(session: Session, application: Application, version: int) -> None:
    """Keeps the application where it is until the transaction ends, for what is no move: its version stays what others
    have read, so that a payment that comes in meanwhile is still booked. Raises Stale."""
    _take(session, application, version, version)


def _take(session: Session, application: Application, expected: int, becomes: int) -> None:
    taken = session.execute(
        sa.update(Application)
        .where(
            Application.id == application.id,
            Application.version == expected,
            Application.state == application.state,
        )
        .values(version=becomes)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:
        raise Stale()
    session.refresh(application)


def fire(
    session: Session,
    application: Application,
    actor: Actor,
    action: Action,
    *,
    now: datetime,
    move: Move = NO_WORDS,
    version: int | None = None,
) -> HistoryRow:
    """Makes one move: claims the row, asks the table, writes state, history and audit, and publishes the event; all in
    the caller's transaction, which the caller must roll back when this raises.

    `version` is the one that the actor saw (from the page); without it, the one just read.
    Raises Stale, or the machine's NotOffered, NotHolder, GuardRefused.
    """
    claim(session, application, version)
    before = application.state
    facts = facts_of(session, application, actor, now=now, move=move)
    outcome = machine.step(application.case, actor, action, facts, move)
    _write(application, outcome, now)
    row = HistoryRow(
        application_id=application.id,
        version=application.version,
        action=action,
        from_state=before,
        to_state=outcome.state,
        holder=outcome.holder,
        holder_body_id=outcome.holder_body_id,
        party=actor.party,
        person_id=actor.person_id,
        office=actor.name,
        reason=move.reason[:REASON_MAX],
        at=now,
    )
    session.add(row)
    session.flush()
    _open_to_body(session, application, now)
    session.add_all(
        ReturnedSection(
            application_id=application.id,
            history_id=row.id,
            section=item.section,
            code=item.code,
            reason=item.reason[:REASON_MAX],
        )
        for item in move.items
    )
    record(
        session, actor, action.value, "application", application.id, now=now,
        from_state=before.value, to_state=outcome.state.value, version=application.version,
    )
    assert _publish is not None, "create_app names who answers events"
    _publish(session, Happened(outcome.event, application, action, actor, move, now))
    return row


def _write(application: Application, outcome: Outcome, now: datetime) -> None:
    application.state = outcome.state
    application.holder = outcome.holder
    application.holder_body_id = outcome.holder_body_id
    application.returned_by_body_id = outcome.returned_by_body_id
    application.deciding_body_id = outcome.deciding_body_id
    application.return_requested = outcome.return_requested
    application.moved_at = now
    if outcome.state is State.UNIT_REVIEW and outcome.holder is Holder.UNIT and application.submitted_at is None:
        application.submitted_at = now


def _open_to_body(session: Session, application: Application, now: datetime) -> None:
    """The body that holds the application from now on sees it; a body entrusted from outside joins the route."""
    body_id = application.holder_body_id
    if body_id is None:
        return
    for step in application.steps:
        if step.body_id == body_id:
            step.reached_at = step.reached_at or now
            return
    position = max((step.position for step in application.steps), default=0) + 1
    application.steps.append(RouteStep(position=position, body_id=body_id, reached_at=now))
    session.flush()
