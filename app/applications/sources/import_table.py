"""A table as rows of a section: which column is which field, what each cell was understood to say, and what is wrong
with it, line by line. Pure reading; nothing here is written, and the same is done again when it is confirmed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from app.applications.checklist import Checklist, SectionState
from app.applications.naming import Names
from app.applications.section_forms import division_code
from app.applications.sections import normalising, wording
from app.applications.sections.completeness import is_wanted
from app.applications.sections.declaration import Field, FieldType, Section
from app.applications.sections.portable import OF_ONE_APPLICATION, Held
from app.applications.sections.validation import TYPED_SHOWN, clean
from app.catalogue.lists import CodeList
from app.catalogue.queries import code_table
from app.gateways.spreadsheets import Cell, Line
from app.words import N_

NUMBERS = frozenset({FieldType.INT, FieldType.DECIMAL})
DIGITS_KEPT = 10**15  # of greater numbers a table program has lost the last digits
TENTH = re.compile(r"\d{4}\.1")  # the number 2020.10 is 2020.1 too
SHORTENED = re.compile(r"\d(\.\d+)?E\+\d+", re.IGNORECASE)  # how a table program shows a long number, and copies it
EXAMPLE = N_("（示例）")
NAMES_SHOWN = 8
HEADING_WITHIN = 5  # the title of a table may stand above its heading


class Left(StrEnum):
    """Why a line is not taken."""

    WRONG = "wrong"
    THERE = "there"  # the section has the same row
    TWICE = "twice"  # an earlier line says the same
    EXAMPLE = "example"  # the example of the template


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell: the label of its field and a whole sentence."""

    label: str
    sentence: str


@dataclass(frozen=True)
class ReadLine:
    """One line as it was understood. `number` is as its program counts it; `lacking` are labels of what must still be
    filled in afterwards, which does not keep the line out; `doubts` are sentences to look at."""

    number: int
    values: Mapping[str, Any]
    shown: tuple[tuple[str, str], ...]
    faults: tuple[Fault, ...]
    doubts: tuple[str, ...]
    lacking: tuple[str, ...]
    left: Left | None


@dataclass(frozen=True)
class ReadTable:
    """`headed` says whether there was a heading; `unknown` are headings that no field has."""

    lines: tuple[ReadLine, ...]
    headed: bool
    unknown: tuple[str, ...]

    def at(self, left: Left | None) -> list[ReadLine]:
        return [line for line in self.lines if line.left is left]


def import_fields(section: Section) -> tuple[Field, ...]:
    """The columns of a table of this section, in their order."""
    names_rows = OF_ONE_APPLICATION - {FieldType.PAGES}
    return tuple(field for field in section.fields if field.typed and field.type not in names_rows)


def read_table(
    session: Session, whole: Checklist, state: SectionState, lines: Sequence[Line], row_id: Callable[[int], str]
) -> ReadTable:
    """Every line as a row of the section; `row_id` gives the id that the row of a line will have."""
    section = state.section
    columns, heading, unknown = _columns(section, lines)
    held, seen, read = Held(section, state.rows), Held(section, ()), []
    example = example_line(session, section)
    for number, cells in lines[heading:]:
        line = _line(session, whole, section, number, dict(zip(columns, cells, strict=False)))
        row = {**line.values, "id": row_id(number)}
        left = (
            Left.EXAMPLE if _is_example(cells, example)
            else Left.WRONG if line.faults
            else Left.THERE if row in held
            else Left.TWICE if row in seen
            else None
        )  # fmt: skip
        if left is None:
            seen.add(row)
        read.append(replace(line, values=row, left=left))
    return ReadTable(tuple(read), bool(heading), unknown)


def example_line(session: Session, section: Section) -> list[str]:
    """The template's example line; it is known again and never taken."""
    return [_example_of(session, field) for field in import_fields(section)]


def _example_of(session: Session, field: Field) -> str:
    match field.type:
        case FieldType.MONTH:
            return "2020-03"
        case FieldType.DATE:
            return "2020-03-01"
        case FieldType.BOOL:
            return gettext("是")
        case FieldType.INT | FieldType.DECIMAL:
            return str(max(field.minimum or 0, 1))
        case FieldType.CODE:
            return next(iter(names_of(session, field).values()), "")
        case FieldType.DIVISION | FieldType.PAGES:
            return ""
        case _:
            return gettext(EXAMPLE) + gettext(field.label)


def names_of(session: Session, field: Field) -> dict[str, str]:
    """The names that a coded field may be given now, by code; {} for a field without codes."""
    if isinstance(field.choices, CodeList):
        return {code: each.name for code, each in code_table(session, field.choices).items() if not each.retired}
    return {option.code: gettext(option.label) for option in field.choices or ()}


def _squeezed(text: object) -> str:
    """A heading or name without what people add to it: spaces, stars, what stands in brackets at its end."""
    plain = normalising.line(str(text)).replace(" ", "").replace("*", "").casefold()
    return re.sub(r"[（(][^（()）]*[）)]$", "", plain) or plain


def _columns(section: Section, lines: Sequence[Line]) -> tuple[list[Field | None], int, tuple[str, ...]]:
    """Which column is which field, how many lines the heading takes with what stands above it (0: there is none), and
    the headings that no field has."""
    by_name: dict[str, Field] = {}
    for field in import_fields(section):
        for name in (field.label, gettext(field.label), field.code):
            by_name.setdefault(_squeezed(name), field)
    for place, (_number, cells) in enumerate(lines[:HEADING_WITHIN], 1):
        found = [by_name.get(_squeezed(cell)) for cell in cells]
        said = sum(bool(str(cell).strip()) for cell in cells)
        if 2 * sum(field is not None for field in found) >= said:
            columns = [field if field not in found[:at] else None for at, field in enumerate(found)]
            strange = (str(cell).strip() for cell, field in zip(cells, columns, strict=True) if field is None)
            return columns, place, tuple(text[:TYPED_SHOWN] for text in strange if text)
    return list(import_fields(section)), 0, ()


