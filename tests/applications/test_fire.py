"""fire(): the only writer of state, one row of history for each move, whoever else moves at the same moment."""

from __future__ import annotations

import ast
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.roles import Role
from app.applications.models import Application, HistoryRow, ReturnedSection, RouteStep
from app.applications.services import Stale, fire, offers
from app.audit.models import AuditEntry
from app.workflow.actions import Action
from app.workflow.actor import Actor
from app.workflow.case import Move, ReturnItem
from app.workflow.machine import GuardRefused, NotHolder, NotOffered
from app.workflow.states import Holder, Party, State
from tests.factories import application, city, person

APP = Path(__file__).parents[2] / "app"


@pytest.fixture
def at_unit(session):
    town = city(session)
    applicant = person(session, Role.APPLICANT, serial=7, unit_id=town.unit.id)
    clerk = person(session, Role.UNIT_OPERATOR, unit_id=town.unit.id, name="韦一")
    row = application(session, town, applicant, state=State.UNIT_REVIEW)
    session.commit()
    actor = Actor(Party.UNIT, person_id=clerk.id, unit_id=town.unit.id, name=town.unit.name, address="10.0.0.9")
    return row, actor, town


def now() -> datetime:
    return datetime.now(UTC)


RETURN = Move(items=(ReturnItem("EDU", "毕业证书看不清，请重新扫描。", "R03"),))


@pytest.mark.requirement("U7", "A12")
def test_a_return_writes_state_history_reasons_and_audit_together(session, at_unit):
    row, actor, town = at_unit
    fire(session, row, actor, Action.RETURN_TO_APPLICANT, now=now(), move=RETURN)
    session.commit()
    assert (row.state, row.holder, row.version) == (State.RETURNED, Holder.APPLICANT, 2)
    history = session.scalars(sa.select(HistoryRow)).one()
    assert (history.from_state, history.to_state, history.version) == (State.UNIT_REVIEW, State.RETURNED, 2)
    assert (history.office, history.party) == (town.unit.name, Party.UNIT)
    reason = session.scalars(sa.select(ReturnedSection)).one()
    assert (reason.section, reason.code, reason.reason) == ("EDU", "R03", "毕业证书看不清，请重新扫描。")
    entry = session.scalars(sa.select(AuditEntry)).one()
    assert (entry.verb, entry.object_id, entry.address) == ("return_to_applicant", str(row.id), "10.0.0.9")
    assert entry.detail == {"from_state": "unit_review", "to_state": "returned", "version": 2}


@pytest.mark.requirement("U7")
def test_a_refused_move_leaves_nothing_behind(session, at_unit):
    row, actor, town = at_unit
    stranger = Actor(Party.UNIT, person_id=actor.person_id, unit_id=town.unit.id + 1)
    for who, action, move, refusal in [
        (stranger, Action.DECLINE, Move(reason="不符"), NotHolder),
        (actor, Action.FINISH, Move(), NotOffered),
        (actor, Action.DECLINE, Move(reason=" "), GuardRefused),
    ]:
        with pytest.raises(refusal):
            fire(session, row, who, action, now=now(), move=move)
        session.rollback()
    assert (row.state, row.version) == (State.UNIT_REVIEW, 1)
    for table in (HistoryRow, AuditEntry, ReturnedSection):
        assert session.scalars(sa.select(table)).all() == []


@pytest.mark.requirement("U7")
def test_a_decision_from_a_page_that_is_no_longer_true_is_refused(session, at_unit):
    row, actor, _town = at_unit
    fire(session, row, actor, Action.RETURN_TO_APPLICANT, now=now(), move=RETURN, version=1)
    session.commit()
    with pytest.raises(Stale):
        fire(session, row, actor, Action.DECLINE, now=now(), move=Move(reason="不符"), version=1)


@pytest.mark.requirement("U7")
@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_of_two_decisions_at_once_exactly_one_is_written(app, database, session, at_unit):
    row, actor, _town = at_unit
    moves = [(Action.RETURN_TO_APPLICANT, RETURN), (Action.DECLINE, Move(reason="不符合条件"))] * 4
    start, outcomes = threading.Barrier(len(moves)), []

    def decide(action: Action, move: Move) -> None:
        with Session(database.engine) as own:
            mine = own.get(Application, row.id)
            start.wait()
            try:
                fire(own, mine, actor, action, now=now(), move=move)
                own.commit()
                outcomes.append(action)
            except (Stale, NotOffered):
                own.rollback()

    threads = [threading.Thread(target=decide, args=each) for each in moves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.expire_all()
    history = session.scalars(sa.select(HistoryRow)).all()
    assert len(outcomes) == len(history) == 1
    assert (history[0].version, row.version, row.state) == (2, 2, history[0].to_state)


@pytest.mark.requirement("R3")
def test_a_body_sees_an_application_from_the_moment_it_has_it(session, at_unit):
    row, _actor, town = at_unit
    reached = dict(session.execute(sa.select(RouteStep.body_id, RouteStep.reached_at)).all())
    assert reached == {town.district.id: None, town.committee.id: None}


def test_offers_are_the_tables_rows_for_the_actor(session, at_unit):
    row, actor, _town = at_unit
    assert {each.action for each in offers(session, row, actor, now=now())} == {
        Action.GRANT_RETURN, Action.DECLINE_RETURN, Action.RETURN_TO_APPLICANT, Action.DECLINE, Action.REPORT,
    }
    assert offers(session, row, Actor(Party.STAFF, person_id=1), now=now()) == []


def test_nothing_but_fire_writes_the_state_of_an_application():
    """Read from the source: outside applications/services.py no assignment to .state or .holder, and no update of them."""
    writers = []
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            targets = node.targets if isinstance(node, ast.Assign) else []
            if any(isinstance(each, ast.Attribute) and each.attr in ("state", "holder_body_id") for each in targets):
                writers.append(path.relative_to(APP).as_posix())
    assert set(writers) == {"applications/services.py"}
