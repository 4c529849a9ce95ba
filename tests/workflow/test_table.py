"""The table of states as a product: every state, every action, every role, as holder and as stranger.

EXPECTED repeats the specification's table on purpose: it is the second book against which the code is checked.
"""

from __future__ import annotations

import itertools

import pytest

from app.accounts.roles import PARTY_OF, Role
from app.workflow.actions import Action
from app.workflow.actor import CLOCK, PAYMENT, Actor
from app.workflow.case import Case, Move, ReturnItem
from app.workflow.facts import Fact
from app.workflow.machine import GuardRefused, NotHolder, NotOffered, offered, step
from app.workflow.states import FINAL, NAMES, Holder, Party, State
from app.workflow.transitions import TRANSITIONS

UNIT, FIRST, COMMITTEE, OTHER_BODY, OFFICE = 7, 21, 22, 23, 20
APPLICANT, SOMEBODY = 1, 2

# state, action, by -> state, held by (a body: its id)
EXPECTED = """
draft            submit              applicant -> unit_review      unit
returned         submit              applicant -> unit_review      unit
draft            cancel              applicant -> cancelled        nobody
returned         cancel              applicant -> cancelled        nobody
unit_review      request_return      applicant -> unit_review      unit
unit_review      grant_return        unit      -> returned         applicant
unit_review      decline_return      unit      -> unit_review      unit
unit_review      return_to_applicant unit      -> returned         applicant
unit_review      decline             unit      -> declined         nobody
unit_review      report              unit      -> body_review      21
body_review      return_to_unit      body      -> unit_review      unit
body_review      return_to_applicant body      -> returned         applicant
body_review      report              body      -> body_review      22
body_review      entrust             body      -> body_review      23
body_review      finish              body      -> awaiting_payment applicant
body_review      reject              body      -> rejected         nobody
body_review      withdraw            body      -> withdrawn        nobody
awaiting_payment settle              payment   -> ready            22
awaiting_payment waive               body      -> ready            22
awaiting_payment lapse               clock     -> lapsed           nobody
awaiting_payment withdraw            body      -> withdrawn        nobody
lapsed           restore             body      -> awaiting_payment applicant
ready            convene             body      -> in_meeting       22
ready            withdraw            body      -> withdrawn        nobody
in_meeting       record_result       body      -> passed           22
in_meeting       withdraw            body      -> withdrawn        nobody
passed           publish             body      -> publicised       22
publicised       uphold_objection    body      -> failed           nobody
publicised       approve             office    -> approved         office
approved         issue               office    -> certified        nobody
approved         issue               body      -> certified        nobody
certified        revoke              office    -> revoked          nobody
"""


def expected() -> dict[tuple[State, Action, Party], tuple[State, Holder, int | None]]:
    rows = {}
    for line in EXPECTED.strip().splitlines():
        state, action, by, _arrow, to, held = line.split()
        holder, body = (Holder.BODY, int(held)) if held.isdigit() else (Holder(held), None)
        rows[State(state), Action(action), Party(by)] = (State(to), holder, body)
    return rows


WORDS = Move(
    reason="材料不清楚", items=(ReturnItem("EDU", "证书看不清"),), passed=True, target_body_id=OTHER_BODY,
    letter_file_id=1, meeting_id=1, amount_fen=48000,
)


class All:
    """Every fact holds, but for those named; and no review authority where a body is to report."""

    def __init__(self, *false: Fact) -> None:
        self.false = set(false)

    def holds(self, fact: Fact) -> bool:
        return fact not in self.false


def case(state: State, **values) -> Case:
    body = {State.BODY_REVIEW: FIRST}.get(state, COMMITTEE)
    holder = {
        State.DRAFT: Holder.APPLICANT, State.RETURNED: Holder.APPLICANT, State.UNIT_REVIEW: Holder.UNIT,
        State.BODY_REVIEW: Holder.BODY, State.AWAITING_PAYMENT: Holder.APPLICANT, State.READY: Holder.BODY,
        State.IN_MEETING: Holder.BODY, State.PASSED: Holder.BODY, State.PUBLICISED: Holder.BODY,
        State.APPROVED: Holder.OFFICE,
    }.get(state, Holder.NOBODY)
    before_decision = state in (State.DRAFT, State.RETURNED, State.UNIT_REVIEW, State.BODY_REVIEW)
    return Case(
        **{
            "state": state, "holder": holder, "applicant_id": APPLICANT, "unit_id": UNIT,
            "holder_body_id": body if holder is Holder.BODY else None,
            "deciding_body_id": None if before_decision else COMMITTEE,
            "route": (FIRST, COMMITTEE), "fee_fen": 48000,
        }
        | values
    )


