"""A new name or ID number is asked for and decided; a lost phone is replaced. SMS codes are redeemed by the caller."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.creating import HASH_METHOD
from app.accounts.models import Person
from app.accounts.phones import mask_id
from app.accounts.services import check_id_free, identity_is_fixed, replace_phone, set_identity_of
from app.audit.services import record
from app.files.services import Owner, Taken, give
from app.identities.models import ChangeState, IdentityChange, PhoneRecovery, RecoveryState
from app.messages.services import send_sms, tell_unit
from app.workflow.actor import Actor

DOCUMENT, PROOF = "document", "proof"


class NothingToAsk(Exception):
    """Nothing was submitted yet: the person changes name and number alone."""


class Unchanged(Exception):
    """What is asked for stands there already."""


class PaperMissing(Exception):
    """`kind` must be uploaded."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class AlreadyOpen(Exception):
    """One of this person waits already."""


class AlreadyDecided(Exception):
    """Somebody was faster: decided, done, withdrawn or cancelled."""


class OwnCase(Exception):
    """Nobody decides who oneself is."""


def ask(
    session: Session, person: Person, actor: Actor, *, name: str, id_type: str, id_no: str, reason: str,
    papers: Mapping[str, Taken], now: datetime,
) -> IdentityChange:  # fmt: skip
    """Asks the unit, or the office for who has none, for a new name or document, and tells the unit. Raises NothingToAsk,
    Unchanged, PaperMissing, IdTaken or AlreadyOpen: then roll back."""
    if not identity_is_fixed(session, person):
        raise NothingToAsk
    if (name, id_type, id_no) == (person.name, person.id_type, person.id_no):
        raise Unchanged
    if DOCUMENT not in papers:
        raise PaperMissing(DOCUMENT)
    check_id_free(session, person, id_type, id_no)
    files = {kind: _file(session, person, taken, f"identity_{kind}", actor, now) for kind, taken in papers.items()}
    asked = IdentityChange(
        person_id=person.id, name=name, id_type=id_type, id_no=id_no, id_no_masked=mask_id(id_no),
        old_name=person.name, old_id_no_masked=person.id_no_masked, reason=reason,
        document_file_id=files[DOCUMENT], proof_file_id=files.get(PROOF), asked_at=now,
    )  # fmt: skip
    _add_only(session, asked)
    record(session, actor, "ask_identity", "person", person.id, now=now, change=asked.id)
    if person.unit_id is not None:
        tell_unit(session, person.unit_id, template="IDENTITY_ASKED", now=now, name=person.name)
    return asked


def withdraw(session: Session, asked: IdentityChange, actor: Actor, *, now: datetime) -> None:
    """The applicant takes the request back. Raises AlreadyDecided."""
    _end(session, IdentityChange, asked.id, state=ChangeState.WITHDRAWN, decided_at=now)
    record(session, actor, "withdraw_identity", "person", asked.person_id, now=now, change=asked.id)


def approve(session: Session, asked: IdentityChange, actor: Actor, *, now: datetime) -> None:
    """The new name and document hold from now on, in the account and in applications that are still open to the person;
    the person is told and logged out. Raises OwnCase, AlreadyDecided, or IdTaken (the number was registered meanwhile):
    then roll back."""
    person = asked.person
    _check_foreign(session, person, actor)
    _end(
        session, IdentityChange, asked.id, state=ChangeState.APPROVED, decided_at=now, decided_by_id=actor.person_id,
        decided_by=actor.name,
    )  # fmt: skip
    masked = set_identity_of(
        session, person, name=asked.name, id_type=asked.id_type, id_no=asked.id_no, keep=None, now=now
    )
    record(session, actor, "approve_identity", "person", person.id, now=now, change=asked.id, **masked)


