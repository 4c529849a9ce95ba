"""What a person does to the own account: registers, gets a code, resets or changes the password, changes
phone, name and ID number. Logging in is in logging_in.py. SMS codes are redeemed by the caller before
these are called."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from redis import Redis
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.security import generate_password_hash

from app.accounts import codes, neighbours, sessions
from app.accounts.codes import Purpose, SendLimits
from app.accounts.creating import HASH_METHOD, create_account, set_identity, set_phone
from app.accounts.logging_in import forget_tries
from app.accounts.models import Consent, Person
from app.accounts.phones import id_digest, mask_name, mask_phone, phone_digest
from app.accounts.roles import Role
from app.audit.services import record
from app.days import BEIJING
from app.messages.services import send_sms
from app.workflow.actor import Actor
from app.workflow.states import Party

CONSENT_VERSION = "2026-11"  # of templates/accounts/_privacy.html; raise it with every change of meaning


class PhoneTaken(Exception):
    """Another applicant has this phone."""


class IdTaken(Exception):
    """Another account has this document's number."""


class IdentityFixed(Exception):
    """Something was submitted under this name: it is changed by the unit or the office, with proof."""


@dataclass(frozen=True)
class Registration:
    """What was typed, checked and normalised; the phone is proven by a code."""

    name: str
    id_type: str
    id_no: str = field(repr=False)
    phone: str = field(repr=False)
    password: str = field(repr=False)
    unit_id: int | None
    consent_version: str
    consent_at: datetime


