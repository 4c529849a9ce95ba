"""The whole application as it is read: section by section, in words, with its files. One description for the review page,
the applicant's check page and the 材料清单, made of what stands in the tables or in the snapshot of a submission."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from app.applications import checklist, snapshots
from app.applications.checklist import SectionState
from app.applications.joined import joined_values
from app.applications.models import Application
from app.applications.naming import Names
from app.applications.sections import attach, wording
from app.applications.sections.completeness import Missing
from app.applications.sections.declaration import FieldType, Section, Source
from app.applications.sections.registry import sections_named
from app.catalogue.queries import StoredCodes
from app.workflow.actor import Actor
from app.workflow.states import EDITABLE, Party


@dataclass(frozen=True)
class DossierFile:
    """A file as it is shown; `url` opens it in the page for whoever sees the application. `size` in bytes."""

    public_id: str
    kind: str
    label: str
    name: str
    size: int
    pages: int | None
    media_type: str
    url: str
    row_id: str = ""


@dataclass(frozen=True)
class DossierValue:
    """One field in words; `before` is the value of the last submission if it has changed since."""

    field: str
    label: str
    value: str
    before: str | None = None
    long: bool = False  # several lines


@dataclass(frozen=True)
class DossierRow:
    """One row of a repeating section."""

    row_id: str
    values: tuple[DossierValue, ...]
    files: tuple[DossierFile, ...] = ()
    added: bool = False  # not there at the last submission


@dataclass(frozen=True)
class DossierSection:
    """One 表. `missing` are whole sentences; `returned` is the reason of an open return of this section."""

    code: str
    name: str
    version: int
    values: tuple[DossierValue, ...] = ()
    rows: tuple[DossierRow, ...] = ()
    files: tuple[DossierFile, ...] = ()
    missing: tuple[str, ...] = ()
    returned: str = ""
    changed: bool = False  # since the last submission

    @property
    def complete(self) -> bool:
        return not self.missing

    @property
    def empty(self) -> bool:
        """Nothing was filled in, nothing has to be, and nothing is said about it."""
        return not (self.values or self.rows or self.files or self.missing or self.returned or self.changed)


@dataclass(frozen=True)
class Dossier:
    """Everything of one application that a reviewer reads."""

    number: str
    sections: tuple[DossierSection, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class _Content:
    """The stored side of one section, from the tables or from a snapshot."""

    values: Mapping[str, Any]
    rows: Sequence[Mapping[str, Any]]
    files: Sequence[Mapping[str, Any]]
    version: int


UrlOf = Callable[[str], str]
NO_CONTENT = _Content({}, (), (), 0)


def read(session: Session, application: Application, *, actor: Actor, url: UrlOf, now: datetime) -> Dossier:
    """The application in words. `url` makes the address of a file from its public id.

    While the applicant is changing it, everybody else reads what was submitted last. What differs from the
    submission before is marked.
    """
    state = checklist.read(session, application, now=now)
    submissions = snapshots.list_of(session, application)[:2]
    mine = application.state in EDITABLE
    opened = [snapshots.open_snapshot(row) for row in submissions]
    frozen = opened[0] if mine and opened and actor.party is not Party.APPLICANT else None
    base = (
        (opened[0] if opened else None)
        if mine and frozen is None
        else (opened[1] if len(opened) > 1 else None)
    )
    now_contents = (
        _contents(frozen) if frozen else {each.section.code: _stored(each) for each in state.sections}
    )
    before = _contents(base) if base else None
    joined = joined_values(session, application, state.facts)
    words = _Words(joined, _names(session, now_contents), _names(session, before or {}), url)
    return Dossier(
        application.number,
        tuple(
            words.section(
                each,
                now_contents.get(each.section.code, NO_CONTENT),
                before.get(each.section.code, NO_CONTENT) if before is not None else None,
            )
            for each in (_frozen_states(state, now_contents) if frozen else state.sections)
        ),
    )


def _frozen_states(state: checklist.Checklist, contents: Mapping[str, _Content]) -> list[SectionState]:
    """The sections of a snapshot, also one that the application would no longer have."""
    return [
        state.find(section.code)
        or SectionState(section, {}, 0, None, (), missing=(), required=False, unlocked=False)
        for section in sections_named(contents, state.facts, state.settings)
    ]


def _names(session: Session, contents: Mapping[str, _Content]) -> Names:
    return Names(StoredCodes(session), {code: content.rows for code, content in contents.items()})


def _stored(state: SectionState) -> _Content:
    files = [snapshots.file_facts(file) for file in state.files]
    return _Content(state.values, state.rows, files, state.version)


def _contents(submitted: snapshots.Submitted) -> dict[str, _Content]:
    """The sections of a snapshot. The merged PDF stood with the projects once: it is read where it stands now."""
    found, merged = {}, []
    for each in submitted.content["sections"]:
        files = list(each["files"])
        if each["code"] != attach.CODE:
            merged += [file for file in files if file["kind"] == attach.MERGED_KIND]
            files = [file for file in files if file["kind"] != attach.MERGED_KIND]
        found[each["code"]] = _Content(each["values"], each["rows"], files, each["version"])
    if merged:
        found.setdefault(attach.CODE, _Content({}, (), merged, 0))
    return found


@dataclass(frozen=True)
class _Words:
    """Turns stored values into what is read."""

    joined: Mapping[tuple[Source, str], Any]
    names: Names
    names_before: Names
    url: UrlOf

    def section(self, state: SectionState, content: _Content, before: _Content | None) -> DossierSection:
        section = state.section
        before_rows = {row["id"]: row for row in before.rows} if before else {}
        rows = tuple(
            DossierRow(
                row["id"],
                self._values(section, row, before_rows.get(row["id"]) if before else None),
                self._files(section, content, row["id"]),
                added=before is not None and row["id"] not in before_rows,
            )
            for row in content.rows
        )
        joined = self._joined(section) if not section.repeats else ()
        values = joined + self._values(section, content.values, before.values if before else None)
        return DossierSection(
            code=section.code,
            name=gettext(section.name),
            version=content.version,
            values=() if section.repeats else values,
            rows=rows,
            files=self._files(section, content, ""),
            missing=tuple(missing_sentence(state, each) for each in state.missing),
            returned=state.returned.reason if state.returned else "",
            changed=before is not None and _kept(content) != _kept(before),
        )

    def _joined(self, section: Section) -> tuple[DossierValue, ...]:
        return tuple(
            DossierValue(
                field.code,
                gettext(field.label),
                wording.show(field, self.joined.get((field.source, field.code), ""), self.names),
                long=field.type is FieldType.TEXTAREA,
            )
            for field in section.fields
            if not field.held
        )

    def _values(
        self, section: Section, values: Mapping[str, Any], before: Mapping[str, Any] | None
    ) -> tuple[DossierValue, ...]:
        found = []
        for item in section.fields:
            if not item.held:
                continue
            value, old = values.get(item.code), before.get(item.code) if before is not None else None
            differs = before is not None and (value or None) != (old or None) and value != old
            found.append(
                DossierValue(
                    item.code,
                    gettext(item.label),
                    wording.show(item, value, self.names),
                    (wording.show(item, old, self.names_before) or gettext("未填写")) if differs else None,
                    item.type is FieldType.TEXTAREA or bool(item.refers_to),
                )
            )
        return tuple(found)

    def _files(self, section: Section, content: _Content, row_id: str) -> tuple[DossierFile, ...]:
        return tuple(
            DossierFile(
                file["public_id"],
                file["kind"],
                label_of(section, file["kind"]),
                file["name"],
                file["size"],
                file["pages"],
                file["media_type"],
                self.url(file["public_id"]),
                file["row_id"],
            )
            for file in content.files
            if file["row_id"] == row_id
        )


def _kept(content: _Content) -> Any:
    filled = [{key: value for key, value in row.items() if value is not None} for row in content.rows]
    values = {key: value for key, value in content.values.items() if value is not None}
    return values, filled, sorted(file["sha256"] for file in content.files)


def label_of(section: Section, kind: str) -> str:
    """What a file of this kind is called in the section; the kind itself where the section no longer takes it."""
    return next((gettext(item.label) for item in section.attachments if item.kind == kind), kind)


def missing_sentence(state: SectionState, each: Missing) -> str:
    """What is missing, saying in which row of several."""
    sentence = wording.say(each.problem)
    places = [row["id"] for row in state.rows]
    if each.row_id is None or each.row_id not in places:
        return sentence
    return gettext("第%(place)d条：%(sentence)s", place=places.index(each.row_id) + 1, sentence=sentence)
