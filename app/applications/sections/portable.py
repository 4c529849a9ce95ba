"""What of a section may go elsewhere: into a person's library and out of it, from one application into another, in from
a table. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.applications.sections.declaration import Field, Section
from app.applications.sections.registry import SECTIONS
from app.catalogue.conditions import as_text

# What names pages or rows of one application means nothing in another.
OF_ONE_APPLICATION = frozenset({"pages", "reference", "references"})
# 申报信息、代表性成果、破格申报、诚信承诺: each application says them anew.
SAID_ANEW = frozenset({"APPLY", "REP", "EXC", "PROMISE"})
YEAR = "year"  # the field of a section in which every row stands for one year


def is_portable(section: Section) -> bool:
    return section.code not in SAID_ANEW


def library_sections() -> list[Section]:
    """The sections of which a library keeps rows, in the order of the form."""
    return [section for section in SECTIONS if section.repeats and is_portable(section)]


def portable_fields(section: Section) -> tuple[Field, ...]:
    return tuple(field for field in section.fields if field.typed and field.type not in OF_ONE_APPLICATION)


def carried(section: Section, values: Mapping[str, Any]) -> dict[str, Any]:
    """The filled values that may go along, by field."""
    return {
        field.code: values[field.code]
        for field in portable_fields(section)
        if values.get(field.code) not in (None, "")
    }


def is_annual(section: Section) -> bool:
    """Whether every row stands for a year, so that an older application cannot hold this year's."""
    return any(field.code == YEAR for field in section.fields)


def recognised(section: Section, row: Mapping[str, Any]) -> tuple[str, ...]:
    """By what a row is taken for the same as another; () for one that says nothing of it."""
    texts = tuple(as_text(row.get(code)) for code in section.summary)
    return texts if any(texts) else ()


class Held:
    """The rows that a section has already, to be asked whether another is among them: by its id, or because it is
    recognised as the same."""

    def __init__(self, section: Section, rows: Iterable[Mapping[str, Any]]) -> None:
        self._section = section
        self._ids = {row["id"] for row in rows}
        self._known = {recognised(section, row) for row in rows} - {()}

    def __contains__(self, row: object) -> bool:
        assert isinstance(row, Mapping)
        return row.get("id") in self._ids or recognised(self._section, row) in self._known

    def add(self, row: Mapping[str, Any]) -> None:
        if known := recognised(self._section, row):
            self._known.add(known)
