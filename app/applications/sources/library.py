"""我的资料库: what a person has done, kept once and chosen into applications. Values only: files stay with the
applications. A row keeps its id wherever it goes, so that what comes back from an application is known again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from app.accounts.models import Person
from app.applications.models import LibraryRow
from app.applications.saving import Conflict, Saved, TooMuch, UnknownSection
from app.applications.sections.declaration import Section
from app.applications.sections.portable import carried, library_sections, portable_fields
from app.applications.sections.validation import Context, clean
from app.catalogue.queries import StoredCodes
from app.days import beijing_day
from app.workflow.actor import Actor
from app.workflow.states import Party

SECTION_MAX_ROWS = 200
ROW_MAX_BYTES = 20_000


@dataclass(frozen=True)
class Kept:
    """How many rows of an application were new to the library, changed there, and the same as before."""

    added: int = 0
    updated: int = 0
    same: int = 0


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """A library is nobody's but its person's."""
    if actor.party is not Party.APPLICANT or actor.person_id is None:
        return sa.false()
    return LibraryRow.person_id == actor.person_id


def section_of(code: str) -> Section:
    """The declaration of a section of which rows are kept; raises UnknownSection."""
    for section in library_sections():
        if section.code == code:
            return section
    raise UnknownSection


def context_for(session: Session, actor: Actor, now: datetime) -> Context:
    person = session.get(Person, actor.person_id)
    return Context(StoredCodes(session), beijing_day(now), person.birth_date if person else None)


def rows_of(session: Session, actor: Actor, code: str | None = None) -> list[LibraryRow]:
    """The rows of the actor's library, of one section or of all, in the order in which they came."""
    query = sa.select(LibraryRow).where(visible_to(actor), LibraryRow.deleted_at.is_(None)).order_by(LibraryRow.id)
    return list(session.scalars(query.where(LibraryRow.section == code) if code else query))


def deleted_sections(session: Session, actor: Actor) -> set[str]:
    """The sections in which the row deleted last can be brought back."""
    query = sa.select(LibraryRow.section).where(visible_to(actor), LibraryRow.deleted_at.is_not(None))
    return set(session.scalars(query))


def get(session: Session, actor: Actor, code: str, row_id: str) -> LibraryRow | None:
    """One row; None for one that is not there, or deleted."""
    return session.scalar(
        sa.select(LibraryRow).where(
            visible_to(actor), LibraryRow.section == code, LibraryRow.row_id == row_id, LibraryRow.deleted_at.is_(None)
        )
    )


def save(
    session: Session,
    actor: Actor,
    code: str,
    row_id: str,
    values: Mapping[str, Any],
    *,
    version: int,
    now: datetime,
) -> Saved:
    """Saves one row; an id that the section does not have adds it. Unreadable values are kept, as in an application.

    `version` is the row's when the page was opened, 0 for a new one. Raises UnknownSection, Conflict, TooMuch; the
    caller then rolls back.
    """
    section = section_of(code)
    typed = {field.code: values[field.code] for field in portable_fields(section) if field.code in values}
    cleaned = clean(section, typed, context_for(session, actor, now))
    stored = _find(session, actor, code, row_id)
    if stored is not None and stored.deleted_at is not None:
        session.delete(stored)  # the page was open when it was deleted: saving it is to have it again
        session.flush()
        stored = None
    before = dict(stored.values) if stored is not None else {}
    after = carried(section, {**before, **cleaned.values})
    if stored is None:
        _require_room(session, actor, code, 1)
        (stored,) = _add(session, actor, code, {row_id: after}, now)
    elif stored.version != version:
        raise Conflict(stored.version, before)
    else:
        _write(stored, after, now)
    session.flush()
    return Saved(stored.version, now, cleaned.problems)


def delete(session: Session, actor: Actor, code: str, row_id: str, *, now: datetime) -> None:
    """Takes a row out of the library; it can be brought back until another of its section is deleted."""
    row = _find(session, actor, code, row_id)
    if row is None or row.deleted_at is not None:
        return
    _forget_deleted(session, actor, code)
    row.deleted_at = now
    session.flush()


