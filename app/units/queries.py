"""Reading units and who belongs to them. Every read of a row starts from `visible_to`."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.elements import ColumnElement

from app.accounts.models import Person
from app.files.models import StoredFile
from app.review_bodies.models import ReviewBody
from app.units.models import Unit, UnitStatus
from app.workflow.actor import Actor
from app.workflow.states import Party


class NotVisible(Exception):
    """No such row for this actor; at the edge a 404, whether it exists or not."""


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """A unit sees itself, the office all; a body that approves units those that report to it or to a body below it, and
    those of its own division that are not approved yet."""
    match actor.party:
        case Party.UNIT if actor.unit_id is not None:
            return Unit.id == actor.unit_id
        case Party.BODY if actor.body_id is not None:
            approver = sa.select(ReviewBody).where(ReviewBody.id == actor.body_id, ReviewBody.approves_units)
            below = approver.with_only_columns(ReviewBody.id).cte(recursive=True)
            below = below.union_all(sa.select(ReviewBody.id).where(ReviewBody.parent_id == below.c.id))
            return sa.or_(
                Unit.reports_to_id.in_(sa.select(below.c.id)),
                sa.and_(
                    Unit.status != UnitStatus.APPROVED,
                    Unit.division_code.in_(approver.with_only_columns(ReviewBody.division_code)),
                ),
            )
        case Party.OFFICE:
            return sa.true()
        case _:
            return sa.false()


def get(session: Session, actor: Actor, unit_id: int) -> Unit:
    """The visible unit with the body it reports to; raises NotVisible."""
    query = sa.select(Unit).where(visible_to(actor), Unit.id == unit_id).options(joinedload(Unit.reports_to))
    found = session.scalar(query)
    if found is None:
        raise NotVisible(unit_id)
    return found


def by_uscc(session: Session, uscc: str) -> Unit | None:
    return session.scalar(sa.select(Unit).where(Unit.uscc == uscc))


def files_of(session: Session, unit: Unit) -> dict[str, StoredFile]:
    """The papers in force by kind (certificate, pledge, seal)."""
    ids = {"certificate": unit.certificate_file_id, "pledge": unit.pledge_file_id, "seal": unit.seal_file_id}
    rows = session.scalars(sa.select(StoredFile).where(StoredFile.id.in_([each for each in ids.values() if each])))
    found = {row.id: row for row in rows}
    return {kind: found[each] for kind, each in ids.items() if each in found}


def file_of(session: Session, unit: Unit, public_id: str) -> StoredFile:
    """One of the unit's papers in force; raises NotVisible for any other file."""
    for row in files_of(session, unit).values():
        if row.public_id == public_id:
            return row
    raise NotVisible(public_id)


def bodies(session: Session) -> Sequence[ReviewBody]:
    """The active bodies to which a unit may report, the office first."""
    query = sa.select(ReviewBody).where(ReviewBody.active)
    return session.scalars(query.order_by(ReviewBody.parent_id.is_not(None), ReviewBody.code)).all()


def proposed_body(unit: Unit, choices: Sequence[ReviewBody]) -> ReviewBody | None:
    """Where the unit should report, from 所在地 and 单位级别: units of the city or above to the office; others to the body
    of their division, and to the office where there is none."""
    office = next((body for body in choices if body.parent_id is None), None)
    if unit.level_code in ("CENTRAL", "PROV", "CITY"):
        return office
    local = [body for body in choices if body.parent_id is not None and body.division_code == unit.division_code]
    return min(local, key=lambda body: (not body.approves_units, body.id), default=office)


def members_visible_to(actor: Actor) -> ColumnElement[bool]:
    """The applicants who belong to the actor's unit."""
    if actor.party is not Party.UNIT or actor.unit_id is None:
        return sa.false()
    return sa.and_(Person.kind == Party.APPLICANT, Person.unit_id == actor.unit_id)


def member(session: Session, actor: Actor, person_id: int) -> Person:
    found = session.scalar(sa.select(Person).where(members_visible_to(actor), Person.id == person_id))
    if found is None:
        raise NotVisible(person_id)
    return found


def person_count(session: Session, condition: ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Person).where(condition)) or 0


def member_count(session: Session, unit_id: int) -> int:
    return person_count(session, sa.and_(Person.kind == Party.APPLICANT, Person.unit_id == unit_id))


def operators(session: Session, unit_id: int) -> Sequence[Person]:
    """Everybody who works for the unit in the platform, with account and roles."""
    query = sa.select(Person).where(Person.kind == Party.UNIT, Person.unit_id == unit_id).order_by(Person.id)
    return session.scalars(query.options(joinedload(Person.user))).unique().all()


def operator(session: Session, unit_id: int, person_id: int) -> Person:
    query = sa.select(Person).where(Person.kind == Party.UNIT, Person.unit_id == unit_id, Person.id == person_id)
    found = session.scalar(query.options(joinedload(Person.user)))
    if found is None:
        raise NotVisible(person_id)
    return found
