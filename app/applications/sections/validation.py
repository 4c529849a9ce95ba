"""Cleaning one row: what was typed becomes stored values, and what is wrong with them becomes Problems.
Pure. What is absent is no problem here; that is for completeness.py."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from app.applications.sections import normalising
from app.applications.sections.declaration import Field, FieldType, Section, references
from app.applications.sections.problems import Problem, ProblemCode
from app.applications.sections.shapes import Shape, ShapeBy
from app.catalogue.lists import CodeList

EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}")
MOBILE = re.compile(r"1[3-9][0-9]{9}")
URL = re.compile(r"https?://[^\s/]+\.[^\s]+", re.IGNORECASE)
TYPED_SHOWN = 30


class Codes(Protocol):
    """The code lists, as the checks ask for them (catalogue.queries.StoredCodes)."""

    def knows(self, kind: CodeList, code: str) -> bool:
        """Whether the code may be chosen now."""

    def parent(self, kind: CodeList, code: str) -> str:
        """The code above it, or ""."""


@dataclass(frozen=True)
class Context:
    """What the checks need beside the row: the lists, today's date in Beijing, the person's birth date, and of the
    rest of the application the pages of the merged PDF (0 while there is none), whether any row names pages of it,
    and the rows that can be referred to (None: not known here, and not judged)."""

    codes: Codes
    today: date
    birth_date: date | None = None
    merged_pages: int = 0
    pages_named: bool = False
    rows: frozenset[str] | None = None


@dataclass(frozen=True)
class Cleaned:
    """`values` holds every typed field that was sent: str, int, bool, or None when it is empty. A value with
    a problem stays as it was typed, so that nothing is lost. Decimals are texts. Computed fields whose parts were
    sent follow from them."""

    values: dict[str, Any]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> dict[str, Problem]:
        """The first problem of each field."""
        return {problem.field or "": problem for problem in reversed(self.problems)}


def clean(section: Section, raw: Mapping[str, Any], context: Context) -> Cleaned:
    """Read one row (or the whole of a section that does not repeat).

    Accepts form texts and values that were stored before. Fields that come from the person, the unit or the
    application, and names that the section does not know (the row's id too), are left out.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for field in section.fields:
        if field.typed and field.code in raw:
            typed = _as_typed(raw[field.code])
            value, found = _read(field, typed, context)
            values[field.code] = value
            problems += found
    for field in section.fields:
        if field.computed and set(field.computed.of) <= values.keys():
            values[field.code] = field.computed.value(values)
            problems += _check_range(field, values[field.code]) if values[field.code] is not None else ()
    for field in section.fields:
        if (shape := _shape(field, values)) and values.get(field.code) and not _is_bad(field, problems):
            text = shape.read(values[field.code])
            values[field.code] = text or values[field.code]
            if text is None:
                problems.append(_problem(shape.complaint, field, typed=values[field.code][:TYPED_SHOWN]))
    bad = {problem.field for problem in problems}
    for field in section.fields:
        if field.code not in bad and values.get(field.code) is not None:
            problems += _compare(
                section, field, {key: value for key, value in values.items() if key not in bad}
            )
    return Cleaned(values, tuple(problems))


def _shape(field: Field, values: Mapping[str, Any]) -> Shape | None:
    if isinstance(field.shape, ShapeBy):
        return field.shape.of(values.get(field.shape.field))
    return field.shape


def _is_bad(field: Field, problems: list[Problem]) -> bool:
    return any(problem.field == field.code for problem in problems)


def _as_typed(value: Any) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value)


def _read(field: Field, typed: str, context: Context) -> tuple[Any, list[Problem]]:
    text = _tidy(field, typed)
    if not text:
        return None, []
    reader = READERS.get(field.type)
    if reader is None:
        return text, list(_check(field, text, context))
    read, complaint = reader
    value = read(text)
    if value is None:
        return text, [_problem(complaint, field, typed=text[:TYPED_SHOWN])]
    return value, list(_check(field, value, context))


def _tidy(field: Field, typed: str) -> str:
    if field.type is FieldType.TEXTAREA:
        return normalising.paragraphs(typed)
    return normalising.compact(typed) if field.type in SHAPES else normalising.line(typed)


