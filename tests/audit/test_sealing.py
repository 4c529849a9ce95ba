"""Only what is settled is sealed: what commits late, gets lost or is sealed twice at once does not break the proof."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry, AuditSeal
from app.audit.services import broken_seals, record, seal, seal_all

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
ON_POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


def after(**time: float) -> datetime:
    return NOW + timedelta(**time)


def note(session, number):
    record(session, None, "login", "account", number, now=NOW)
    session.flush()


@pytest.mark.requirement("M2")
def test_entries_of_the_last_two_minutes_are_not_sealed_yet(session):
    note(session, 1)
    assert [seal(session, now=after(seconds=119)), seal(session, now=after(seconds=120))] == [0, 1]


@pytest.mark.requirement("M2")
@ON_POSTGRESQL
def test_an_entry_that_commits_late_is_waited_for_and_sealed(session, database):
    with Session(database.engine) as slow:
        note(slow, "slow")
        note(session, "quick")
        session.commit()
        assert seal_all(session, now=after(minutes=5)) == 0
        slow.commit()
    assert seal_all(session, now=after(minutes=6)) == 2
    assert session.scalars(sa.select(AuditEntry.object_id).order_by(AuditEntry.id)).all() == ["slow", "quick"]
    assert broken_seals(session) == []


@pytest.mark.requirement("M2")
@ON_POSTGRESQL
def test_an_entry_that_was_rolled_back_holds_the_seal_up_for_a_quarter_of_an_hour_only(session, database):
    with Session(database.engine) as lost:
        note(lost, "lost")
        note(session, "kept")
        session.commit()
        lost.rollback()
    assert seal_all(session, now=after(minutes=14)) == 0
    assert seal_all(session, now=after(minutes=15)) == 1
    assert broken_seals(session) == []


@pytest.mark.requirement("M2")
@ON_POSTGRESQL
def test_an_entry_slipped_in_between_two_seals_is_found(session, database):
    with Session(database.engine) as lost:
        for number in range(3):
            note(session, number)
            note(lost, number)
            session.commit()
            assert seal_all(session, now=after(hours=1)) == 1
        lost.rollback()
    first = session.scalars(sa.select(AuditEntry.id).order_by(AuditEntry.id)).first()
    session.add(AuditEntry(id=first + 1, at=NOW, party="staff", verb="login", object_kind="account"))
    session.commit()
    seals = session.scalars(sa.select(AuditSeal.id).order_by(AuditSeal.id)).all()
    assert broken_seals(session) == [seals[1]]


@pytest.mark.requirement("M2")
@ON_POSTGRESQL
def test_of_two_that_seal_at_once_only_one_gets_its_seal_in(session, database):
    note(session, 1)
    session.commit()
    with Session(database.engine) as other:
        assert [seal(other, now=after(minutes=5)), seal(session, now=after(minutes=5))] == [1, 1]
        other.commit()
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()
    session.rollback()
    assert session.scalar(sa.select(sa.func.count()).select_from(AuditSeal)) == 1
    assert broken_seals(session) == []


@pytest.mark.requirement("M2")
def test_the_job_commits_what_it_sealed(app, session, clock):
    from app.jobs.audit import seal as job

    record(session, None, "login", "account", now=clock.now())
    session.commit()
    clock.advance(minutes=20)
    with app.app_context():
        assert job() == 1
    assert session.scalars(sa.select(AuditSeal.last_id)).all() == session.scalars(sa.select(AuditEntry.id)).all()
