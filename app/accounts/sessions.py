"""Log-in sessions: opened, found again by their token, ended one by one or all of a person.

Times here are the machine's, not the business clock's: a rehearsal must not log anybody out.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import LoginSession, Person

SEEN_EVERY = timedelta(minutes=1)


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True)
class Limits:
    idle: timedelta = timedelta(minutes=30)
    age: timedelta = timedelta(hours=12)


def open_session(
    session: Session, person: Person, *, window: str, address: str, agent: str, now: datetime
) -> str:
    """A new session for `person`; returns the token for the cookie, which is stored nowhere."""
    token = secrets.token_urlsafe(32)
    session.add(
        LoginSession(
            token_digest=token_digest(token),
            person_id=person.id,
            generation=person.generation,
            window=window,
            address=address,
            agent=agent[:200],
            created_at=now,
            seen_at=now,
        )
    )
    return token


@dataclass(frozen=True)
class LoggedIn:
    """A live session with its person (unit and body loaded) and FAB user."""

    login: LoginSession
    person: Person
    user: User


def find(session: Session, token: str, *, limits: Limits, now: datetime) -> LoggedIn | None:
    """The live session of `token`, in one statement; None if it was ended, is too old, idle, or the account is off."""
    row = session.execute(
        sa.select(LoginSession, Person, User)
        .join(Person, Person.id == LoginSession.person_id)
        .join(User, User.id == Person.user_id)
        .options(joinedload(Person.unit), joinedload(Person.body))
        .where(LoginSession.token_digest == token_digest(token))
    ).first()
    if row is None:
        return None
    login, person, user = row
    if login.ended_at or login.generation != person.generation or not user.active:
        return None
    if now - login.seen_at > limits.idle or now - login.created_at > limits.age:
        return None
    return LoggedIn(login, person, user)


def live(session: Session, person: Person, *, limits: Limits, now: datetime) -> list[LoginSession]:
    """The sessions in which the person is logged in now, the last used first."""
    return list(
        session.scalars(
            sa.select(LoginSession)
            .where(
                LoginSession.person_id == person.id,
                LoginSession.ended_at.is_(None),
                LoginSession.generation == person.generation,
                LoginSession.seen_at >= now - limits.idle,
                LoginSession.created_at >= now - limits.age,
            )
            .order_by(LoginSession.seen_at.desc(), LoginSession.id.desc())
        )
    )


def due_for_mark(login: LoginSession, now: datetime) -> bool:
    return now - login.seen_at > SEEN_EVERY


def mark_seen(session: Session, login: LoginSession, now: datetime) -> None:
    session.execute(sa.update(LoginSession).where(LoginSession.id == login.id).values(seen_at=now))


def end(session: Session, token: str, *, reason: str, now: datetime) -> None:
    """Ends one session; ending it twice keeps the first reason."""
    session.execute(
        sa.update(LoginSession)
        .where(LoginSession.token_digest == token_digest(token), LoginSession.ended_at.is_(None))
        .values(ended_at=now, end_reason=reason)
    )


def end_chosen(session: Session, person: Person, ids: Collection[int], *, reason: str, now: datetime) -> None:
    """Ends those of the person's sessions that are among `ids`."""
    session.execute(
        sa.update(LoginSession)
        .where(LoginSession.person_id == person.id, LoginSession.id.in_(ids), LoginSession.ended_at.is_(None))
        .values(ended_at=now, end_reason=reason)
    )


def end_all(session: Session, person: Person, *, reason: str, now: datetime, keep: str | None = None) -> None:
    """Ends every session of a person, but for the one whose token is `keep`. Raising the generation also ends those that
    are being opened at this moment."""
    person.generation += 1
    session.execute(
        sa.update(LoginSession)
        .where(
            LoginSession.person_id == person.id,
            LoginSession.ended_at.is_(None),
            LoginSession.token_digest != (token_digest(keep) if keep else ""),
        )
        .values(ended_at=now, end_reason=reason)
    )
    if keep:
        session.execute(
            sa.update(LoginSession)
            .where(LoginSession.token_digest == token_digest(keep))
            .values(generation=person.generation)
        )
