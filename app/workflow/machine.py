"""The two questions put to TRANSITIONS: what is offered to this actor now, and what does this move lead to.

Pure: the caller brings the case and the facts, and writes the outcome (applications.services.fire is the only one).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.workflow.actions import Action
from app.workflow.actor import Actor
from app.workflow.case import NO_WORDS, Case, Move
from app.workflow.events import Event
from app.workflow.facts import Facts
from app.workflow.states import Holder, Party, State
from app.workflow.transitions import TRANSITIONS, Transition


@dataclass(frozen=True)
class Outcome:
    """Where the application stands after a move."""

    state: State
    holder: Holder
    holder_body_id: int | None
    returned_by_body_id: int | None
    deciding_body_id: int | None
    return_requested: bool
    event: Event


@dataclass(frozen=True)
class Offer:
    """An action that the actor's party has in this state; `missing` names the guards that still stand against it."""

    action: Action
    label: str
    missing: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        return not self.missing


class MoveRefused(Exception):
    """Base of the reasons why a move is not made; carries data, is worded at the edge."""


class NotOffered(MoveRefused):
    """The state has no such action for anybody, or for this party."""

    def __init__(self, action: Action, state: State) -> None:
        super().__init__(f"{action} in {state}")
        self.action, self.state = action, state


class NotHolder(MoveRefused):
    """The party may do this, but this unit, body or person does not have this application."""


class GuardRefused(MoveRefused):
    """A guard does not hold; `guard` is its name."""

    def __init__(self, guard: str, detail: Any = None) -> None:
        super().__init__(guard)
        self.guard, self.detail = guard, detail


def _acts_as(actor: Actor) -> frozenset[Party]:
    return frozenset({Party.OFFICE, Party.BODY}) if actor.party is Party.OFFICE else frozenset({actor.party})


def _body_of(case: Case) -> int | None:
    """The body whose business it is now: the holder, or the one that decided while the fee is open."""
    return case.holder_body_id if case.holder is Holder.BODY else case.deciding_body_id


def _stands_for(actor: Actor, party: Party, case: Case) -> bool:
    match party:
        case Party.APPLICANT:
            return actor.person_id == case.applicant_id
        case Party.UNIT:
            return actor.unit_id is not None and actor.unit_id == case.unit_id
        case Party.BODY:
            return actor.body_id is not None and actor.body_id == _body_of(case)
        case Party.OFFICE | Party.PAYMENT | Party.CLOCK:
            return True
        case _:
            return False


def _rows(case: Case, actor: Actor) -> list[tuple[Transition, bool]]:
    """The rows of this state for the actor's parties, with whether the actor has the application."""
    found = []
    for row in TRANSITIONS:
        if case.state not in row.sources:
            continue
        parties = row.by & _acts_as(actor)
        if parties:
            found.append((row, any(_stands_for(actor, party, case) for party in parties)))
    return found


def offered(case: Case, actor: Actor, facts: Facts) -> list[Offer]:
    """The actions to draw for `actor`, each with the guards that close it; empty for a stranger."""
    offers = []
    for row, stands in _rows(case, actor):
        if not stands:
            continue
        asked = [guard for guard in row.guards if not guard.needs_input]
        missing = tuple(guard.name for guard in asked if not guard.holds(case, NO_WORDS, facts))
        offers.append(Offer(row.action, row.label, missing))
    return offers


def step(case: Case, actor: Actor, action: Action, facts: Facts, move: Move = NO_WORDS) -> Outcome:
    """The outcome of `action`; raises NotOffered, NotHolder or GuardRefused (the first guard that fails)."""
    rows = [(row, stands) for row, stands in _rows(case, actor) if row.action is action]
    if not rows:
        raise NotOffered(action, case.state)
    row, stands = rows[0]
    if not stands:
        raise NotHolder(action)
    for guard in row.guards:
        if not guard.holds(case, move, facts):
            raise GuardRefused(guard.name)
    return _outcome(case, row, move)


def _outcome(case: Case, row: Transition, move: Move) -> Outcome:
    state = row.to if isinstance(row.to, State) else row.to(case, move)
    holder = row.held_by if isinstance(row.held_by, Holder) else row.held_by(case, move)
    returned_by, deciding = case.returned_by_body_id, case.deciding_body_id
    if row.action in (Action.RETURN_TO_UNIT, Action.RETURN_TO_APPLICANT):
        returned_by = case.holder_body_id if case.holder is Holder.BODY else returned_by
    if row.action is Action.FINISH:
        deciding = case.holder_body_id
    body = _receiving_body(case, row, move, deciding) if holder is Holder.BODY else None
    if row.action is Action.REPORT:
        returned_by = None
    requested = row.action is Action.REQUEST_RETURN
    return Outcome(state, holder, body, returned_by, deciding, requested, row.event)


def _receiving_body(case: Case, row: Transition, move: Move, deciding: int | None) -> int | None:
    """Who among the bodies has it next: the one that had returned it, the next of the route, the one entrusted,
    or the one that decided."""
    if row.action is Action.REPORT:
        if case.holder is Holder.UNIT and case.returned_by_body_id is not None:
            return case.returned_by_body_id
        return case.next_body_id
    if row.action is Action.ENTRUST:
        return move.target_body_id
    return deciding if deciding is not None else case.holder_body_id
