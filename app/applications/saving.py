"""Saving sections and their rows. Every save claims the application's row, so that none is acknowledged after a
submission, and none overwrites what another tab saved since."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.applications import checklist, documents
from app.applications.checklist import Checklist, SectionState
from app.applications.circumstances import facts_for, load_parts, settings_for
from app.applications.models import Application, SectionDocument
from app.applications.sections.completeness import Missing
from app.applications.sections.declaration import Section
from app.applications.sections.problems import Problem
from app.applications.sections.registry import sections_for
from app.applications.sections.validation import clean
from app.workflow.actor import Actor
from app.workflow.states import EDITABLE


class NotSaved(Exception):
    """Base of the reasons why nothing was saved."""


class Locked(NotSaved):
    """The application is no longer the applicant's to change, or the section was not sent back."""

    def __init__(self, submitted: bool) -> None:
        super().__init__("submitted" if submitted else "section")
        self.submitted = submitted


class Conflict(NotSaved):
    """The values were changed elsewhere since the page was opened; `stored` are those now, at `version`."""

    def __init__(self, version: int, stored: Mapping[str, Any]) -> None:
        super().__init__(str(version))
        self.version, self.stored = version, stored


class UnknownSection(NotSaved):
    """The application has no such section, or the section no such row."""


class TooMuch(NotSaved):
    """More text than one section holds, or more rows than it takes (`most`)."""

    def __init__(self, most: int | None = None) -> None:
        super().__init__(str(most))
        self.most = most


@dataclass(frozen=True)
class Saved:
    """The document's version after a save, what is wrong with the values (they are kept all the same), and what the
    section lacks now."""

    version: int
    at: datetime
    problems: tuple[Problem, ...] = ()
    missing: tuple[Missing, ...] = ()


def save_section(
    session: Session,
    application: Application,
    actor: Actor,
    code: str,
    values: Mapping[str, Any],
    *,
    version: int,
    now: datetime,
    row_id: str = "",
    draft: bool = False,
) -> Saved:
    """Saves what was typed into a section, or into one row of a repeating one (a new id adds the row).

    Incomplete and even unreadable values are kept, so that nothing typed is lost; the checklist says what is wrong
    with them. `version` is the document's when the page was opened. A `draft` does not count as dealing with a
    return. Raises Locked, Conflict, UnknownSection, TooMuch; the caller then rolls back.
    """
    whole, state = _open(session, application, actor, code, now)
    section, stored = state.section, _stored(session, application, state, now)
    before = documents.values_at(stored.document, row_id)
    if section.repeats != bool(row_id) or (before is None and not documents.NEW_ROW.fullmatch(row_id)):
        raise UnknownSection
    cleaned = clean(section, values, whole.context)
    after = {**(before or {}), **cleaned.values}
    adds = before is None
    changed = adds or documents.filled(before or {}) != documents.filled(after)
    if changed:
        if documents.version_of(stored.document, row_id) > version:
            raise Conflict(stored.version, before or {})
        if adds and len(documents.rows_of(stored.document)) >= section.max_rows:
            raise TooMuch(section.max_rows)
        _write(stored, documents.with_values(stored.document, row_id, after), [row_id], now)
    if changed or not draft:
        mark_changed(state, now)
    session.flush()
    return Saved(stored.version, now, cleaned.problems, checklist.lacking(whole, state, stored.document))


def add_rows(
    session: Session,
    application: Application,
    actor: Actor,
    code: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    now: datetime,
) -> tuple[str, ...]:
    """Adds several rows of a repeating section in one save, all or none; answers with the ids of those added.

    Each row brings its own "id"; one whose id the section has already is left alone, so that a second click adds
    nothing. Values are kept as by `save_section`. Raises Locked, UnknownSection, TooMuch; the caller then rolls back.
    """
    whole, state = _open(session, application, actor, code, now)
    section, stored = state.section, _stored(session, application, state, now)
    if not section.repeats:
        raise UnknownSection
    held = documents.rows_of(stored.document)
    ids = {row["id"] for row in held}
    fresh = {
        row["id"]: {"id": row["id"], **clean(section, row, whole.context).values}
        for row in rows
        if row["id"] not in ids
    }
    if not fresh:
        return ()
    if len(held) + len(fresh) > section.max_rows:
        raise TooMuch(section.max_rows)
    _write(stored, documents.with_rows(stored.document, list(fresh.values())), fresh, now)
    mark_changed(state, now)
    session.flush()
    return tuple(fresh)