def _line(
    session: Session, whole: Checklist, section: Section, number: int, cells: Mapping[Field | None, Cell]
) -> ReadLine:
    raw: dict[str, str] = {}
    faults: dict[str, Fault] = {}
    doubts: list[str] = []
    for field in import_fields(section):
        text, fault, doubt = _typed(session, field, cells.get(field, ""))
        raw[field.code] = text
        if fault:
            faults[field.code] = Fault(gettext(field.label), fault)
        doubts += [doubt] if doubt else []
    cleaned = clean(section, raw, whole.context)
    for code, problem in cleaned.errors.items():
        faults.setdefault(code, Fault(gettext(section.field(code).label), wording.say(problem)))
    row, names = {**cleaned.values, "id": None}, Names(whole.context.codes, {})
    merged = {section.merged.page} if section.merged else set()
    lacking = [
        gettext(field.label)
        for field in import_fields(section)
        if cleaned.values.get(field.code) is None
        and not {field.code} & (merged | faults.keys())
        and is_wanted(section, field, row, {}, whole.facts, whole.context)
    ]
    shown = [
        (gettext(field.label), wording.show(field, cleaned.values[field.code], names))
        for field in import_fields(section)
        if cleaned.values.get(field.code) is not None and field.code not in faults
    ]
    order = [field.code for field in section.fields]
    return ReadLine(
        number, cleaned.values, tuple(shown), tuple(faults[code] for code in sorted(faults, key=order.index)),
        tuple(doubts), tuple(lacking), None,
    )  # fmt: skip


def _typed(session: Session, field: Field, cell: Cell) -> tuple[str, str, str]:
    """(what would have been typed into the form, what is wrong with the cell itself, what is doubtful)."""
    is_number = isinstance(cell, (int, float)) and not isinstance(cell, bool)
    lost = abs(cell) >= DIGITS_KEPT if is_number else SHORTENED.fullmatch(str(cell).strip())
    if lost and field.type not in NUMBERS:
        sentence = gettext("这个号码在表格里存成了数字，末几位已经丢失；请把这一格设为「文本」格式，重新填写完整的号码。")
        return "", sentence, ""
    text = format(Decimal(repr(cell)), "f") if is_number else str(int(cell)) if isinstance(cell, bool) else cell
    text = text.strip()
    if field.type not in (FieldType.TEXT, FieldType.TEXTAREA) and text in normalising.NOTHING:
        return "", "", ""
    match field.type:
        case FieldType.MONTH | FieldType.DATE:
            return _time(field, text, is_number)
        case FieldType.CODE:
            return _code(session, field, text)
        case FieldType.BOOL if normalising.yes_or_no(text) is None:
            return text, gettext("看不懂「%(text)s」，请写「是」或「否」。", text=text[:TYPED_SHOWN]), ""
        case FieldType.DIVISION:
            return division_code(session, text), "", ""
        case _:
            return text, "", ""


def _time(field: Field, text: str, is_number: bool) -> tuple[str, str, str]:
    example = "2020-03" if field.type is FieldType.MONTH else "2020-03-01"
    if field.type is FieldType.MONTH and TENTH.fullmatch(text):
        if is_number:
            return text, gettext("看不出是1月还是10月，请写成 %(year)s-01 或 %(year)s-10。", year=text[:4]), ""
        doubt = gettext("「%(text)s」理解为 %(year)s 年 1 月；是 10 月的，请改写为 %(year)s-10。", text=text, year=text[:4])
        return text, "", f"{gettext(field.label)}{doubt}"
    if field.type is FieldType.MONTH and (day := normalising.iso_date(text)):
        text = day[:7]
    read = normalising.month if field.type is FieldType.MONTH else normalising.iso_date
    if read(text) is None:
        return text, gettext("看不懂「%(text)s」，请写成 %(example)s。", text=text[:TYPED_SHOWN], example=example), ""
    return text, "", ""


def _code(session: Session, field: Field, text: str) -> tuple[str, str, str]:
    """By code, by name, or by a part of the name that only one has."""
    names = names_of(session, field)
    if text in names:
        return text, "", ""
    wanted = _squeezed(text)
    squeezed = {code: _squeezed(name) for code, name in names.items()}
    same = [code for code, name in squeezed.items() if name == wanted or code.casefold() == wanted]
    near = same or [code for code, name in squeezed.items() if len(wanted) > 1 and wanted in name]
    if len(near) == 1:
        return near[0], "", ""
    offered = [names[code] for code in near] or list(names.values())
    listed = gettext("、").join(offered[:NAMES_SHOWN])
    if len(offered) > NAMES_SHOWN:
        sentence = gettext("不认识「%(text)s」，请写代码表中的名称，例如 %(names)s。", text=text[:TYPED_SHOWN], names=listed)
    else:
        sentence = gettext("不认识「%(text)s」，请写：%(names)s。", text=text[:TYPED_SHOWN], names=listed)
    return text, sentence, ""


def _is_example(cells: Sequence[Cell], example: Sequence[str]) -> bool:
    marks = (EXAMPLE, gettext(EXAMPLE))
    texts = [str(cell).strip() for cell in cells]
    return any(text.startswith(marks) for text in texts) or (
        bool(texts) and texts + [""] * (len(example) - len(texts)) == list(example)
    )