def send_code(
    session: Session,
    redis: Redis,
    purpose: Purpose,
    phone: str,
    *,
    address: str,
    now: datetime,
    limits: SendLimits | None = None,
) -> None:
    """Puts a code for `phone` into the outbox, whether anybody has this phone or not: the answer tells
    nothing. Raises SendRefused."""
    code = codes.issue(redis, purpose, phone, address=address, limits=limits)
    template = "PLACE_CODE" if purpose is Purpose.PLACE else "CODE"
    send_sms(session, template=template, phone=phone, now=now, code=code, minutes=codes.LIFETIME // 60)


def register(
    session: Session, given: Registration, *, address: str, now: datetime, hash_method: str = HASH_METHOD
) -> Person:
    """The account of an applicant. Raises PhoneTaken or IdTaken, also when somebody was faster: then
    roll back."""
    if _holder_of_phone(session, given.phone):
        raise PhoneTaken
    if _holder_of_id(session, given.id_type, given.id_no):
        raise IdTaken
    with _TakenInstead():
        person = create_account(
            session,
            name=given.name,
            password=given.password,
            roles=[Role.APPLICANT],
            now=now,
            phone=given.phone,
            id_type=given.id_type,
            id_no=given.id_no,
            unit_id=given.unit_id,
            hash_method=hash_method,
        )
    give_consent(session, person, given.consent_version, at=given.consent_at)
    record(session, None, "register", "person", person.id, now=now, address=address, unit_id=given.unit_id)
    return person


class _TakenInstead:
    """Turns what a unique index refuses into the exception of the same name."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, IntegrityError):
            words = str(error.orig)
            if "phone" in words:
                raise PhoneTaken from error
            if "id_no" in words:
                raise IdTaken from error


def _holder_of_phone(session: Session, phone: str) -> int | None:
    return session.scalar(
        sa.select(Person.id).where(Person.phone_digest == phone_digest(phone), Person.kind == Party.APPLICANT)
    )


def _holder_of_id(session: Session, id_type: str, id_no: str) -> int | None:
    return session.scalar(sa.select(Person.id).where(Person.id_no_digest == id_digest(id_type, id_no)))


def reset_password(
    session: Session,
    phone: str,
    password: str,
    *,
    address: str,
    now: datetime,
    hash_method: str = HASH_METHOD,
) -> bool:
    """A new password for the applicant with this (proven) phone: ends every session, lifts a lock, tells
    the phone. False if no applicant has it; nothing is said about that to anybody but the holder of the
    phone."""
    person = session.scalar(
        sa.select(Person).where(Person.phone_digest == phone_digest(phone), Person.kind == Party.APPLICANT)
    )
    if person is None:
        return False
    actor = Actor(party=Party.APPLICANT, person_id=person.id, name=person.name, address=address)
    _set_password(session, person, password, keep=None, now=now, hash_method=hash_method)
    forget_tries(session, person.id)
    record(session, actor, "password_reset", "person", person.id, now=now)
    return True


def change_password(
    session: Session,
    person: Person,
    actor: Actor,
    password: str,
    *,
    keep: str,
    now: datetime,
    hash_method: str = HASH_METHOD,
) -> None:
    """A new password; every session ends but the one whose token is `keep`. The phone is told."""
    _set_password(session, person, password, keep=keep, now=now, hash_method=hash_method)
    record(session, actor, "password_changed", "person", person.id, now=now)


def _set_password(
    session: Session, person: Person, password: str, *, keep: str | None, now: datetime, hash_method: str
) -> None:
    session.execute(
        sa.update(User)
        .where(User.id == person.user_id)
        .values(password=generate_password_hash(password, method=hash_method))
    )
    sessions.end_all(session, person, reason="password", now=now, keep=keep)
    tell_account(session, person, "PASSWORD_CHANGED", now)


def change_phone(
    session: Session, person: Person, actor: Actor, phone: str, *, keep: str | None, now: datetime
) -> None:
    """The new phone, proven or vouched for by `actor`; the old one is told, sessions end but the one whose token is `keep`.
    Raises PhoneTaken: then roll back."""
    holder = _holder_of_phone(session, phone)
    if person.kind is Party.APPLICANT and holder not in (None, person.id):
        raise PhoneTaken
    old = person.phone
    with _TakenInstead():
        set_phone(person, phone)
        session.flush()
    sessions.end_all(session, person, reason="phone", now=now, keep=keep)
    if old and old != phone:
        send_sms(
            session,
            template="PHONE_CHANGED",
            phone=old,
            now=now,
            person_id=person.id,
            time=_moment(now),
            phone_masked=mask_phone(phone),
        )
    record(session, actor, "phone_changed", "person", person.id, now=now)


def withdraw_consent(session: Session, person: Person, *, now: datetime) -> None:
    """Writes down that the consent that holds is withdrawn; what was done under it stays lawful."""
    person.consent_version = person.consent_at = None
    session.execute(
        sa.update(Consent)
        .where(Consent.person_id == person.id, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )


def give_consent(session: Session, person: Person, version: str, *, at: datetime) -> None:
    """Consent to the privacy statement of `version`: at the registration, or again."""
    person.consent_version, person.consent_at = version, at
    session.add(Consent(person_id=person.id, version=version, given_at=at))


def identity_is_fixed(session: Session, person: Person) -> bool:
    """Whether the person may no longer change name and ID number alone."""
    return neighbours.current().identity_is_fixed(session, person.id)


def change_identity(
    session: Session,
    person: Person,
    actor: Actor,
    *,
    name: str,
    id_type: str,
    id_no: str,
    keep: str,
    now: datetime,
) -> bool:
    """Name and document, freely before anything was submitted; otherwise as set_identity_of(). False, and nothing done, if
    they are what they were. Raises IdentityFixed, IdTaken: then roll back."""
    if identity_is_fixed(session, person):
        raise IdentityFixed
    if (name, id_type, id_no) == (person.name, person.id_type, person.id_no):
        return False
    record(
        session, actor, "identity_changed", "person", person.id, now=now,
        **set_identity_of(session, person, name=name, id_type=id_type, id_no=id_no, keep=keep, now=now),
    )  # fmt: skip
    return True


def set_identity_of(
    session: Session, person: Person, *, name: str, id_type: str, id_no: str, keep: str | None, now: datetime
) -> dict[str, dict[str, str]]:
    """The new name and document everywhere: account, FAB's user, open applications. Sessions end but the one whose token
    is `keep`; the phone is told. Returns what was and what is, masked, for the log. Raises IdTaken: then roll back."""
    check_id_free(session, person, id_type, id_no)
    before = masked_identity(person)
    with _TakenInstead():
        person.name = name
        set_identity(person, id_type, id_no)
        session.flush()
    first, last = (name[1:], name[:1]) if len(name) > 1 else (name, "")
    session.execute(sa.update(User).where(User.id == person.user_id).values(first_name=first, last_name=last))
    neighbours.current().renamed(session, person)
    sessions.end_all(session, person, reason="identity", now=now, keep=keep)
    tell_account(session, person, "IDENTITY_CHANGED", now)
    return {"old": before, "new": masked_identity(person)}


def check_id_free(session: Session, person: Person, id_type: str, id_no: str) -> None:
    """Raises IdTaken for a document that is another person's."""
    if _holder_of_id(session, id_type, id_no) not in (None, person.id):
        raise IdTaken


def masked_identity(person: Person) -> dict[str, str]:
    return {"name": mask_name(person.name), "id_type": person.id_type or "", "id_no": person.id_no_masked}


def replace_phone(
    session: Session, person: Person, phone: str, *, now: datetime, hash_method: str = HASH_METHOD
) -> dict[str, str]:
    """A lost phone's (proven) successor. Every session ends, a lock is lifted, and nobody knows the password any more: the
    person sets one by 忘记密码. Both phones are told. Returns both masked, for the log. Raises PhoneTaken: then roll
    back."""
    if _holder_of_phone(session, phone) not in (None, person.id):
        raise PhoneTaken
    old, masked = person.phone, person.phone_masked
    with _TakenInstead():
        set_phone(person, phone)
        session.flush()
    close_password(session, person, hash_method=hash_method)
    sessions.end_all(session, person, reason="phone", now=now)
    forget_tries(session, person.id)
    if old and old != phone:
        send_sms(
            session, template="PHONE_CHANGED", phone=old, now=now, person_id=person.id, time=_moment(now),
            phone_masked=mask_phone(phone),
        )  # fmt: skip
    tell_account(session, person, "PHONE_RECOVERED", now)
    return {"old": masked, "new": person.phone_masked}


def close_password(session: Session, person: Person, *, hash_method: str = HASH_METHOD) -> None:
    """A password that nobody knows."""
    closed = generate_password_hash(secrets.token_urlsafe(32), method=hash_method)
    session.execute(sa.update(User).where(User.id == person.user_id).values(password=closed))


def tell_account(session: Session, person: Person, template: str, now: datetime) -> None:
    """An SMS about the account to its phone, with the time."""
    if person.phone:
        send_sms(session, template=template, phone=person.phone, now=now, person_id=person.id, time=_moment(now))


def _moment(now: datetime) -> str:
    return f"{now.astimezone(BEIJING):%Y-%m-%d %H:%M}"
