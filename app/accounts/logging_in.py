"""Logging in and out, and every other question for a password.

In two steps, with the caller's commit between them: the try is counted, then the hash is checked. So 20
guesses in flight at once count as 20, a failure further on takes none back, and no row is locked while a
hash is computed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session
from werkzeug.security import check_password_hash

from app.accounts import places, sessions
from app.accounts.creating import HASH_METHOD
from app.accounts.models import Person
from app.accounts.passwords import MAX_LENGTH, nobody
from app.accounts.phones import normal, phone_digest
from app.accounts.places import Place
from app.audit.services import record
from app.orm import UtcDateTime
from app.workflow.actor import Actor
from app.workflow.states import Party

MAX_WRONG = 5  # 密码连续输错 5 次，账号锁定 15 分钟
LOCKED_FOR = timedelta(minutes=15)
PERSON_WINDOW = "person"
ORG_WINDOW = "org"

Verify = Callable[[str, str], bool]  # (hash, password)


class LoginRefused(Exception):
    """Unknown, locked, wrong, switched off, or at the wrong window: nobody is told which."""


class UnusualPlace(Exception):
    """The password was right, but nobody logs in from this place; `phone` gets a code that log_in_proven() asks for. There is
    no way in from here for an account without one."""

    def __init__(self, person: Person) -> None:
        super().__init__("unusual place")
        self.person_id, self.generation, self.phone = person.id, person.generation, person.phone


class WrongPassword(Exception):
    """The current password of somebody who is logged in was not right, or was tried too often (`locked`)."""

    def __init__(self, locked: bool) -> None:
        super().__init__("locked" if locked else "wrong")
        self.locked = locked


@dataclass(frozen=True)
class Attempt:
    """A try that was counted. `allowed` is false for a locked account and where there is none."""

    window: str
    person_id: int | None
    allowed: bool


def begin_log_in(session: Session, window: str, name: str, *, address: str, now: datetime) -> Attempt:
    """Counts a try at `window` ("person": by phone, applicants only; "org": by login name, staff only).
    Commit before log_in(). A name that is unknown or locked is written to the audit log instead of being
    counted: that takes the same time."""
    person_id = session.scalar(_at_window(window, name))
    allowed = person_id is not None and count_try(session, person_id, now=now)
    if not allowed:
        record(
            session,
            None,
            "login_try",
            "person",
            person_id or "",
            now=now,
            address=address,
            window=window,
            result="unknown" if person_id is None else "locked",
        )
    return Attempt(window, person_id, allowed)


def _at_window(window: str, name: str) -> sa.Select[tuple[int]]:
    if window == PERSON_WINDOW:
        return sa.select(Person.id).where(
            Person.phone_digest == phone_digest(normal(name)), Person.kind == Party.APPLICANT
        )
    return (
        sa.select(Person.id)
        .join(User, User.id == Person.user_id)
        .where(User.username == name.strip(), Person.kind != Party.APPLICANT)
    )


def count_try(session: Session, person_id: int, *, now: datetime) -> bool:
    """One try more in one statement; False if the account is locked. The fifth locks it, unless it turns
    out right."""
    ended = sa.and_(Person.locked_until.is_not(None), Person.locked_until <= now)
    tries = sa.case((ended, 1), else_=Person.failed_logins + 1)
    until = sa.case((tries >= MAX_WRONG, sa.literal(now + LOCKED_FOR, UtcDateTime())), else_=sa.null())
    counted = session.execute(
        sa.update(Person)
        .where(Person.id == person_id, sa.or_(Person.locked_until.is_(None), Person.locked_until <= now))
        .values(failed_logins=tries, locked_until=until)
        .execution_options(synchronize_session=False)
    )
    return counted.rowcount == 1


def forget_tries(session: Session, person_id: int) -> None:
    session.execute(
        sa.update(Person)
        .where(Person.id == person_id)
        .values(failed_logins=0, locked_until=None)
        .execution_options(synchronize_session=False)
    )


def log_in(
    session: Session,
    attempt: Attempt,
    password: str,
    *,
    address: str,
    agent: str,
    now: datetime,
    place: Place | None = None,
    hash_method: str = HASH_METHOD,
    verify: Verify = check_password_hash,
) -> str:
    """The token of a new session; other sessions go on. Exactly one hash is checked, whoever asks. Only where a `place` is
    given (staff) it must be a usual one. Raises LoginRefused, UnusualPlace, with the failure in the audit log: commit
    either way."""
    found = None
    if attempt.allowed:
        found = session.execute(
            sa.select(Person, User)
            .join(User, User.id == Person.user_id)
            .where(Person.id == attempt.person_id)
        ).first()
    stored = found.User.password if found else None
    right = verify(stored or nobody(hash_method), password[: MAX_LENGTH + 1])
    if found is None or stored is None or not right or not found.User.active:
        record(
            session,
            None,
            "login_failed",
            "person",
            attempt.person_id or "",
            now=now,
            result="refused",
            address=address,
            window=attempt.window,
        )
        raise LoginRefused
    person: Person = found.Person
    forget_tries(session, person.id)
    if place is not None and not places.admits(session, person, place, now=now):
        result = "done" if person.phone else "refused"
        record(session, None, "login_unusual", "person", person.id, now=now, address=address, result=result)
        raise UnusualPlace(person)
    record(session, _actor(person, address), "login", "person", person.id, now=now, window=attempt.window)
    return sessions.open_session(
        session, person, window=attempt.window, address=address, agent=agent, now=now
    )


def still_welcome(session: Session, person_id: int, generation: int) -> Person | None:
    """The person whose password was right; None if the account was switched off or its sessions were ended since."""
    return session.scalar(
        sa.select(Person)
        .join(User, User.id == Person.user_id)
        .where(Person.id == person_id, Person.generation == generation, User.active.is_(True))
    )


def log_in_proven(session: Session, person: Person, place: Place, *, now: datetime) -> str:
    """The second half of a log-in from an unusual place, after the code: the token of a new session. The place is usual from
    now on."""
    places.learn(session, person, place, now=now)
    actor = _actor(person, place.address)
    record(session, actor, "login", "person", person.id, now=now, window=ORG_WINDOW, place="new")
    return sessions.open_session(
        session, person, window=ORG_WINDOW, address=place.address, agent=place.agent, now=now
    )


def record_wrong_code(session: Session, person: Person, *, address: str, now: datetime) -> None:
    """For the audit log; wrong codes are limited where codes are."""
    record(session, None, "login_failed", "person", person.id, now=now, address=address, by="code", result="refused")


def check_own_password(
    session: Session,
    person: Person,
    stored: str,
    password: str,
    *,
    allowed: bool,
    verify: Verify = check_password_hash,
) -> None:
    """For whoever is logged in and changes what protects the account; `allowed` is what count_try()
    answered before. Raises WrongPassword."""
    if not allowed:
        raise WrongPassword(locked=True)
    if not verify(stored, password[: MAX_LENGTH + 1]):
        raise WrongPassword(locked=False)
    forget_tries(session, person.id)


def log_out(session: Session, token: str, actor: Actor, *, now: datetime) -> None:
    """Ends the session in the table: a copied cookie is worth nothing afterwards."""
    sessions.end(session, token, reason="logout", now=now)
    record(session, actor, "logout", "person", actor.person_id or "", now=now)


def _actor(person: Person, address: str) -> Actor:
    return Actor(
        party=person.kind,
        person_id=person.id,
        unit_id=person.unit_id,
        body_id=person.body_id,
        address=address,
    )