READERS: Mapping[FieldType, tuple[Any, ProblemCode]] = {
    FieldType.MONTH: (normalising.month, ProblemCode.NOT_A_MONTH),
    FieldType.DATE: (normalising.iso_date, ProblemCode.NOT_A_DATE),
    FieldType.INT: (normalising.whole, ProblemCode.NOT_A_WHOLE_NUMBER),
    FieldType.YEAR: (normalising.year, ProblemCode.NOT_A_YEAR),
    FieldType.DECIMAL: (normalising.decimal, ProblemCode.NOT_A_NUMBER),
    FieldType.BOOL: (normalising.yes_or_no, ProblemCode.NOT_YES_OR_NO),
    FieldType.PAGES: (normalising.pages, ProblemCode.NOT_PAGES),
}

SHAPES: Mapping[FieldType, tuple[re.Pattern[str], ProblemCode]] = {
    FieldType.EMAIL: (EMAIL, ProblemCode.NOT_AN_EMAIL),
    FieldType.MOBILE: (MOBILE, ProblemCode.NOT_A_MOBILE),
    FieldType.URL: (URL, ProblemCode.NOT_A_URL),
}


def _check(field: Field, value: Any, context: Context) -> Iterator[Problem]:
    match field.type:
        case FieldType.MONTH | FieldType.DATE | FieldType.YEAR:
            yield from _check_time(field, str(value), context)
        case FieldType.INT | FieldType.DECIMAL:
            yield from _check_range(field, value)
        case FieldType.CODE | FieldType.DIVISION:
            if not _may_choose(field, value, context.codes):
                yield _problem(ProblemCode.UNKNOWN_CODE, field, typed=value[:TYPED_SHOWN])
        case FieldType.BOOL:
            if field.must_be_true and value is False:
                yield _problem(ProblemCode.NOT_CONFIRMED, field)
        case FieldType.REFERENCE | FieldType.REFERENCES:
            if context.rows is not None and not all(
                each in context.rows and each.partition(":")[0] in field.refers_to for each in references(value)
            ):
                yield _problem(ProblemCode.REFERENCE_GONE, field)
        case _:
            yield from _check_text(field, value)


def _check_text(field: Field, text: str) -> Iterator[Problem]:
    if len(text) > field.max_length:
        yield _problem(ProblemCode.TOO_LONG, field, limit=field.max_length, length=len(text))
    elif len(text) < field.min_length:
        yield _problem(ProblemCode.TOO_SHORT, field, limit=field.min_length, length=len(text))
    shape, complaint = SHAPES.get(field.type, (None, None))
    if shape and complaint and not shape.fullmatch(text):
        yield _problem(complaint, field, typed=text[:TYPED_SHOWN])


def _check_range(field: Field, value: int | str) -> Iterator[Problem]:
    number = Decimal(value)
    if field.minimum is not None and number < field.minimum:
        yield _problem(ProblemCode.TOO_SMALL, field, limit=field.minimum)
    elif field.maximum is not None and number > field.maximum:
        yield _problem(ProblemCode.TOO_GREAT, field, limit=field.maximum)


def _check_time(field: Field, value: str, context: Context) -> Iterator[Problem]:
    if field.not_in_future and value > context.today.isoformat()[: len(value)]:
        yield _problem(ProblemCode.IN_FUTURE, field, today=context.today.isoformat()[: len(value)])
    born = context.birth_date
    if field.min_age and born:
        earliest = f"{born.year + field.min_age:04d}-{born.month:02d}"
        if value < earliest:
            yield _problem(ProblemCode.TOO_YOUNG, field, age=field.min_age, earliest=earliest)


def _may_choose(field: Field, code: str, codes: Codes) -> bool:
    if isinstance(field.choices, CodeList):
        return codes.knows(field.choices, code)
    return code in {option.code for option in field.choices or ()}


def _compare(section: Section, field: Field, values: Mapping[str, Any]) -> Iterator[Problem]:
    value = values[field.code]
    for name, complaint, breaks in (
        (field.after, ProblemCode.NOT_AFTER, lambda other: value <= other),
        (field.not_before, ProblemCode.BEFORE_OTHER, lambda other: value < other),
        (field.not_above, ProblemCode.ABOVE_OTHER, lambda other: Decimal(value) > Decimal(other)),
    ):
        other = values.get(name) if name else None
        if other is not None and breaks(other):
            yield _problem(complaint, field, other=section.field(name).label)


def _problem(code: ProblemCode, field: Field, **params: Any) -> Problem:
    return Problem(code, field.code, {"label": field.label, **params})
