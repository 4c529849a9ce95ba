"""A section as a form: what each field shows, and how what was sent becomes raw values. Names of inputs begin with
`f-`, so that a link to `#f-<field>` finds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.applications.checklist import Checklist, SectionState, uploaded
from app.applications.joined import joined_values
from app.applications.naming import Names, names_of
from app.applications.sections import attach, normalising, wording
from app.applications.sections.completeness import is_wanted
from app.applications.sections.declaration import Attachment, Facts, Field, FieldType, Section, reference
from app.applications.sections.portable import portable_fields
from app.applications.sections.problems import Problem
from app.applications.sections.validation import Context, clean
from app.applications.templates import TEMPLATES, Template
from app.catalogue.conditions import as_text
from app.catalogue.lists import CodeList
from app.catalogue.queries import code_choices, code_path, code_table
from app.files.models import StoredFile
from app.files.wording import formats_words

PREFIX = "f-"
PHOTO = "PHOTO"


@dataclass(frozen=True)
class ShownField:
    """One input: `kind` is text, area, select, several, choice (yes or no), division or computed; `error` a whole
    sentence; `shown` the value in words."""

    id: str
    label: str
    kind: str
    value: str
    hint: str
    error: str
    wanted: bool
    options: tuple[tuple[str, str, str], ...]
    attributes: Mapping[str, str]
    shown: str = ""
    wide: bool = False
    group: str = ""


@dataclass(frozen=True)
class ShownAttachment:
    """A place for files with what lies there; `rule` says formats and limits before anything is chosen."""

    code: str
    kind: str
    label: str
    rule: str
    formats: str
    wanted: bool
    files: tuple[StoredFile, ...]
    most: int
    template: Template | None = None
    choosable: bool = False  # one of many that are not asked for: only shown when chosen

    @property
    def at_hand(self) -> bool:
        """Shown at once: asked for, given already, or one of a few."""
        return self.wanted or bool(self.files) or not self.choosable

    @property
    def is_photo(self) -> bool:
        return self.kind == PHOTO


def shown_fields(
    session: Session, whole: Checklist, state: SectionState, values: Mapping[str, Any], row_id: str = ""
) -> list[ShownField]:
    """The inputs of a section, or of one row of it, holding `values`."""
    cleaned = clean(state.section, values, whole.context)
    problems, computed = cleaned.errors, cleaned.values
    row, names = {**values, "id": row_id or None}, names_of(whole)
    return [
        _field(
            session,
            field,
            (values if field.typed else computed).get(field.code),
            problems.get(field.code),
            _wanted(whole, state, field, row),
            names,
        )
        for field in state.section.fields
        if field.held
    ]


def library_fields(
    session: Session, section: Section, values: Mapping[str, Any], context: Context
) -> list[ShownField]:
    """The inputs of a row that belongs to no application: what only some applications ask for is not marked 必填."""
    problems, row, names = clean(section, values, context).errors, {**values, "id": None}, Names(context.codes, {})
    return [
        _field(
            session,
            field,
            values.get(field.code),
            problems.get(field.code),
            is_wanted(section, field, row, {}, Facts(service=""), context),
            names,
        )
        for field in portable_fields(section)
    ]


def locked_values(session: Session, whole: Checklist, section: Section) -> list[tuple[str, str, bool]]:
    """(label, value, whether it has several lines) of what comes from registration, unit and start: never typed again."""
    joined, names = joined_values(session, whole.application, whole.facts), names_of(whole)
    return [
        (
            gettext(field.label),
            wording.show(field, joined.get((field.source, field.code), ""), names),
            field.type is FieldType.TEXTAREA,
        )
        for field in section.fields
        if not field.held
    ]


def shown_attachments(
    whole: Checklist, state: SectionState, values: Mapping[str, Any], row_id: str = ""
) -> list[ShownAttachment]:
    """The places of the section itself, or of one row."""
    section = state.section
    items = section.row_attachments if row_id else section.section_attachments
    row = {**values, "id": row_id or None}
    return [
        ShownAttachment(
            item.code,
            item.kind,
            gettext(item.label),
            "　".join(
                part
                for part in (formats_words(item.formats), gettext(item.hint) if item.hint else "")
                if part
            ),
            "any" if len(item.formats) > 1 else item.formats[0],
            _wanted(whole, state, item, row),
            tuple(state.files_at(item, row_id)),
            item.max_files,
            TEMPLATES.get(item.kind),
            choosable=section.code == attach.CODE and item.kind != attach.MERGED_KIND,
        )
        for item in items
    ]


def sent_values(session: Session, section: Section, form: MultiDict[str, str]) -> dict[str, str]:
    """The raw values of the fields that were sent; a division is sent by its name, several references one by one."""
    values = {}
    for field in section.fields:
        if field.typed and PREFIX + field.code in form:
            typed = form[PREFIX + field.code]
            match field.type:
                case FieldType.DIVISION:
                    typed = division_code(session, typed)
                case FieldType.REFERENCES:
                    typed = ",".join(filter(None, form.getlist(PREFIX + field.code)))
            values[field.code] = typed
    return values


def division_code(session: Session, typed: str) -> str:
    """The code of a division written out in full, or by its own name if only one has it; else what was typed."""
    text = typed.strip()
    table = code_table(session, CodeList.DIVISION)
    if not text or text in table:
        return text
    named = [code for code, choice in table.items() if choice.name == text]
    if len(named) == 1:
        return named[0]
    ending = [code for code, choice in table.items() if text.endswith(choice.name)]
    whole = [code for code in ending if code_path(session, CodeList.DIVISION, code) == text]
    return whole[0] if len(whole) == 1 else typed


def division_names(session: Session) -> list[str]:
    """Every division below which there is none, written out in full."""
    table = code_table(session, CodeList.DIVISION)
    parents = {choice.parent for choice in table.values()}
    return [
        code_path(session, CodeList.DIVISION, code)
        for code, choice in table.items()
        if code not in parents and not choice.retired
    ]


def _wanted(
    whole: Checklist, state: SectionState, part: Field | Attachment, row: Mapping[str, Any]
) -> bool:
    """Whether it must be given; an attachment of a repeating section must if any row asks for it."""
    whole_section = isinstance(part, Attachment) and part in state.section.section_attachments
    rows = state.rows if whole_section and state.rows else [row]
    files = uploaded(state.files)
    return any(is_wanted(state.section, part, each, files, whole.facts, whole.context) for each in rows)


def _field(
    session: Session, field: Field, value: Any, problem: Problem | None, wanted: bool, names: Names
) -> ShownField:
    text = as_text(value)
    if field.type is FieldType.BOOL:
        value = normalising.yes_or_no(text)
    kind, options, attributes = "text", (), {"maxlength": str(field.max_length * 2)}
    match field.type:
        case FieldType.TEXTAREA:
            kind, attributes = "area", {"data-count": str(field.max_length), "rows": str(_rows_for(field.max_length))}
        case FieldType.BOOL:
            kind, attributes = "choice", {}
        case FieldType.CODE:
            kind, options, attributes = "select", _options(session, field, text), {}
        case FieldType.REFERENCE | FieldType.REFERENCES:
            kind, attributes = "several" if field.type is FieldType.REFERENCES else "select", {}
            options = tuple(
                (reference(code, row["id"]), names.row(reference(code, row["id"])), "")
                for code in field.refers_to
                for row in names.documents.get(code, ())
            )
        case FieldType.DIVISION:
            kind, attributes = "division", {}
            if text in code_table(session, CodeList.DIVISION):
                text = code_path(session, CodeList.DIVISION, text)
        case FieldType.MONTH:
            attributes = {"data-month": "", "inputmode": "numeric"}
        case FieldType.DATE:
            attributes = {"data-date": "", "inputmode": "numeric"}
        case FieldType.URL:
            attributes |= {"inputmode": "url"}
        case FieldType.INT | FieldType.YEAR:
            attributes = {"inputmode": "numeric"}
        case FieldType.DECIMAL:
            attributes = {"inputmode": "decimal"}
        case FieldType.EMAIL:
            attributes |= {"inputmode": "email", "autocomplete": "email"}
    if field.computed:
        of = ",".join(PREFIX + code for code in field.computed.of)
        kind, attributes = "computed", {"readonly": "", "data-computed": field.computed.operation.value, "data-of": of}
    return ShownField(
        PREFIX + field.code,
        gettext(field.label),
        kind,
        text,
        gettext(field.hint) if field.hint else "",
        wording.say(problem) if problem else "",
        wanted or bool(field.computed),
        options,
        attributes,
        wording.show(field, value, names),
        wide=kind in ("area", "division", "several") or bool(field.refers_to) or field.max_length >= 200,
        group=gettext(field.group) if field.group else "",
    )


def _rows_for(length: int) -> int:
    """Lines of a text area: enough to read over what was written, never more than a phone shows."""
    return min(max(length // 100, 5), 16)


def _options(session: Session, field: Field, held: str) -> tuple[tuple[str, str, str], ...]:
    if isinstance(field.choices, CodeList):
        found = code_choices(session, field.choices, keep=held)
        return tuple((choice.code, choice.name, choice.initials) for choice in found)
    return tuple((option.code, gettext(option.label), "") for option in field.choices or ())