def facts_for(action: Action) -> All:
    return All(Fact.REVIEW_AUTHORITY) if action is Action.REPORT else All()


def actor_of(role: Role, state: State, *, own: bool) -> Actor:
    party = PARTY_OF[role]
    body = FIRST if state is State.BODY_REVIEW else COMMITTEE
    match party:
        case Party.APPLICANT:
            return Actor(party, person_id=APPLICANT if own else SOMEBODY)
        case Party.UNIT:
            return Actor(party, person_id=90, unit_id=UNIT if own else UNIT + 1)
        case Party.BODY:
            return Actor(party, person_id=91, body_id=body if own else OTHER_BODY)
        case Party.OFFICE:
            return Actor(party, person_id=92, body_id=OFFICE)
        case _:
            return Actor(party, person_id=93)


def the_case(state: State, action: Action) -> Case:
    answers = action in (Action.GRANT_RETURN, Action.DECLINE_RETURN)
    return case(state, return_requested=answers)


@pytest.mark.requirement("A10", "A12", "U7", "R3", "R4")
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("own", [True, False], ids=["holder", "stranger"])
def test_every_state_and_action_for_every_role(role, own):
    table = expected()
    for state, action in itertools.product(State, Action):
        actor, subject = actor_of(role, state, own=own), the_case(state, action)
        row = table.get((state, action, actor.party))
        if row is not None and (own or actor.party is Party.OFFICE):
            outcome = step(subject, actor, action, facts_for(action), WORDS)
            assert (outcome.state, outcome.holder, outcome.holder_body_id) == row, (state, action)
            continue
        as_body = actor.party is Party.OFFICE and (state, action, Party.BODY) in table
        with pytest.raises(NotHolder if row is not None or as_body else NotOffered):
            step(subject, actor, action, facts_for(action), WORDS)


@pytest.mark.parametrize(("actor", "action", "to"), [(PAYMENT, Action.SETTLE, State.READY), (CLOCK, Action.LAPSE, State.LAPSED)])
def test_payment_and_clock_do_their_one_thing(actor, action, to):
    for state, other in itertools.product(State, Action):
        if (state, other) == (State.AWAITING_PAYMENT, action):
            assert step(case(state), actor, other, All(), WORDS).state is to
        else:
            with pytest.raises(NotOffered):
                step(case(state), actor, other, All(), WORDS)


def test_the_specification_and_the_code_have_the_same_rows():
    coded = {
        (source, row.action, party) for row in TRANSITIONS for source in row.sources for party in row.by
    }
    assert coded == set(expected())


