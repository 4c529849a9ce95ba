"""What accounts ask of the packages above them, which they may not import; create_app brings the answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.orm import Session

from app.accounts.models import Person


class UnknownKey(Exception):
    """No approved unit has this key."""


class TooManyKeys(Exception):
    """Too many wrong keys from here within the hour."""


@dataclass(frozen=True)
class IdKind:
    """A kind of identity document; `pattern` is what its whole number matches."""

    code: str
    name: str
    pattern: str


class NamedUnit(Protocol):
    """As much of a unit as a registration shows."""

    id: Any
    name: Any


class UnitOfKey(Protocol):
    def __call__(
        self, session: Session, redis: Any, text: str, *, address: str, person_id: int | None = None
    ) -> NamedUnit:
        """The approved unit whose key was typed; counts wrong tries. Raises UnknownKey, TooManyKeys."""
        ...


@dataclass(frozen=True)
class Neighbours:
    """`id_kinds(session, keep)`: the kinds that may be chosen, and `keep` although retired.
    `identity_is_fixed(session, person_id)`: whether anything was submitted under this name and number.
    `renamed(session, person)`: told of a new name."""

    id_kinds: Callable[[Session, str], Sequence[IdKind]]
    unit_of_key: UnitOfKey
    identity_is_fixed: Callable[[Session, int], bool]
    renamed: Callable[[Session, Person], None]


_current: Neighbours | None = None


def install(neighbours: Neighbours) -> None:
    """Called once by create_app."""
    global _current
    _current = neighbours


def current() -> Neighbours:
    if _current is None:
        raise RuntimeError("no neighbours: create_app has not run")
    return _current