def restore(session: Session, actor: Actor, code: str) -> None:
    """Brings back the row of the section that was deleted last, if there is one. Raises TooMuch."""
    query = sa.select(LibraryRow).where(
        visible_to(actor), LibraryRow.section == code, LibraryRow.deleted_at.is_not(None)
    )
    for row in session.scalars(query):
        _require_room(session, actor, code, 1)
        row.deleted_at = None
    session.flush()


def compare(session: Session, actor: Actor, section: Section, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What keeping each row of an application would do, by row id: "add", "update" or "same"."""
    held = {row.row_id: row.values for row in rows_of(session, actor, section.code)}
    return {
        row["id"]: "add" if row["id"] not in held else "same" if held[row["id"]] == carried(section, row) else "update"
        for row in rows
    }


def keep(
    session: Session, actor: Actor, section: Section, rows: Sequence[Mapping[str, Any]], *, now: datetime
) -> Kept:
    """存入资料库: puts rows of an application into the library. A row that came from there, or was kept before, is
    brought up to date and not kept twice. Raises TooMuch; the caller then rolls back."""
    held = {row.row_id: row for row in session.scalars(_rows(actor, section_of(section.code).code))}
    values = {row["id"]: carried(section, row) for row in rows}
    fresh = {row_id: each for row_id, each in values.items() if row_id not in held}
    known = [(held[row_id], each) for row_id, each in values.items() if row_id in held]
    same = [row for row, each in known if row.values == each and row.deleted_at is None]
    _add(session, actor, section.code, fresh, now)
    for row, each in known:
        if row not in same:
            row.deleted_at = None
            _write(row, each, now)
    session.flush()
    _require_room(session, actor, section.code, 0)
    return Kept(len(fresh), len(known) - len(same), len(same))


def _rows(actor: Actor, code: str) -> sa.Select[tuple[LibraryRow]]:
    """The rows of a section as they are now, deleted ones too, held for this transaction."""
    query = sa.select(LibraryRow).where(visible_to(actor), LibraryRow.section == code)
    return query.with_for_update().execution_options(populate_existing=True)


def _find(session: Session, actor: Actor, code: str, row_id: str) -> LibraryRow | None:
    return session.scalar(_rows(actor, code).where(LibraryRow.row_id == row_id))


def _add(
    session: Session, actor: Actor, code: str, rows: Mapping[str, Mapping[str, Any]], now: datetime
) -> list[LibraryRow]:
    for values in rows.values():
        _judge_size(values)
    fresh = [
        LibraryRow(person_id=actor.person_id, section=code, row_id=row_id, values=dict(values), version=1, saved_at=now)
        for row_id, values in rows.items()
    ]
    try:
        with session.begin_nested():
            session.add_all(fresh)
    except IntegrityError as error:  # another window saved one of them in the same moment
        raise Conflict(0, {}) from error
    return fresh


def _write(row: LibraryRow, values: dict[str, Any], now: datetime) -> None:
    _judge_size(values)
    row.values, row.version, row.saved_at = values, row.version + 1, now


def _judge_size(values: Mapping[str, Any]) -> None:
    if len(json.dumps(values, ensure_ascii=False).encode()) > ROW_MAX_BYTES:
        raise TooMuch


def _require_room(session: Session, actor: Actor, code: str, more: int) -> None:
    counted = sa.select(sa.func.count()).where(
        visible_to(actor), LibraryRow.section == code, LibraryRow.deleted_at.is_(None)
    )
    if (session.scalar(counted) or 0) + more > SECTION_MAX_ROWS:
        raise TooMuch(SECTION_MAX_ROWS)


def _forget_deleted(session: Session, actor: Actor, code: str) -> None:
    session.execute(
        sa.delete(LibraryRow)
        .where(visible_to(actor), LibraryRow.section == code, LibraryRow.deleted_at.is_not(None))
        .execution_options(synchronize_session="fetch")
    )