GUARDS = [
    (State.DRAFT, Action.SUBMIT, Fact.UNIT_SET), (State.DRAFT, Action.SUBMIT, Fact.SECTIONS_COMPLETE),
    (State.DRAFT, Action.SUBMIT, Fact.MARKED_SECTIONS_CHANGED), (State.DRAFT, Action.SUBMIT, Fact.SUBMISSION_OPEN),
    (State.UNIT_REVIEW, Action.REPORT, Fact.OPINION_COMPLETE), (State.UNIT_REVIEW, Action.REPORT, Fact.DEFENCE_HELD),
    (State.UNIT_REVIEW, Action.REPORT, Fact.SEAL_PRESENT), (State.UNIT_REVIEW, Action.REPORT, Fact.NOTICE_CLOSED),
    (State.UNIT_REVIEW, Action.REPORT, Fact.NO_OPEN_OBJECTION),
    (State.BODY_REVIEW, Action.REPORT, Fact.OPINION_COMPLETE), (State.BODY_REVIEW, Action.FINISH, Fact.OPINION_COMPLETE),
    (State.BODY_REVIEW, Action.FINISH, Fact.REVIEW_AUTHORITY), (State.BODY_REVIEW, Action.REJECT, Fact.REVIEW_AUTHORITY),
    (State.BODY_REVIEW, Action.ENTRUST, Fact.TARGET_AUTHORITY),
    (State.AWAITING_PAYMENT, Action.SETTLE, Fact.AMOUNT_MATCHES), (State.AWAITING_PAYMENT, Action.LAPSE, Fact.PAYMENT_TERM_OVER),
    (State.READY, Action.CONVENE, Fact.MEETING_PLANNED), (State.IN_MEETING, Action.RECORD_RESULT, Fact.MEETING_CLOSED),
    (State.PUBLICISED, Action.APPROVE, Fact.RESULT_NOTICE_CLOSED), (State.PUBLICISED, Action.APPROVE, Fact.APPROVAL_DOCUMENT),
    (State.PUBLICISED, Action.APPROVE, Fact.NO_OPEN_OBJECTION), (State.READY, Action.WITHDRAW, Fact.WITHDRAWAL_REQUESTED),
]


def doer(state: State, action: Action) -> Actor:
    party = next(iter(next(row for row in TRANSITIONS if row.action is action and state in row.sources).by))
    if party in (Party.PAYMENT, Party.CLOCK):
        return Actor(party)
    return actor_of(next(role for role in Role if PARTY_OF[role] is party), state, own=True)


@pytest.mark.requirement("A10", "U7", "R3")
@pytest.mark.parametrize(("state", "action", "fact"), GUARDS)
def test_a_missing_fact_refuses_the_move_and_closes_the_button(state, action, fact):
    facts = facts_for(action)
    facts.false.add(fact)
    with pytest.raises(GuardRefused) as refused:
        step(case(state), doer(state, action), action, facts, WORDS)
    assert refused.value.guard == fact.value
    offer = next(each for each in offered(case(state), doer(state, action), facts) if each.action is action)
    needs_words = {Fact.AMOUNT_MATCHES, Fact.MEETING_PLANNED, Fact.TARGET_AUTHORITY}
    assert offer.open is (fact in needs_words)


@pytest.mark.parametrize(
    ("state", "action", "words", "guard"),
    [
        (State.UNIT_REVIEW, Action.REQUEST_RETURN, Move(reason="  "), "reason_given"),
        (State.UNIT_REVIEW, Action.RETURN_TO_APPLICANT, Move(), "sections_named"),
        (State.UNIT_REVIEW, Action.RETURN_TO_APPLICANT, Move(items=(ReturnItem("EDU", " "),)), "sections_named"),
        (State.UNIT_REVIEW, Action.DECLINE, Move(), "reason_given"),
        (State.BODY_REVIEW, Action.RETURN_TO_UNIT, Move(), "reason_given"),
        (State.BODY_REVIEW, Action.RETURN_TO_APPLICANT, Move(), "sections_named"),
        (State.BODY_REVIEW, Action.ENTRUST, Move(target_body_id=OTHER_BODY), "letter_given"),
        (State.BODY_REVIEW, Action.REJECT, Move(), "reason_given"),
        (State.AWAITING_PAYMENT, Action.WAIVE, Move(), "reason_given"),
        (State.LAPSED, Action.RESTORE, Move(), "reason_given"),
        (State.IN_MEETING, Action.RECORD_RESULT, Move(), "result_given"),
        (State.PUBLICISED, Action.UPHOLD_OBJECTION, Move(), "reason_given"),
        (State.CERTIFIED, Action.REVOKE, Move(), "reason_given"),
        (State.READY, Action.WITHDRAW, Move(), "reason_given"),
    ],
)
def test_a_move_without_its_words_is_refused(state, action, words, guard):
    with pytest.raises(GuardRefused) as refused:
        step(case(state), doer(state, action), action, All(), words)
    assert refused.value.guard == guard


