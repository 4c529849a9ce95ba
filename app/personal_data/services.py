"""An account ends: asked for, taken back, executed. What every package erases stands in one table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts import erasing as accounts
from app.accounts.creating import HASH_METHOD
from app.accounts.models import Person
from app.accounts.phones import mask_name
from app.accounts.services import CONSENT_VERSION, give_consent, withdraw_consent
from app.applications import erasing as applications
from app.applications.models import Application
from app.audit.services import record
from app.certificates.models import Certificate
from app.days import BEIJING
from app.identities import erasing as identities
from app.messages import services as messages
from app.personal_data import queries
from app.personal_data.models import DeletionRequest, DeletionState
from app.workflow.actor import Actor

# after the account itself: what is left of it is the name that drafts take over; each returns keys of stored bytes
ERASERS: tuple[Callable[[Session, Person], list[str]], ...] = (applications.erase, identities.erase)


@dataclass(frozen=True)
class Obstacles:
    """What stands against the deletion: applications that wait for somebody, and certificates in force."""

    under_way: Sequence[Application]
    certificates: Sequence[Certificate]

    def __bool__(self) -> bool:
        return bool(self.under_way or self.certificates)


class Obstructed(Exception):
    """The account cannot be deleted now."""

    def __init__(self, obstacles: Obstacles) -> None:
        super().__init__(len(obstacles.under_way), len(obstacles.certificates))
        self.obstacles = obstacles


class AlreadyAsked(Exception):
    """A request waits already."""


class AlreadyEnded(Exception):
    """Somebody was faster: executed, refused or withdrawn."""


def obstacles(session: Session, person_id: int) -> Obstacles:
    return Obstacles(queries.under_way(session, person_id), queries.valid_certificates(session, person_id))


def ask(session: Session, person: Person, actor: Actor, *, now: datetime) -> DeletionRequest:
    """Asks for the deletion and withdraws the consent. Raises Obstructed, which is written to the log: commit then too;
    AlreadyAsked: then roll back."""
    against = obstacles(session, person.id)
    if against:
        record(session, actor, "ask_deletion", "person", person.id, now=now, result="refused")
        raise Obstructed(against)
    asked = DeletionRequest(
        person_id=person.id, name_masked=mask_name(person.name), id_no_masked=person.id_no_masked, asked_at=now
    )
    session.add(asked)
    try:
        session.flush()
    except IntegrityError as error:
        raise AlreadyAsked from error
    withdraw_consent(session, person, now=now)
    record(session, actor, "ask_deletion", "person", person.id, now=now, request=asked.id)
    return asked


def withdraw(session: Session, asked: DeletionRequest, actor: Actor, *, now: datetime) -> None:
    """The person stays, and consents again. Raises AlreadyEnded."""
    _end(session, asked, DeletionState.WITHDRAWN, actor, now)
    give_consent(session, session.get_one(Person, asked.person_id), CONSENT_VERSION, at=now)
    record(session, actor, "withdraw_deletion", "person", asked.person_id, now=now, request=asked.id)


def execute(
    session: Session, asked: DeletionRequest, actor: Actor, *, now: datetime, hash_method: str = HASH_METHOD
) -> list[str]:
    """Erases the person of a request and tells the phone. Returns the storage keys whose bytes are to be deleted after the
    commit. Raises AlreadyEnded, or Obstructed: then roll back and refuse()."""
    person = session.get_one(Person, asked.person_id)
    against = obstacles(session, person.id)
    if against:
        raise Obstructed(against)
    _end(session, asked, DeletionState.DONE, actor, now)
    asked.id_no_masked = ""
    phone = person.phone
    messages.erase(session, person)
    accounts.erase(session, person, hash_method=hash_method)
    keys = [key for erase in ERASERS for key in erase(session, person)]
    if phone:
        time = f"{now.astimezone(BEIJING):%Y-%m-%d %H:%M}"
        messages.send_sms(session, template="DELETION_DONE", phone=phone, now=now, time=time)
    record(session, actor, "delete_account", "person", person.id, now=now, request=asked.id, files=len(keys))
    return keys


def refuse(session: Session, asked: DeletionRequest, actor: Actor, *, reason: str, now: datetime) -> None:
    """What stands against it came after the request: the person is told, stays, and may ask again. Raises AlreadyEnded."""
    _end(session, asked, DeletionState.REFUSED, actor, now)
    person = session.get_one(Person, asked.person_id)
    record(session, actor, "refuse_deletion", "person", person.id, now=now, request=asked.id)
    messages.tell(session, person, template="DELETION_REFUSED", now=now, reason=reason)


def _end(session: Session, asked: DeletionRequest, state: DeletionState, actor: Actor, now: datetime) -> None:
    done = session.execute(
        sa.update(DeletionRequest)
        .where(DeletionRequest.id == asked.id, DeletionRequest.state == DeletionState.OPEN)
        .values(state=state, ended_at=now, ended_by_id=actor.person_id)
        .execution_options(synchronize_session="fetch")
    )
    if done.rowcount != 1:
        raise AlreadyEnded(asked.id)
