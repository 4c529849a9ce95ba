"""What an application consists of and what it still lacks: the one source of the tick, the missing list, the guard on
submission, the 材料清单 and what is written into a snapshot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.applications import queries
from app.applications.circumstances import context_for, facts_for, load_parts, settings_for
from app.applications.models import Application, HistoryRow, ReturnedSection, SectionDocument
from app.applications.sections import attach
from app.applications.sections.completeness import Files, Missing, Uploaded, missing
from app.applications.sections.declaration import Attachment, Facts, Section, reference
from app.applications.sections.registry import BY_CODE, is_required, sections_for, sections_named
from app.applications.sections.settings import Settings
from app.applications.sections.validation import Context
from app.files.models import StoredFile
from app.workflow.states import EDITABLE, State


@dataclass(frozen=True)
class SectionState:
    """One 表 of one application as it stands. `returned` is the open return that names it."""

    section: Section
    document: Mapping[str, Any]
    version: int
    saved_at: datetime | None
    files: tuple[StoredFile, ...]
    missing: tuple[Missing, ...]
    required: bool
    unlocked: bool
    returned: ReturnedSection | None = None
    stored: SectionDocument | None = None

    @property
    def begun(self) -> bool:
        values = (self.document.get("values") or {}).values()
        return bool(self.document.get("rows") or self.files or any(value is not None for value in values))

    @property
    def waiting(self) -> bool:
        """Sent back and not dealt with yet."""
        return self.returned is not None and self.returned.changed_at is None

    @property
    def complete(self) -> bool:
        return not self.missing and not self.waiting

    @property
    def rows(self) -> list[dict[str, Any]]:
        return list(self.document.get("rows") or ())

    @property
    def values(self) -> dict[str, Any]:
        return dict(self.document.get("values") or {})

    def row(self, row_id: str) -> dict[str, Any] | None:
        return next((row for row in self.rows if row["id"] == row_id), None)

    @property
    def not_needed(self) -> bool:
        """Nothing was begun here, and nothing has to be."""
        return not (self.required or self.begun or self.missing)

    def files_at(self, attachment: Attachment, row_id: str = "") -> list[StoredFile]:
        """The files in use at one place; `row_id` counts only for attachments of rows."""
        place = row_id if attachment in self.section.row_attachments else ""
        return [file for file in self.files if file.kind == attachment.kind and file.row_id == place]


@dataclass(frozen=True)
class Checklist:
    """All sections of one application, with what their checks depend on."""

    application: Application
    sections: tuple[SectionState, ...]
    facts: Facts
    context: Context
    settings: Settings
    returned_by: HistoryRow | None = None

    @property
    def complete(self) -> bool:
        return all(not state.missing for state in self.sections)

    @property
    def wanted(self) -> list[SectionState]:
        """The sections that count: where nothing has to be and nothing is begun, nothing is done either."""
        return [state for state in self.sections if state.waiting or not state.not_needed]

    @property
    def done(self) -> int:
        return sum(state.complete for state in self.wanted)

    @property
    def left(self) -> int:
        return len(self.wanted) - self.done

    @property
    def missing(self) -> list[Missing]:
        return [each for state in self.sections for each in state.missing]

    @property
    def files(self) -> list[StoredFile]:
        return [file for state in self.sections for file in state.files]

    def section(self, code: str) -> SectionState:
        """Raises KeyError for a section that this application does not have."""
        return {state.section.code: state for state in self.sections}[code]

    def find(self, code: str) -> SectionState | None:
        """The section, where this application has it."""
        return next((state for state in self.sections if state.section.code == code), None)

    def next_section(self) -> SectionState | None:
        """Where to go on: the first that was sent back, else the first that is open and incomplete."""
        waiting = [state for state in self.sections if state.waiting]
        return next(iter(waiting), None) or next(
            (state for state in self.sections if not state.complete and state.unlocked), None
        )


def _with_the_rest(
    context: Context, sections: Sequence[Section], documents: Mapping[str, SectionDocument], files: list[StoredFile]
) -> Context:
    """The context of an application whose sections are all known."""
    rows = {code: list(stored.document.get("rows") or ()) for code, stored in documents.items()}
    merged = [file for file in files if (file.section, file.kind) == (attach.CODE, attach.MERGED_KIND)]
    return replace(
        context,
        merged_pages=sum(file.pages or 0 for file in merged),
        pages_named=any(
            row.get(section.merged.page) for section in sections if section.merged for row in rows.get(section.code, ())
        ),
        rows=frozenset(
            reference(section.code, row["id"]) for section in sections for row in rows.get(section.code, ())
        ),
    )


def read(session: Session, application: Application, *, now: datetime) -> Checklist:
    """The checklist from what is stored now, not from what this session read earlier."""
    load_parts(session, application)
    facts, settings = facts_for(session, application), settings_for(session, application.campaign_id, application.service)
    sections = (
        sections_for(facts, settings)
        if application.state in EDITABLE or application.submitted_sections is None
        else sections_named(application.submitted_sections, facts, settings)
    )
    documents = _documents(session, application)
    files = files_of(session, application)
    context = _with_the_rest(context_for(session, application, now), sections, documents, files)
    move, named = queries.open_return(session, application)
    returned = {row.section: row for row in named}
    return Checklist(
        application,
        tuple(
            _state(section, documents.get(section.code), files, facts, context, application, returned)
            for section in sections
        ),
        facts,
        context,
        settings,
        move,
    )


def files_of(session: Session, application: Application) -> list[StoredFile]:
    """The files in use, in the order in which they came."""
    return list(
        session.scalars(
            sa.select(StoredFile)
            .where(StoredFile.application_id == application.id, StoredFile.replaced_at.is_(None))
            .where(StoredFile.section.is_not(None))
            .order_by(StoredFile.id)
        )
    )


def _documents(session: Session, application: Application) -> dict[str, SectionDocument]:
    found = session.scalars(
        sa.select(SectionDocument)
        .where(SectionDocument.application_id == application.id)
        .execution_options(populate_existing=True)
    )
    return {row.section: row for row in found}


def _state(
    section: Section,
    stored: SectionDocument | None,
    files: list[StoredFile],
    facts: Facts,
    context: Context,
    application: Application,
    returned: Mapping[str, ReturnedSection],
) -> SectionState:
    document = stored.document if stored else {}
    rows = {"", *(row["id"] for row in document.get("rows") or ())}
    # Files of a deleted row stay behind for its restoring and count for nothing until then.
    own = tuple(file for file in files if file.section == section.code and file.row_id in rows)
    version = stored.version if stored else 0
    lacks = tuple(missing(section, document, uploaded(own), facts, context))
    return SectionState(
        section=section,
        document=document,
        version=version,
        saved_at=stored.saved_at if stored else None,
        files=own,
        missing=lacks,
        required=is_required(section, facts),
        unlocked=application.state in EDITABLE
        and (bool(lacks) or is_opened(application, section.code, version, returned)),
        returned=returned.get(section.code),
        stored=stored,
    )


def lacking(whole: Checklist, state: SectionState, document: Mapping[str, Any]) -> tuple[Missing, ...]:
    """What the section lacks with another document, everything else being as it was read."""
    return tuple(missing(state.section, document, uploaded(state.files), whole.facts, whole.context))


def is_opened(
    application: Application, section: str, version: int, returned: Mapping[str, ReturnedSection]
) -> bool:
    """Whether a return lets the applicant change the section: one that names sections opens only those, and with one
    that names pages of the merged PDF the place of that PDF. What was not submitted yet, because it was declared or
    asked for later, is open too, and stays so once it is changed: otherwise nobody could submit again."""
    if application.state is State.DRAFT or not returned or section in returned:
        return True
    if section == attach.CODE and any(code in BY_CODE and BY_CODE[code].merged for code in returned):
        return True
    submitted = application.submitted_sections
    return submitted is not None and version > submitted.get(section, -1)


def uploaded(files: tuple[StoredFile, ...]) -> Files:
    """The files as the completeness check counts them."""
    counted: dict[tuple[str | None, str], Uploaded] = {}
    for file in files:
        place = (file.row_id or None, file.kind)
        before = counted.get(place, Uploaded(0))
        counted[place] = Uploaded(before.count + 1, before.pages + (file.pages or 0))
    return counted