@pytest.mark.requirement("A12")
def test_a_pending_request_closes_reporting_and_a_second_request():
    pending = case(State.UNIT_REVIEW, return_requested=True)
    for actor, action in [
        (actor_of(Role.UNIT_OPERATOR, State.UNIT_REVIEW, own=True), Action.REPORT),
        (actor_of(Role.APPLICANT, State.UNIT_REVIEW, own=True), Action.REQUEST_RETURN),
    ]:
        with pytest.raises(GuardRefused) as refused:
            step(pending, actor, action, facts_for(action), WORDS)
        assert refused.value.guard == "no_request_pending"


@pytest.mark.requirement("A12")
def test_a_request_is_pending_until_answered_or_overtaken():
    person, unit = actor_of(Role.APPLICANT, State.UNIT_REVIEW, own=True), actor_of(Role.UNIT_ADMIN, State.UNIT_REVIEW, own=True)
    pending = case(State.UNIT_REVIEW, return_requested=True)
    assert step(case(State.UNIT_REVIEW), person, Action.REQUEST_RETURN, All(), WORDS).return_requested is True
    for action in (Action.GRANT_RETURN, Action.DECLINE_RETURN, Action.RETURN_TO_APPLICANT, Action.DECLINE):
        assert step(pending, unit, action, All(), WORDS).return_requested is False
    with pytest.raises(GuardRefused) as refused:
        step(case(State.UNIT_REVIEW), unit, Action.GRANT_RETURN, All(), WORDS)
    assert refused.value.guard == "request_pending"


@pytest.mark.requirement("R3")
def test_what_a_body_returned_comes_straight_back_to_it():
    body = actor_of(Role.BODY_REVIEWER, State.READY, own=True)  # of the committee
    at_committee = case(State.BODY_REVIEW, holder_body_id=COMMITTEE)
    returned = step(at_committee, body, Action.RETURN_TO_APPLICANT, All(), WORDS)
    assert (returned.state, returned.returned_by_body_id) == (State.RETURNED, COMMITTEE)
    again = step(
        case(State.RETURNED, returned_by_body_id=COMMITTEE), actor_of(Role.APPLICANT, State.RETURNED, own=True),
        Action.SUBMIT, All(), WORDS,
    )
    assert (again.state, again.returned_by_body_id) == (State.UNIT_REVIEW, COMMITTEE)
    back = step(
        case(State.UNIT_REVIEW, returned_by_body_id=COMMITTEE), actor_of(Role.UNIT_OPERATOR, State.UNIT_REVIEW, own=True),
        Action.REPORT, facts_for(Action.REPORT), WORDS,
    )
    assert (back.holder_body_id, back.returned_by_body_id) == (COMMITTEE, None)


@pytest.mark.requirement("R3")
def test_without_a_fee_finishing_makes_ready_at_once():
    body = actor_of(Role.BODY_REVIEWER, State.READY, own=True)
    free = case(State.BODY_REVIEW, holder_body_id=COMMITTEE, fee_fen=0)
    outcome = step(free, body, Action.FINISH, All(), WORDS)
    assert (outcome.state, outcome.holder, outcome.holder_body_id) == (State.READY, Holder.BODY, COMMITTEE)
    assert outcome.deciding_body_id == COMMITTEE


@pytest.mark.requirement("R4")
def test_a_candidate_who_did_not_pass_is_nobodys_any_more():
    body = actor_of(Role.BODY_ADMIN, State.IN_MEETING, own=True)
    outcome = step(case(State.IN_MEETING), body, Action.RECORD_RESULT, All(), Move(passed=False))
    assert (outcome.state, outcome.holder) == (State.FAILED, Holder.NOBODY)


def test_the_last_body_of_the_route_cannot_report_further():
    body = actor_of(Role.BODY_REVIEWER, State.READY, own=True)
    with pytest.raises(GuardRefused) as refused:
        step(case(State.BODY_REVIEW, holder_body_id=COMMITTEE), body, Action.REPORT, facts_for(Action.REPORT), WORDS)
    assert refused.value.guard == "next_body_exists"


def test_every_state_has_two_names_and_final_states_offer_nothing():
    assert set(NAMES) == set(State)
    for state in FINAL:
        for role in Role:
            assert offered(case(state), actor_of(role, state, own=True), All()) == []
