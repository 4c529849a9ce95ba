"""The log as the audit administrator reads it, and the commands that seal and prove it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.audit.models import AuditEntry, AuditSeal
from app.audit.services import record
from app.workflow.actor import Actor
from app.workflow.states import Party
from tests.factories import city, log_in, person
from tests.statements import statements


@pytest.mark.requirement("M2")
def test_the_auditor_reads_the_log_in_words_and_filters_it(client, session, clock, database):
    who = person(session, Role.AUDIT_ADMIN)
    actor = Actor(Party.UNIT, person_id=who.id, address="10.1.2.3")
    for number in range(30):
        record(session, actor, "report", "application", number, now=clock.now(), version=2)
    record(session, None, "login_failed", "account", now=clock.now(), address="10.9.9.9", result="refused")
    log_in(client, session, who)
    page = client.get("/audit/list/").text
    assert "登录失败" in page and "被拒绝" in page and "上报" in page and "10.9.9.9" in page and who.name in page
    only = client.get("/audit/list/?_flt_0_verb=login_failed").text
    assert "10.9.9.9" in only and "10.1.2.3" not in only
    assert client.get("/audit/list/?_flt_0_object_kind=application&_flt_1_object_id=7").text.count("10.1.2.3") == 1
    assert client.get(f"/audit/list/?_flt_0_person_id={who.id}").text.count("10.1.2.3") == 25
    assert "10.1.2.3" not in client.get("/audit/list/?_flt_0_at=2099-01-01").text
    entry = session.scalars(sa.select(AuditEntry.id).order_by(AuditEntry.id)).first()
    assert "version" in client.get(f"/audit/show/{entry}").text
    with statements(database.engine) as sent:
        client.get("/audit/list/")
    assert len(sent) <= 8, sent


@pytest.mark.requirement("M2")
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDIT_ADMIN], ids=lambda role: role.name)
def test_nobody_else_reads_the_log(client, session, role):
    town = city(session)
    place = {"unit_id": town.unit.id} if "单位" in role.value else {"body_id": town.office.id}
    log_in(client, session, person(session, role, **({} if role is Role.APPLICANT else place)))
    assert client.get("/audit/list/").status_code == 403
    assert client.get("/audit/show/1").status_code == 403


@pytest.mark.requirement("M2")
def test_the_commands_seal_and_prove_the_log(app, session, clock):
    runner = app.test_cli_runner()
    for number in range(3):
        record(session, None, "login_failed", "account", number, now=clock.now(), address="10.9.9.9", result="refused")
    session.commit()
    clock.advance(minutes=20)
    answer = runner.invoke(args=["seal-audit"])
    assert answer.exit_code == 0 and "已封存 3 条" in answer.output
    assert session.scalar(sa.select(sa.func.count()).select_from(AuditSeal)) == 1
    answer = runner.invoke(args=["verify-audit"])
    assert answer.exit_code == 0 and "校验通过" in answer.output
    session.add(AuditSeal(first_id=4, last_id=999, digest="0" * 64, at=clock.now()))
    session.commit()
    answer = runner.invoke(args=["verify-audit"])
    assert answer.exit_code == 1 and "校验不符" in answer.output


@pytest.mark.requirement("M2")
@pytest.mark.parametrize("table", ["application_history", "application_snapshot", "audit_entry", "audit_seal"])
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
def test_what_is_only_added_cannot_be_changed(session, clock, table, verb):
    from app.applications.models import HistoryRow, Snapshot
    from app.workflow.actions import Action
    from app.workflow.states import Holder, State
    from tests.factories import application

    town = city(session)
    row = application(session, town, person(session, Role.APPLICANT, serial=1))
    session.add_all(
        [
            HistoryRow(application_id=row.id, version=1, action=Action.SUBMIT, from_state=State.DRAFT,
                       to_state=State.UNIT_REVIEW, holder=Holder.UNIT, party=Party.APPLICANT, at=clock.now()),
            Snapshot(application_id=row.id, number=1, content=b"x", digest="0" * 64, at=clock.now()),
            AuditSeal(first_id=1, last_id=1, digest="0" * 64, at=clock.now()),
        ]
    )
    record(session, None, "login", "account", now=clock.now())
    session.commit()
    statement = f"UPDATE {table} SET id = id + 1000" if verb == "UPDATE" else f"DELETE FROM {table}"
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        session.execute(sa.text(statement))
    session.rollback()
    assert session.scalar(sa.select(sa.func.count()).select_from(sa.table(table))) == 1
