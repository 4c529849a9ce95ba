"""材料清单 beside the task list: every section as it stands, its rows and files, and what it lacks, each with where it
is mended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext

from app.applications import dossier
from app.applications.checklist import Checklist, SectionState
from app.applications.naming import Names, names_of
from app.applications.sections.completeness import Missing
from app.files.models import StoredFile


@dataclass(frozen=True)
class Paper:
    """A file in use: its kind in words, and the file."""

    label: str
    file: StoredFile


@dataclass(frozen=True)
class Row:
    row_id: str
    title: str
    papers: tuple[Paper, ...]


@dataclass(frozen=True)
class Material:
    """One section; `missing` are (sentence, address)."""

    state: SectionState
    rows: tuple[Row, ...]
    papers: tuple[Paper, ...]
    missing: tuple[tuple[str, str], ...]

    @property
    def count(self) -> int:
        return len(self.papers) + sum(len(row.papers) for row in self.rows)


def read(whole: Checklist, where: Callable[[Checklist, SectionState, Missing], str]) -> list[Material]:
    """`where` makes the address at which something missing is filled in."""
    names = names_of(whole)
    return [_material(whole, state, names, where) for state in whole.sections]


def _material(
    whole: Checklist, state: SectionState, names: Names, where: Callable[[Checklist, SectionState, Missing], str]
) -> Material:
    labels = {item.kind: gettext(item.label) for item in state.section.attachments}

    def papers(row_id: str) -> tuple[Paper, ...]:
        return tuple(Paper(labels.get(file.kind, file.kind), file) for file in state.files if file.row_id == row_id)

    return Material(
        state,
        tuple(Row(row["id"], names.title(state.section, row), papers(row["id"])) for row in state.rows),
        papers(""),
        tuple((dossier.missing_sentence(state, each), where(whole, state, each)) for each in state.missing),
    )
