"""The conditions of a move. A guard is a named fact about the case, the move, or something a package is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.workflow.facts import Fact, Facts

if TYPE_CHECKING:
    from app.workflow.case import Case, Move


@dataclass(frozen=True)
class Guard:
    """`needs_input` guards depend on what the actor is about to say, so `offered()` does not ask them."""

    name: str
    holds: Callable[[Case, Move, Facts], bool]
    needs_input: bool = False


def _asks(fact: Fact) -> Guard:
    return Guard(fact.value, lambda case, move, facts: facts.holds(fact))


def _input(name: str, check: Callable[[Case, Move], bool]) -> Guard:
    return Guard(name, lambda case, move, facts: check(case, move), needs_input=True)


def _case(name: str, check: Callable[[Case], bool]) -> Guard:
    return Guard(name, lambda case, move, facts: check(case))


unit_set = _asks(Fact.UNIT_SET)
sections_complete = _asks(Fact.SECTIONS_COMPLETE)
marked_sections_changed = _asks(Fact.MARKED_SECTIONS_CHANGED)
submission_open = _asks(Fact.SUBMISSION_OPEN)
opinion_complete = _asks(Fact.OPINION_COMPLETE)
defence_held = _asks(Fact.DEFENCE_HELD)
seal_present = _asks(Fact.SEAL_PRESENT)
notice_closed = _asks(Fact.NOTICE_CLOSED)
no_open_objection = _asks(Fact.NO_OPEN_OBJECTION)
authority_here = _asks(Fact.REVIEW_AUTHORITY)
no_authority_here = Guard("no_authority_here", lambda case, move, facts: not facts.holds(Fact.REVIEW_AUTHORITY))
payment_term_over = _asks(Fact.PAYMENT_TERM_OVER)
result_notice_closed = _asks(Fact.RESULT_NOTICE_CLOSED)
approval_document = _asks(Fact.APPROVAL_DOCUMENT)
withdrawal_requested = _asks(Fact.WITHDRAWAL_REQUESTED)
meeting_closed = _asks(Fact.MEETING_CLOSED)

amount_matches = Guard(
    "amount_matches", lambda case, move, facts: facts.holds(Fact.AMOUNT_MATCHES), needs_input=True
)
meeting_planned = Guard(
    "meeting_planned", lambda case, move, facts: facts.holds(Fact.MEETING_PLANNED), needs_input=True
)
target_authority = Guard(
    "target_authority", lambda case, move, facts: facts.holds(Fact.TARGET_AUTHORITY), needs_input=True
)

reason_given = _input("reason_given", lambda case, move: bool(move.reason.strip()))
sections_named = _input(
    "sections_named",
    lambda case, move: bool(move.items) and all(item.section and item.reason.strip() for item in move.items),
)
letter_given = _input("letter_given", lambda case, move: move.letter_file_id is not None)
result_given = _input("result_given", lambda case, move: move.passed is not None)

request_pending = _case("request_pending", lambda case: case.return_requested)
no_request_pending = _case("no_request_pending", lambda case: not case.return_requested)
next_body_exists = _case("next_body_exists", lambda case: case.next_body_id is not None)
