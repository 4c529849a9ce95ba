"""What a notice says about an applicant, frozen when it is posted. Never an ID number, never a phone.

The words are Chinese always: a 公示表 is an official form, not a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.applications.models import Application, SectionDocument
from app.catalogue.lists import CodeList
from app.catalogue.models import Specialty
from app.catalogue.queries import code_name
from app.units.models import Unit

SOURCES = ("BASIC", "EDU", "WORK", "TITLE", "CE", "ASSESS", "PROJECT", "AWARD", "PATENT", "PAPER", "BOOK")
SHOWN_OF_EACH = 3  # 主要业绩: the first of each section, as the applicant ordered them
SHOWN_YEARS = 5

Document = Mapping[str, Any]


def shown_rows(session: Session, applications: Sequence[Application], *, today: date) -> dict[int, dict[str, str]]:
    """By application id, the columns of the 公示表 (those of gateways.documents.PublicNoticeRow, and `unit`), in four
    statements whatever their number."""
    persons = _by_id(session, Person, {each.applicant_id for each in applications})
    units = _by_id(session, Unit, {each.unit_id for each in applications})
    codes = {each.specialty_code for each in applications}
    specialties = dict(session.execute(sa.select(Specialty.code, Specialty.name).where(Specialty.code.in_(codes))).all())
    documents = _documents(session, [each.id for each in applications])
    return {
        each.id: _shown(
            session, each, persons[each.applicant_id], units.get(each.unit_id),
            specialties.get(each.specialty_code, each.specialty_code), documents.get(each.id, {}), today,
        )
        for each in applications
    }


def _by_id(session: Session, model: Any, ids: set[Any]) -> dict[Any, Any]:
    return {row.id: row for row in session.scalars(sa.select(model).where(model.id.in_(ids)))}


def _documents(session: Session, ids: Sequence[int]) -> dict[int, dict[str, Document]]:
    found: dict[int, dict[str, Document]] = {}
    for row in session.execute(
        sa.select(SectionDocument.application_id, SectionDocument.section, SectionDocument.document).where(
            SectionDocument.application_id.in_(ids), SectionDocument.section.in_(SOURCES)
        )
    ):
        found.setdefault(row.application_id, {})[row.section] = row.document
    return found


def _shown(
    session: Session, application: Application, person: Person, unit: Unit | None, specialty: str,
    documents: Mapping[str, Document], today: date,
) -> dict[str, str]:
    series = code_name(session, CodeList.TITLE_SERIES, application.series_code)
    title = _chosen(documents.get("TITLE"), "is_current")
    return {
        "name": application.applicant_name,
        "sex": code_name(session, CodeList.GENDER, person.gender) if person.gender else "",
        "born": f"{person.birth_date:%Y-%m}" if person.birth_date else "",
        "started_work": _text(documents.get("BASIC", {}).get("values", {}), "work_start"),
        "education": _education(session, _chosen(documents.get("EDU"), "is_highest")),
        "present_title": _joined(_text(title, "title"), _text(title, "date")),
        "appointed": _text(title, "employ_start"),
        "practice": _practice(_rows(documents.get("WORK")), specialty, today),
        "applied_for": _joined(series, specialty, application.title_name),
        "apply_type": code_name(session, CodeList.APPLY_TYPE, application.apply_type),
        "assessments": _assessments(session, _rows(documents.get("ASSESS"))),
        "further_education": _further_education(_rows(documents.get("CE"))),
        "achievements": _joined(*(_ranked(documents.get(section), "name") for section in ("PROJECT", "AWARD", "PATENT"))),
        "publications": _joined(*(_ranked(documents.get(section), "title") for section in ("PAPER", "BOOK"))),
        "unit": unit.name if unit else "",
    }


def _rows(document: Document | None) -> list[Mapping[str, Any]]:
    return list((document or {}).get("rows") or [])


def _chosen(document: Document | None, mark: str) -> Mapping[str, Any]:
    rows = _rows(document)
    return next((row for row in rows if row.get(mark)), rows[0] if rows else {})


def _text(row: Mapping[str, Any], field: str) -> str:
    return str(row.get(field) or "")


def _joined(*words: str) -> str:
    return "\n".join(word for word in words if word)


def _education(session: Session, row: Mapping[str, Any]) -> str:
    level, degree = _text(row, "level"), _text(row, "degree")
    names = [
        code_name(session, CodeList.EDUCATION, level) if level else "",
        code_name(session, CodeList.DEGREE, degree) if degree else "",
    ]
    return _joined("、".join(name for name in names if name), _text(row, "major"), _text(row, "end"))


def _practice(rows: Sequence[Mapping[str, Any]], specialty: str, today: date) -> str:
    """The specialty with the years since the first professional post."""
    starts = sorted(_text(row, "start") for row in rows if row.get("is_pro") and _text(row, "start")[:4].isdigit())
    if not starts:
        return specialty
    return _joined(specialty, f"{max(today.year - int(starts[0][:4]), 0)}年")


def _assessments(session: Session, rows: Sequence[Mapping[str, Any]]) -> str:
    """The grades of the last years."""
    known = sorted((row for row in rows if row.get("year") and row.get("grade")), key=lambda row: -int(row["year"]))
    return _joined(
        *(
            f"{row['year']}年{code_name(session, CodeList.ANNUAL_ASSESSMENT, row['grade'])}"
            for row in known[:SHOWN_YEARS]
        )
    )


def _further_education(rows: Sequence[Mapping[str, Any]]) -> str:
    """The years, and the least hours of one of them."""
    known = {int(row["year"]): Decimal(row["total"]) for row in rows if row.get("year") and row.get("total")}
    if not known:
        return ""
    first, last = min(known), max(known)
    years = f"{first}年" if first == last else f"{first}—{last}年"
    return _joined(years, f"每年不少于{min(known.values())}学时")


def _ranked(document: Document | None, name: str) -> str:
    """The first rows by name, with the rank and of how many."""
    return _joined(*(f"{_text(row, name)}{_rank(row)}" for row in _rows(document)[:SHOWN_OF_EACH]))


def _rank(row: Mapping[str, Any]) -> str:
    if not row.get("rank"):
        return ""
    return f"（排名 {row['rank']}/{row['total']}）" if row.get("total") else f"（排名 {row['rank']}）"
