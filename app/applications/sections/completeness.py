"""What a stored section still lacks before the application may be submitted. Pure: the tick, the missing list
and the guard on submission all ask `missing`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.applications.sections import normalising
from app.applications.sections.declaration import (
    PAGES_NAMED,
    Attachment,
    Facts,
    Field,
    FieldType,
    Merged,
    Row,
    Section,
)
from app.applications.sections.problems import Problem, ProblemCode
from app.applications.sections.registry import is_required
from app.applications.sections.validation import Context, clean
from app.catalogue.lists import CodeList


@dataclass(frozen=True)
class Uploaded:
    """What is uploaded of one kind at one place: how many files, and their pages together."""

    count: int
    pages: int = 0


NOTHING = Uploaded(0)
Files = Mapping[tuple[str | None, str], Uploaded]  # (row id, or None for the section; code of MaterialType)
CHOSEN = frozenset(
    {FieldType.CODE, FieldType.DIVISION, FieldType.BOOL, FieldType.REFERENCE, FieldType.REFERENCES}
)
EMPTY_CODES = {FieldType.MONTH: ProblemCode.EMPTY_MONTH, FieldType.DATE: ProblemCode.EMPTY_DATE}


@dataclass(frozen=True)
class Missing:
    """One thing to do: in which section, in which row (None = the section itself or its only row), at which
    field or attachment (None = the whole row or section), and why."""

    section: str
    row_id: str | None
    place: str | None
    problem: Problem


def missing(
    section: Section, document: Mapping[str, Any] | None, files: Files, facts: Facts, context: Context
) -> list[Missing]:
    """All that keeps the section from being complete, in the form's order; [] means a tick.

    `document` is `{"rows": [{"id": …, field: value}]}` for a repeating section, else `{"values": {…}}`;
    None or {} when nothing was saved. An optional section without any row, value or file lacks only the section's own
    files that are wanted all the same.
    """
    rows = _rows(section, document or {})
    required = is_required(section, facts)
    found: list[tuple[str | None, Problem]] = []
    if required or _begun(section, rows, files):
        found += _row_count(section, rows, required)
        for row in rows:
            found += [(row["id"], problem) for problem in _row(section, row, files, facts, context)]
        for rule in section.rows_rules:
            found += rule(rows)
    found += [(None, problem) for problem in _section_files(section, rows, files, facts, context)]
    return [Missing(section.code, row_id, problem.field, problem) for row_id, problem in found]


def is_wanted(
    section: Section, part: Field | Attachment, row: Row, files: Files, facts: Facts, context: Context
) -> bool:
    """Whether this field or attachment must be given, as the row stands now (for the mark 必填)."""
    return part.condition.holds(_named(section, row, files, facts, context), _parent_of(section, context))


def _rows(section: Section, document: Mapping[str, Any]) -> list[Row]:
    if section.repeats:
        return list(document.get("rows") or ())
    return [{"id": None, **(document.get("values") or {})}]


def _begun(section: Section, rows: list[Row], files: Files) -> bool:
    if section.repeats and rows:
        return True
    kinds = {(None, item.kind) for item in section.section_attachments}
    values = {key: value for row in rows for key, value in row.items() if key != "id"}
    return any(value is not None for value in values.values()) or any(
        files.get(key, NOTHING).count for key in kinds
    )


def _row_count(section: Section, rows: list[Row], required: bool) -> Iterator[tuple[None, Problem]]:
    least = section.min_rows if required else 0
    if not section.repeats:
        return
    if not rows and least:
        yield None, Problem(ProblemCode.SECTION_EMPTY, None, {"label": section.name, "least": least})
    elif len(rows) < least:
        yield None, Problem(ProblemCode.TOO_FEW_ROWS, None, {"least": least, "count": len(rows)})
    elif len(rows) > section.max_rows:
        yield None, Problem(ProblemCode.TOO_MANY_ROWS, None, {"most": section.max_rows, "count": len(rows)})


def _row(section: Section, row: Row, files: Files, facts: Facts, context: Context) -> Iterator[Problem]:
    merged = section.merged
    named = _named(section, row, files, facts, context)
    parent_of = _parent_of(section, context)
    wrong = clean(section, row, context).problems
    for field in section.fields:
        if field.typed and row.get(field.code) in (None, ""):
            wanted = not (merged and field.code == merged.page) and field.condition.holds(named, parent_of)
            yield from [_empty(field)] * wanted
        yield from (problem for problem in wrong if problem.field == field.code)
    for item in section.row_attachments if section.repeats else ():
        wanted = not (merged and item.code == merged.own) and item.condition.holds(named, parent_of)
        yield from _files(item, files.get((row["id"], item.kind), NOTHING), wanted)
    if merged:
        yield from _evidence(section, merged, row, files, context, {problem.field for problem in wrong})


def _empty(field: Field) -> Problem:
    code = ProblemCode.NOT_CHOSEN if field.type in CHOSEN else EMPTY_CODES.get(field.type, ProblemCode.EMPTY)
    return Problem(code, field.code, {"label": field.label})


def _files(item: Attachment, uploaded: Uploaded, wanted: bool) -> Iterator[Problem]:
    if wanted and not uploaded.count:
        yield Problem(ProblemCode.FILE_MISSING, item.code, {"label": item.label})
    if uploaded.count > item.max_files:
        params = {"label": item.label, "most": item.max_files, "count": uploaded.count}
        yield Problem(ProblemCode.TOO_MANY_FILES, item.code, params)


def _evidence(
    section: Section, merged: Merged, row: Row, files: Files, context: Context, wrong: set[str | None]
) -> Iterator[Problem]:
    own = files.get((row["id"], section.attachment(merged.own).kind), NOTHING)
    pages, there = row.get(merged.page), context.merged_pages
    if own.count and pages:
        yield Problem(ProblemCode.EVIDENCE_TWICE, merged.page)
    elif not own.count and not pages and not merged.optional:
        yield Problem(ProblemCode.NO_EVIDENCE, merged.page)
    elif pages and there and merged.page not in wrong:
        last = normalising.last_page(pages)
        if last > there:
            yield Problem(ProblemCode.PAGES_BEYOND_END, merged.page, {"page": last, "pages": there})


def _section_files(
    section: Section, rows: list[Row], files: Files, facts: Facts, context: Context
) -> Iterator[Problem]:
    parent_of = _parent_of(section, context)
    for item in section.section_attachments:
        wanted = any(
            item.condition.holds(_named(section, row, files, facts, context), parent_of) for row in rows
        )
        yield from _files(item, files.get((None, item.kind), NOTHING), wanted)


def _named(section: Section, row: Row, files: Files, facts: Facts, context: Context) -> dict[str, Any]:
    uploaded = {
        item.code: files.get(
            (row.get("id") if item in section.row_attachments else None, item.kind), NOTHING
        ).count
        or None
        for item in section.attachments
    }
    return {PAGES_NAMED: context.pages_named or None, **uploaded, **row, **facts.values()}


def _parent_of(section: Section, context: Context) -> Any:
    lists = {field.code: field.choices for field in section.fields if isinstance(field.choices, CodeList)}
    return lambda name, code: context.codes.parent(lists[name], code) if name in lists else ""
