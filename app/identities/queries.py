"""Whose identity somebody looks after, and the requests that follow. Every read of a row starts from a condition here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.elements import ColumnElement

from app.accounts.models import Person
from app.files.models import StoredFile
from app.identities.models import ChangeState, IdentityChange, PhoneRecovery
from app.review_bodies.models import ReviewBody
from app.units.models import Unit
from app.workflow.actor import Actor
from app.workflow.states import Party

Request = TypeVar("Request", IdentityChange, PhoneRecovery)


class NotVisible(Exception):
    """No such row for this actor; at the edge a 404, whether it exists or not."""


def looked_after_by(actor: Actor) -> ColumnElement[bool]:
    """The applicants of whom the actor's place can say who they are: a unit its members, the office all; a body that
    approves identities the members of units that report to it or to a body below it. Never staff."""
    match actor.party:
        case Party.UNIT if actor.unit_id is not None:
            return sa.and_(Person.kind == Party.APPLICANT, Person.unit_id == actor.unit_id)
        case Party.BODY if actor.body_id is not None:
            below = (
                sa.select(ReviewBody.id)
                .where(ReviewBody.id == actor.body_id, ReviewBody.approves_identities)
                .cte(recursive=True)
            )
            below = below.union_all(sa.select(ReviewBody.id).where(ReviewBody.parent_id == below.c.id))
            units = sa.select(Unit.id).where(Unit.reports_to_id.in_(sa.select(below.c.id)))
            return sa.and_(Person.kind == Party.APPLICANT, Person.unit_id.in_(units))
        case Party.OFFICE:
            return Person.kind == Party.APPLICANT
        case _:
            return sa.false()


def _requests(model: type[Request], actor: Actor) -> ColumnElement[bool]:
    if actor.party is Party.OFFICE:
        return sa.true()
    return model.person_id.in_(sa.select(Person.id).where(looked_after_by(actor)))


def changes_visible_to(actor: Actor) -> ColumnElement[bool]:
    """An applicant sees the own ones, the others those of whom they look after."""
    if actor.party is Party.APPLICANT:
        return IdentityChange.person_id == actor.person_id
    return _requests(IdentityChange, actor)


def recoveries_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Only for whoever may recover a phone; the applicant is told by SMS."""
    return _requests(PhoneRecovery, actor)


def person(session: Session, actor: Actor, person_id: int) -> Person:
    """An applicant whom the actor looks after, with the unit; raises NotVisible."""
    query = sa.select(Person).where(looked_after_by(actor), Person.id == person_id)
    found = session.scalar(query.options(joinedload(Person.unit)))
    if found is None:
        raise NotVisible(person_id)
    return found


def change(session: Session, actor: Actor, change_id: int) -> IdentityChange:
    return _one(session, IdentityChange, changes_visible_to(actor), change_id)


def recovery(session: Session, actor: Actor, recovery_id: int) -> PhoneRecovery:
    return _one(session, PhoneRecovery, recoveries_visible_to(actor), recovery_id)


def _one(session: Session, model: type[Request], visible: ColumnElement[bool], number: int) -> Request:
    with_person = joinedload(model.person).joinedload(Person.unit)
    found = session.scalar(sa.select(model).where(visible, model.id == number).options(with_person))
    if found is None:
        raise NotVisible(number)
    return found


def changes_of(session: Session, person_id: int) -> Sequence[IdentityChange]:
    """All that a person ever asked for, the newest first."""
    query = sa.select(IdentityChange).where(IdentityChange.person_id == person_id)
    return session.scalars(query.order_by(IdentityChange.id.desc())).all()


def open_change(session: Session, person_id: int) -> IdentityChange | None:
    query = sa.select(IdentityChange).where(IdentityChange.person_id == person_id)
    return session.scalar(query.where(IdentityChange.state == ChangeState.OPEN))


def files_of(session: Session, request: IdentityChange | PhoneRecovery) -> dict[str, StoredFile]:
    """The papers of a request by kind."""
    rows = session.scalars(sa.select(StoredFile).where(StoredFile.id.in_(request.files.values())))
    found = {row.id: row for row in rows}
    return {kind: found[number] for kind, number in request.files.items()}
