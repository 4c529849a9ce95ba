"""沿用以前的申报: what an earlier application of the same person can give to one that is being filled in, section by
section. Rows are added, never replaced; single values fill what is empty, and replace only what the person ticked. Files
come along as references to the same stored bytes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.applications import checklist, saving, uploads
from app.applications.checklist import Checklist, SectionState
from app.applications.models import Application
from app.applications.sections.attach import MERGED_KIND
from app.applications.sections.declaration import Attachment, Field, FieldType, Section
from app.applications.sections.portable import Held, carried, is_annual, is_portable, portable_fields
from app.files import services as files
from app.files.models import StoredFile
from app.workflow.actor import Actor


@dataclass(frozen=True)
class Offer:
    """What one section of the earlier application holds for the new one.

    `rows` are to be added, `there` counts those that it has already; `fills` are fields that are empty now, `differs`
    those that say something else; `files` come to a place that is empty now (or to the rows), `rivals` to one that is
    taken. `room` is how many rows more the section takes."""

    now: SectionState
    earlier: SectionState
    rows: tuple[Mapping[str, Any], ...] = ()
    there: int = 0
    room: int = 0
    fills: tuple[Field, ...] = ()
    differs: tuple[Field, ...] = ()
    files: tuple[StoredFile, ...] = ()
    rivals: tuple[StoredFile, ...] = ()

    @property
    def section(self) -> Section:
        return self.now.section

    @property
    def gives(self) -> bool:
        """Whether there is anything to add without replacing."""
        return bool(self.rows or self.fills or self.files)

    @property
    def clashes(self) -> bool:
        return bool(self.differs or self.rivals)

    @property
    def is_annual(self) -> bool:
        return is_annual(self.section)


@dataclass
class Taken:
    """What was taken over; `pages_left` counts rows whose pages of the merged PDF were left out, because here that is
    another file."""

    sections: int = 0
    rows: int = 0
    values: int = 0
    files: int = 0
    pages_left: int = 0
    names: list[str] = field(default_factory=list)


def offers(now: Checklist, earlier: Checklist) -> list[Offer]:
    """The sections that both have and that the earlier one has filled, as far as they are open now."""
    before = {state.section.code: state for state in earlier.sections}
    found = [
        _offer(state, before[state.section.code])
        for state in now.sections
        if state.unlocked and is_portable(state.section) and state.section.code in before
    ]
    return [each for each in found if each.gives or each.clashes or each.there]


def take(
    session: Session,
    application: Application,
    actor: Actor,
    source: Application,
    *,
    chosen: Collection[str],
    replacing: Collection[str],
    versions: Mapping[str, int],
    now: datetime,
) -> Taken:
    """Takes the chosen sections of `source`, a visible application of the same person, all or none; `replacing` are those
    in which what is filled gives way, `versions` those of the sections as they were shown. Raises saving.NotSaved in one
    of its kinds, uploads.QuotaFull; the caller then rolls back."""
    saving.claim(session, application, now)
    # Read only now: a second click waits for the first, and finds nothing left to take.
    here, earlier = (checklist.read(session, each, now=now) for each in (application, source))
    if any(state.section.code in chosen and not state.unlocked for state in here.sections):
        raise saving.Locked(submitted=False)
    picked = [each for each in offers(here, earlier) if each.section.code in chosen]
    # A row that was taken over before and deleted since has left its files behind: they are there again with it.
    left = {(file.section, file.row_id, file.kind, file.sha256) for file in checklist.files_of(session, application)}
    brought = {
        each.section.code: [
            file for file in _files(each, each.section.code in replacing)
            if (file.section, file.row_id, file.kind, file.sha256) not in left
        ]
        for each in picked
    }  # fmt: skip
    uploads.require_room(session, application, sum(file.size for some in brought.values() for file in some))
    taken = Taken()
    for each in picked:
        code, place = each.section.code, brought[each.section.code]
        if code in replacing:
            _retire(each, now)
        for file in place:
            owner = files.Owner(application_id=application.id, section=code, row_id=file.row_id)
            files.share(session, file, owner=owner, uploaded_by_id=actor.person_id, now=now)
        if place:
            saving.file_changed(session, application, here.section(code), now)
        taken.files += len(place)
    keeps_pages = _same_merged(here, earlier, picked, replacing)
    for each in picked:
        before = taken.rows + taken.values
        if each.section.repeats:
            _take_rows(session, application, actor, each, keeps_pages, taken, now)
        else:
            _take_values(session, application, actor, each, replacing, versions, taken, now)
        if brought[each.section.code] or taken.rows + taken.values > before:
            taken.sections += 1
            taken.names.append(each.section.name)
    return taken


def _offer(now: SectionState, earlier: SectionState) -> Offer:
    section = now.section
    if section.repeats:
        held = Held(section, now.rows)
        rows = tuple(row for row in earlier.rows if row not in held)
        own = _row_files(section, earlier, {row["id"] for row in rows})
        return Offer(
            now, earlier, rows, len(earlier.rows) - len(rows), section.max_rows - len(now.rows),
            files=own + _section_files(now, earlier, free=True), rivals=_section_files(now, earlier, free=False),
        )  # fmt: skip
    values = carried(section, earlier.values)
    filled = carried(section, now.values)
    return Offer(
        now, earlier,
        fills=tuple(each for each in portable_fields(section) if each.code in values and each.code not in filled),
        differs=tuple(
            each for each in portable_fields(section)
            if each.code in values and each.code in filled and values[each.code] != filled[each.code]
        ),
        files=_section_files(now, earlier, free=True), rivals=_section_files(now, earlier, free=False),
    )  # fmt: skip


def _row_files(section: Section, earlier: SectionState, rows: Collection[str]) -> tuple[StoredFile, ...]:
    kinds = {item.kind for item in section.row_attachments}
    return tuple(file for file in earlier.files if file.row_id in rows and file.row_id and file.kind in kinds)


def _section_files(now: SectionState, earlier: SectionState, *, free: bool) -> tuple[StoredFile, ...]:
    """The earlier files of places that are empty now, or of those that hold others."""
    found: list[StoredFile] = []
    for item in now.section.section_attachments:
        here = now.files_at(item)
        if bool(here) is free or not _differ(item, now, earlier):
            continue
        found += earlier.files_at(item)
    return tuple(found)


def _differ(item: Attachment, now: SectionState, earlier: SectionState) -> bool:
    return {file.sha256 for file in now.files_at(item)} != {file.sha256 for file in earlier.files_at(item)}


def _files(offer: Offer, replaces: bool) -> tuple[StoredFile, ...]:
    return offer.files + (offer.rivals if replaces else ())


def _retire(offer: Offer, now: datetime) -> None:
    kinds = {file.kind for file in offer.rivals}
    for file in offer.now.files:
        if not file.row_id and file.kind in kinds:
            file.replaced_at = now


def _same_merged(now: Checklist, earlier: Checklist, picked: Collection[Offer], replacing: Collection[str]) -> bool:
    """Whether, with the files that come along, pages mean the same here as there."""
    there = {file.sha256 for file in earlier.files if file.kind == MERGED_KIND}
    here = {file.sha256 for file in now.files if file.kind == MERGED_KIND}
    for each in picked:
        brought = {file.sha256 for file in _files(each, each.section.code in replacing) if file.kind == MERGED_KIND}
        here = brought or here
    return bool(there) and here == there


def _take_rows(
    session: Session, application: Application, actor: Actor, offer: Offer, keeps_pages: bool, taken: Taken, now: datetime
) -> None:
    pages = {each.code for each in offer.section.fields if each.type is FieldType.PAGES}
    rows = []
    for row in offer.rows:
        values = carried(offer.section, row)
        if keeps_pages:
            values |= {code: row[code] for code in pages if row.get(code)}
        else:
            taken.pages_left += any(row.get(code) for code in pages)
        rows.append({"id": row["id"], **values})
    taken.rows += len(saving.add_rows(session, application, actor, offer.section.code, rows, now=now))


def _take_values(
    session: Session, application: Application, actor: Actor, offer: Offer, replacing: Collection[str],
    versions: Mapping[str, int], taken: Taken, now: datetime,
) -> None:  # fmt: skip
    code = offer.section.code
    wanted = [*offer.fills, *(offer.differs if code in replacing else ())]
    if not wanted:
        return
    values = {each.code: offer.earlier.values[each.code] for each in wanted}
    version = versions.get(code, 0)
    saving.save_section(session, application, actor, code, values, version=version, now=now)
    taken.values += len(wanted)
