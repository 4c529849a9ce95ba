"""How codes and rows of an application are called where they are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from app.applications.checklist import Checklist
from app.applications.sections import wording
from app.applications.sections.declaration import Section
from app.applications.sections.registry import BY_CODE
from app.catalogue.lists import CodeList
from app.catalogue.queries import StoredCodes


@dataclass(frozen=True)
class Names:
    """The names of codes, and of the rows that other rows refer to: `documents` holds the rows by section."""

    codes: StoredCodes
    documents: Mapping[str, Sequence[Mapping[str, Any]]]

    def name(self, kind: CodeList, code: str) -> str:
        return self.codes.name(kind, code)

    def row(self, reference: str) -> str:
        """论文 · its summary; says so of a row that is no longer there."""
        code, _colon, row_id = reference.partition(":")
        row = next((row for row in self.documents.get(code, ()) if row["id"] == row_id), None)
        if row is None:
            return gettext("（已删除的成果）")
        return f"{gettext(BY_CODE[code].name)} · {self.title(BY_CODE[code], row)}"

    def title(self, section: Section, row: Mapping[str, Any]) -> str:
        """The words by which a row is recognised: its summary fields, a beginning and its end as one period."""
        fields = {code: section.field(code) for code in section.summary}
        ends = {field.begins_at: field for field in fields.values() if field.begins_at in fields}
        parts = [
            _period(row.get(field.code), row.get(ends[field.code].code))
            if field.code in ends
            else wording.show_labelled(field, row.get(field.code), self)
            for field in fields.values()
            if field not in ends.values()
        ]
        return "　".join(part for part in parts if part)


def _period(start: Any, end: Any) -> str:
    if not start:
        return ""
    return gettext("%(start)s 至 %(end)s", start=start, end=end) if end else gettext("%(start)s 至今", start=start)


def code_names(session: Session) -> Names:
    """For rows outside an application, which refer to no others."""
    return Names(StoredCodes(session), {})


def names_of(whole: Checklist) -> Names:
    return Names(whole.context.codes, {state.section.code: state.rows for state in whole.sections})
