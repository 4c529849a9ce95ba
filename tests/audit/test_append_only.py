"""What happened stays as it was written, and the log proves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.audit.append_only import TABLES
from app.audit.models import AuditEntry, AuditSeal
from app.audit.services import broken_seals, record, seal
from app.workflow.actor import Actor
from app.workflow.states import Party

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ACTOR = Actor(Party.UNIT, person_id=1, unit_id=1, address="10.1.2.3")


@pytest.mark.requirement("M2")
@pytest.mark.parametrize("verb", ["UPDATE audit_entry SET verb = 'x'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_change_the_log(session, verb):
    record(session, ACTOR, "report", "application", 5, now=NOW)
    session.commit()
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        session.execute(sa.text(verb))
    session.rollback()
    assert session.scalars(sa.select(AuditEntry.verb)).all() == ["report"]


def test_all_append_only_tables_have_both_triggers(session):
    if session.get_bind().dialect.name == "postgresql":
        names = sa.text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
    else:
        names = sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    assert set(session.scalars(names)) == {f"{table}_no_{verb}" for table in TABLES for verb in ("update", "delete")}


@pytest.mark.requirement("M2")
def test_seals_prove_the_log_and_show_where_it_was_changed(session):
    for number in range(3):
        record(session, ACTOR, "report", "application", number, now=NOW)
    session.flush()
    assert seal(session, now=LATER) == 3
    record(session, None, "login_failed", "account", now=NOW, address="10.9.9.9", result="refused")
    session.flush()
    assert seal(session, now=LATER) == 1
    assert seal(session, now=LATER) == 0
    session.commit()
    assert broken_seals(session) == []
    first = session.scalars(sa.select(AuditSeal).order_by(AuditSeal.id)).first()
    for statement in _without_triggers(session, "UPDATE audit_entry SET object_id = '77' WHERE id = :id"):
        session.execute(sa.text(statement), {"id": first.first_id} if ":id" in statement else {})
    session.expire_all()
    assert broken_seals(session) == [first.id]
    session.rollback()


def _without_triggers(session, statement):
    """What somebody with the database's own rights could do."""
    if session.get_bind().dialect.name == "postgresql":
        return ["SET LOCAL session_replication_role = replica", statement]
    return ["DROP TRIGGER audit_entry_no_update", statement]
