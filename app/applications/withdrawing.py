"""申请撤回申报: the applicant asks, the body whose business it is answers. The withdrawal itself is fire(WITHDRAW), for
which an open request is the guard."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.applications import queries
from app.applications.models import Application, HistoryRow, WithdrawalRequest
from app.applications.services import REASON_MAX, hold, offers
from app.audit.services import record
from app.messages.services import tell
from app.workflow.actions import Action
from app.workflow.actor import Actor
from app.workflow.events import Happened
from app.workflow.machine import GuardRefused, MoveRefused, NotHolder, NotOffered
from app.workflow.states import Holder, Party, State
from app.workflow.transitions import TRANSITIONS

WITHDRAWABLE = next(row.sources for row in TRANSITIONS if row.action is Action.WITHDRAW)
# whoever is withdrawn before a meeting gets the fee back
REFUNDED_FROM = WITHDRAWABLE - {State.IN_MEETING}


class AlreadyAsked(MoveRefused):
    """A request of this application waits for its answer."""


def ask_withdrawal(
    session: Session, application: Application, actor: Actor, *, reason: str, version: int, now: datetime
) -> WithdrawalRequest:
    """Asks the body to withdraw the application, and tells it. Raises Stale, NotHolder, NotOffered (nobody can withdraw it
    in this state), GuardRefused("reason_given") or AlreadyAsked."""
    if actor.party is not Party.APPLICANT or actor.person_id != application.applicant_id:
        raise NotHolder(Action.WITHDRAW)
    hold(session, application, version)
    if queries.open_withdrawal(session, application) is not None:
        raise AlreadyAsked()
    if application.state not in WITHDRAWABLE:
        raise NotOffered(Action.WITHDRAW, application.state)
    if not reason.strip():
        raise GuardRefused("reason_given")
    asked = WithdrawalRequest(application_id=application.id, reason=reason.strip()[:REASON_MAX], asked_at=now)
    session.add(asked)
    session.flush()
    record(session, actor, "ask_withdrawal", "application", application.id, now=now)
    _tell_body(session, application, now)
    return asked


def decline_withdrawal(
    session: Session, application: Application, actor: Actor, *, reason: str, version: int, now: datetime
) -> WithdrawalRequest:
    """不同意撤回: by whoever could withdraw it; the application stays where it is and the applicant is told why.
    Raises Stale, NotOffered, GuardRefused("withdrawal_requested") or GuardRefused("reason_given")."""
    hold(session, application, version)
    offered = {each.action: each for each in offers(session, application, actor, now=now)}
    if Action.WITHDRAW not in offered:
        raise NotOffered(Action.WITHDRAW, application.state)
    for guard in offered[Action.WITHDRAW].missing:
        raise GuardRefused(guard)
    if not reason.strip():
        raise GuardRefused("reason_given")
    asked = _answer(session, application, now, answer=reason, granted=False)
    assert asked is not None, "the guard has seen it"
    record(session, actor, "decline_withdrawal", "application", application.id, now=now)
    tell(
        session, session.get_one(Person, application.applicant_id), template="WITHDRAW_DECLINED", now=now,
        application_id=application.id, title=application.title_name,
    )
    return asked


def withdrawn_from(session: Session, application: Application) -> State | None:
    """The state in which a withdrawn application was; None for any other."""
    return session.scalar(
        sa.select(HistoryRow.from_state).where(
            HistoryRow.application_id == application.id, HistoryRow.action == Action.WITHDRAW
        )
    )


def grant_request(session: Session, happened: Happened) -> None:
    """Reaction to the withdrawal: the request has its answer, and the applicant is told."""
    application = happened.application
    _answer(session, application, happened.at, answer=happened.move.reason, granted=True)
    tell(
        session, session.get_one(Person, application.applicant_id), template="WITHDRAWN", now=happened.at,
        application_id=application.id, title=application.title_name,
    )


def overtake_request(session: Session, happened: Happened) -> None:
    """Reaction to what ends an application or sends it back: nobody can answer the request any more."""
    _answer(session, happened.application, happened.at, answer="", granted=None)


def _answer(
    session: Session, application: Application, now: datetime, *, answer: str, granted: bool | None
) -> WithdrawalRequest | None:
    """Answers the open request, if there is one; the application's row is held, so nobody else does."""
    asked = queries.open_withdrawal(session, application)
    if asked is not None:
        asked.answered_at, asked.answer, asked.granted = now, answer.strip()[:REASON_MAX], granted
        session.flush()
    return asked


def _tell_body(session: Session, application: Application, now: datetime) -> None:
    """A message in the site for everybody who works for the body."""
    held = application.holder is Holder.BODY
    body_id = application.holder_body_id if held else application.deciding_body_id
    for person in session.scalars(sa.select(Person).where(Person.body_id == body_id).order_by(Person.id)):
        tell(
            session, person, template="WITHDRAW_ASK", now=now, application_id=application.id, sms=False,
            name=application.applicant_name, title=application.title_name,
        )