def refuse(session: Session, asked: IdentityChange, actor: Actor, *, reason: str, now: datetime) -> None:
    """Everything stays; the person reads the reason and may ask again. Raises OwnCase, AlreadyDecided."""
    person = asked.person
    _check_foreign(session, person, actor)
    _end(
        session, IdentityChange, asked.id, state=ChangeState.REFUSED, decided_at=now, decided_by_id=actor.person_id,
        decided_by=actor.name, answer=reason,
    )  # fmt: skip
    record(session, actor, "refuse_identity", "person", person.id, now=now, change=asked.id)
    if person.phone:
        send_sms(
            session, template="IDENTITY_REFUSED", phone=person.phone, now=now, person_id=person.id, reason=reason
        )


def reveal(session: Session, asked: IdentityChange, actor: Actor, *, now: datetime) -> tuple[str, str]:
    """(present number, number asked for) in full, and the look is recorded."""
    record(session, actor, "reveal", "person", asked.person_id, now=now, fields=["id_no"], change=asked.id)
    return asked.person.id_no or "", asked.id_no


def start_recovery(
    session: Session, person: Person, actor: Actor, *, reason: str, proof: Taken | None, now: datetime
) -> PhoneRecovery:
    """Begins to replace the lost phone of an applicant. Raises OwnCase, PaperMissing, AlreadyOpen: then roll back."""
    _check_foreign(session, person, actor)
    if proof is None:
        raise PaperMissing("recovery")
    begun = PhoneRecovery(
        person_id=person.id, reason=reason, old_phone_masked=person.phone_masked, started_by_id=actor.person_id,
        started_by=actor.name, started_at=now, proof_file_id=_file(session, person, proof, "recovery_proof", actor, now),
    )  # fmt: skip
    _add_only(session, begun)
    record(session, actor, "start_recovery", "person", person.id, now=now, recovery=begun.id)
    return begun


def finish_recovery(
    session: Session, begun: PhoneRecovery, actor: Actor, *, phone: str, now: datetime, hash_method: str = HASH_METHOD
) -> None:
    """The (proven) new phone is the account's; see accounts.services.replace_phone. Raises AlreadyDecided, PhoneTaken:
    then roll back."""
    _end(session, PhoneRecovery, begun.id, state=RecoveryState.DONE, ended_at=now, ended_by_id=actor.person_id)
    masked = replace_phone(session, begun.person, phone, now=now, hash_method=hash_method)
    begun.phone_masked = masked["new"]
    record(session, actor, "recover_phone", "person", begun.person_id, now=now, recovery=begun.id, **masked)


def cancel_recovery(session: Session, begun: PhoneRecovery, actor: Actor, *, now: datetime) -> None:
    """Nothing changes. Raises AlreadyDecided."""
    _end(session, PhoneRecovery, begun.id, state=RecoveryState.CANCELLED, ended_at=now, ended_by_id=actor.person_id)
    record(session, actor, "cancel_recovery", "person", begun.person_id, now=now, recovery=begun.id)


def _check_foreign(session: Session, person: Person, actor: Actor) -> None:
    """Raises OwnCase for a clerk whose own phone is the applicant's: it is the same human being."""
    mine = session.scalar(sa.select(Person.phone_digest).where(Person.id == actor.person_id))
    if mine is not None and mine == person.phone_digest:
        raise OwnCase


def _file(session: Session, person: Person, taken: Taken, kind: str, actor: Actor, now: datetime) -> int:
    owner = Owner(person_id=person.id)
    return give(session, taken, kind=kind, owner=owner, uploaded_by_id=actor.person_id, now=now).id


def _add_only(session: Session, request: IdentityChange | PhoneRecovery) -> None:
    session.add(request)
    try:
        session.flush()
    except IntegrityError as error:
        raise AlreadyOpen from error


def _end(session: Session, model: type[IdentityChange] | type[PhoneRecovery], number: int, **values: object) -> None:
    """Only one of two at once gets through."""
    done = session.execute(
        sa.update(model)
        .where(model.id == number, model.state == "open")
        .values(**values)
        .execution_options(synchronize_session="fetch")
    )
    if done.rowcount != 1:
        raise AlreadyDecided(number)