def delete_row(
    session: Session, application: Application, actor: Actor, code: str, row_id: str, *, now: datetime
) -> Saved:
    """Takes a row away; it can be brought back by `restore_row` until another is deleted. Deleting one that is gone
    changes nothing. Raises Locked, UnknownSection."""
    _whole, state = _open(session, application, actor, code, now)
    stored = _stored(session, application, state, now)
    document = documents.without_row(stored.document, row_id)
    if document is not None:
        _write(stored, document, [row_id], now)
        mark_changed(state, now)
    session.flush()
    return Saved(stored.version, now)


def restore_row(
    session: Session, application: Application, actor: Actor, code: str, *, now: datetime
) -> Saved:
    """Brings the last deleted row back to its place, if there is one. Raises Locked, UnknownSection, TooMuch."""
    _whole, state = _open(session, application, actor, code, now)
    stored = _stored(session, application, state, now)
    found = documents.with_deleted(stored.document)
    if found is not None:
        document, row_id = found
        if len(documents.rows_of(document)) > state.section.max_rows:
            raise TooMuch(state.section.max_rows)
        _write(stored, document, [row_id], now)
        mark_changed(state, now)
    session.flush()
    return Saved(stored.version, now)


def move_row(
    session: Session,
    application: Application,
    actor: Actor,
    code: str,
    row_id: str,
    by: int,
    *,
    now: datetime,
) -> Saved:
    """Moves a row up (-1) or down (+1); at the end it stays. Raises Locked, UnknownSection."""
    _whole, state = _open(session, application, actor, code, now)
    stored = _stored(session, application, state, now)
    document = documents.with_row_moved(stored.document, row_id, by)
    if document is not None:
        _write(stored, document, (), now)
        mark_changed(state, now)
    session.flush()
    return Saved(stored.version, now)


def claim(session: Session, application: Application, now: datetime) -> None:
    """Takes the application's row for this transaction if it can still be changed; raises Locked.

    A submission takes the same row: whoever comes second sees what the first did.
    """
    claimed = session.execute(
        sa.update(Application)
        .where(
            Application.id == application.id,
            Application.version == application.version,
            Application.state.in_(EDITABLE),
        )
        .values(saved_at=now)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:
        raise Locked(submitted=True)


def claim_for_change(
    session: Session, application: Application, code: str, now: datetime
) -> tuple[Checklist, SectionState]:
    """Takes the application's row as `claim` does, if this section of it can be changed; the section as it stands then.
    Raises Locked, UnknownSection."""
    claim(session, application, now)
    whole = checklist.read(session, application, now=now)
    state = whole.find(code)
    if state is None:
        raise UnknownSection
    if not state.unlocked:
        raise Locked(submitted=False)
    return whole, state


def mark_changed(state: SectionState, now: datetime) -> None:
    """A section that was sent back has been dealt with."""
    if state.returned is not None:
        state.returned.changed_at = now


def file_changed(session: Session, application: Application, state: SectionState, now: datetime) -> None:
    """The section has changed, though no value of it: a file came or went."""
    stored = _stored(session, application, state, now)
    stored.version += 1
    stored.saved_at = now
    mark_changed(state, now)
    session.flush()


def section_of(session: Session, application: Application, code: str) -> Section:
    """The declaration of a section that this application has; raises UnknownSection."""
    load_parts(session, application)
    settings = settings_for(session, application.campaign_id, application.service)
    for section in sections_for(facts_for(session, application), settings):
        if section.code == code:
            return section
    raise UnknownSection


def _open(
    session: Session, application: Application, actor: Actor, code: str, now: datetime
) -> tuple[Checklist, SectionState]:
    if actor.person_id != application.applicant_id:
        raise Locked(submitted=True)
    return claim_for_change(session, application, code, now)


def _stored(session: Session, application: Application, state: SectionState, now: datetime) -> SectionDocument:
    """The stored document; the application's row is claimed, so nobody else can be making it."""
    stored = state.stored
    if stored is None:
        stored = SectionDocument(
            application_id=application.id, section=state.section.code,
            document=documents.empty(state.section.repeats), version=0, saved_at=now,
        )  # fmt: skip
        session.add(stored)
    return stored


def _write(stored: SectionDocument, document: dict[str, Any], places: Collection[str], now: datetime) -> None:
    """Stores what was changed at these places ("" or ids of rows; a new order is no change of them) as a new version."""
    stored.version = (stored.version or 0) + 1
    document = documents.touched(document, places, stored.version)
    if documents.is_too_large(document):
        raise TooMuch
    stored.document = document
    stored.saved_at = now
