"""Usual places: from which network, with which browser, a member of staff logs in. A log-in from anywhere else asks for a
code sent to the account's phone.

A place is both together: a stolen password opens nothing beside the clerk's desk, a stolen laptop nothing outside it. Times
are the machine's, as with sessions. Not here: the code (codes) and the page that asks for it (place_views).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from app.accounts.models import Person, UsualPlace

KEPT = timedelta(days=180)  # after the last log-in
V4_PREFIX, V6_PREFIX = 24, 48  # what a provider gives one office; an address inside it changes by itself


@dataclass(frozen=True)
class Place:
    """Where a log-in comes from. `device` is the random token in the browser's cookie; only its digest is stored."""

    address: str
    device: str = field(repr=False)
    agent: str = ""

    @property
    def network(self) -> str:
        return network_of(self.address)

    @property
    def device_digest(self) -> str:
        return hashlib.sha256(self.device.encode()).hexdigest()


def network_of(address: str) -> str:
    """The network of an address, e.g. 203.0.113.0/24; empty where there is no address (a server behind a socket)."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address):
        parsed = parsed.ipv4_mapped or parsed
    prefix = V4_PREFIX if parsed.version == 4 else V6_PREFIX
    return str(ip_network(f"{parsed}/{prefix}", strict=False))


def admits(session: Session, person: Person, place: Place, *, now: datetime) -> bool:
    """Whether the person may log in from `place` without a code. The very first place of an account without a phone is
    learned: nobody could be asked."""
    if _touch(session, person, place, now):
        return True
    if person.phone or session.scalar(sa.select(UsualPlace.id).where(UsualPlace.person_id == person.id).limit(1)):
        return False
    learn(session, person, place, now=now)
    return True


def learn(session: Session, person: Person, place: Place, *, now: datetime) -> None:
    """Makes `place` a usual one, from now on; places whose time is over are deleted."""
    session.execute(sa.delete(UsualPlace).where(UsualPlace.person_id == person.id, UsualPlace.used_at <= now - KEPT))
    if not _touch(session, person, place, now):
        _add(session, person, place.network, now, device_digest=place.device_digest, agent=place.agent[:200])


def trust_network(session: Session, person: Person, address: str, *, now: datetime) -> None:
    """Makes every browser in the network of `address` a usual place: for the invented city, whose visitors come with any
    browser of this machine."""
    _add(session, person, network_of(address), now)


def usual(session: Session, person: Person, *, now: datetime) -> list[UsualPlace]:
    """The person's usual places, the last used first."""
    newest = (UsualPlace.used_at.desc(), UsualPlace.id.desc())
    return list(session.scalars(sa.select(UsualPlace).where(_valid(person, now)).order_by(*newest)))


def forget(session: Session, person: Person, ids: Collection[int]) -> None:
    """Those of the person's places that are among `ids` are usual no longer; sessions that are open go on."""
    session.execute(sa.delete(UsualPlace).where(UsualPlace.person_id == person.id, UsualPlace.id.in_(ids)))


def _valid(person: Person, now: datetime) -> ColumnElement[bool]:
    return sa.and_(UsualPlace.person_id == person.id, UsualPlace.used_at > now - KEPT)


def _touch(session: Session, person: Person, place: Place, now: datetime) -> bool:
    """Whether it is a usual place; its time then begins anew."""
    same_device = sa.or_(UsualPlace.device_digest.is_(None), UsualPlace.device_digest == place.device_digest)
    touched = session.execute(
        sa.update(UsualPlace)
        .where(_valid(person, now), UsualPlace.network == place.network, same_device)
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    return touched.rowcount > 0


def _add(session: Session, person: Person, network: str, now: datetime, **values: str) -> None:
    session.add(UsualPlace(person_id=person.id, network=network, learned_at=now, used_at=now, **values))
    session.flush()
