"""What the rules of eligibility say of an application: its sections become facts, and the facts are judged. The same
for the draft, whose applicant it warns, and for the snapshot that a reviewer reads. Never a guard: it blocks nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.applications.checklist import Checklist
from app.applications.models import Application, Snapshot
from app.applications.snapshots import open_snapshot
from app.catalogue import conditions
from app.catalogue.lists import CodeList
from app.catalogue.queries import StoredCodes, code_table
from app.eligibility import queries
from app.eligibility.evaluating import evaluate
from app.eligibility.terms import Assessment, Facts, Held, Hours, Standards, Verdict
from app.review_bodies.models import DECLARATION

SKILLED = "SKILL"  # 高技能人才申报: the kind of application that rests on certificates of skill
EXAM_FIRST = "EXAM_REVIEW"  # EXAM.kind of 考评结合考试
# the section whose rows prove a qualification, and the field that says since when
SINCE = {"LICENSE": "date"}
LISTS = {"EDU.degree": CodeList.DEGREE, "EDU.level": CodeList.EDUCATION}

Rows = list[Mapping[str, Any]]


@dataclass(frozen=True)
class Documents:
    """The rows of the sections that one application has, by code. `final`: it was submitted, so an empty section says that
    there is nothing; in a draft it says nothing yet."""

    rows: Mapping[str, Rows]
    final: bool

    def of(self, code: str) -> Rows:
        return self.rows.get(code) or []

    def answered(self, code: str) -> bool:
        """Whether the section says something, be it that there is nothing."""
        return bool(self.of(code)) or (self.final and code in self.rows)


def check_draft(session: Session, whole: Checklist, *, now: datetime) -> Verdict | None:
    """The verdict on what is filled in so far, by the rules of now; None as long as neither education nor title is, and
    for services that have no such rules."""
    documents = Documents({state.section.code: list(state.rows) for state in whole.sections}, final=False)
    if not documents.of("EDU") and not documents.of("TITLE"):
        return None
    return _check(session, whole.application, documents, at=now)


def check_submitted(session: Session, application: Application) -> Verdict | None:
    """The verdict on what was submitted last, by the rules of that time; None for what was never submitted, and for
    services that have no such rules."""
    row = session.scalar(
        sa.select(Snapshot)
        .where(Snapshot.application_id == application.id)
        .order_by(Snapshot.number.desc())
        .limit(1)
    )
    if row is None:
        return None
    submitted = open_snapshot(row)
    rows = {each["code"]: each["rows"] for each in submitted.content["sections"]}
    return _check(session, application, Documents(rows, final=True), at=submitted.at)


def _check(session: Session, application: Application, documents: Documents, *, at: datetime) -> Verdict | None:
    if application.service != DECLARATION:
        return None
    standards = queries.standards(session)
    return evaluate(
        queries.rules_of(session, application.series_code, application.level_code, at=at),
        facts_of(session, application, documents, standards),
        standards,
        cutoff=application.campaign.counts_until,
        apply_type=application.apply_type,
    )


def facts_of(session: Session, application: Application, documents: Documents, standards: Standards) -> Facts:
    """What the sections say; rows that are still incomplete say as much as they hold."""
    titles = [row for row in documents.of("TITLE") if row.get("level") in standards.levels]
    own = [row for row in titles if row.get("series") == application.series_code]
    work = [_day(row.get("start")) for row in documents.of("WORK") if row.get("is_pro")]
    exams = {row.get("kind") for row in documents.of("EXAM")}
    return Facts(
        qualifications=tuple(_qualifications(session, documents)),
        kinds=frozenset(_kinds(application, documents)),
        titles=_held(own) if documents.answered("TITLE") else None,
        elsewhere=_held(row for row in titles if row not in own),
        working_since=min(filter(None, work), default=None),
        exam_passed=EXAM_FIRST in exams if documents.answered("EXAM") else None,
        hours=tuple(_hours(row) for row in documents.of("CE")) if "CE" in documents.rows else None,
        assessments=tuple(
            Assessment(_year(row), row["grade"]) for row in documents.of("ASSESS") if row.get("grade") and _year(row)
        ) if "ASSESS" in documents.rows else None,
    )  # fmt: skip


def _qualifications(session: Session, documents: Documents) -> Iterable[Held]:
    """Which qualifications follow from which rows, as the list of qualifications says in its `derive`."""
    codes = StoredCodes(session)

    def parent_of(name: str, code: str) -> str:
        return codes.parent(LISTS[name], code) if name in LISTS else ""

    for code, token in code_table(session, CodeList.QUALIFYING).items():
        condition = conditions.parse((token.extra or {}).get("derive", ""))
        for section in {name.partition(".")[0] for name in condition.names}:
            for row in documents.of(section):
                if condition.holds({f"{section}.{name}": value for name, value in row.items()}, parent_of):
                    yield Held(code, _day(row.get(SINCE.get(section, ""))))


def _kinds(application: Application, documents: Documents) -> Iterable[str]:
    """The kinds of qualification about which the sections say something."""
    education = documents.of("EDU")
    if documents.final or any(row.get("level") for row in education):
        yield "education"
    if documents.final or any(row.get("degree") for row in education):
        yield "degree"
    if documents.answered("EXAM") or documents.answered("TITLE"):
        yield "exam"
    # Who does not apply as a skilled worker, and declares no certificate, does not go that way.
    if application.apply_type != SKILLED or documents.answered("LICENSE"):
        yield from ("skill", "other")


def _held(titles: Iterable[Mapping[str, Any]]) -> tuple[Held, ...]:
    return tuple(Held(row["level"], _day(row.get("date"))) for row in titles)


def _hours(row: Mapping[str, Any]) -> Hours:
    public, professional = _decimal(row.get("public_hours")), _decimal(row.get("pro_hours"))
    total = _decimal(row.get("total"))
    if total is None and public is not None and professional is not None:
        total = public + professional
    return Hours(_year(row) or 0, total, professional, public, row.get("result"))


def _year(row: Mapping[str, Any]) -> int | None:
    text = str(row.get("year") or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None


def _decimal(value: Any) -> Decimal | None:
    try:
        found = Decimal(str(value)) if value not in (None, "") else None
    except InvalidOperation:
        return None
    return found if found is None or found.is_finite() else None


def _day(value: Any) -> date | None:
    """A stored date, or the first day of a stored month."""
    try:
        return date.fromisoformat(f"{value}-01" if len(str(value)) == 7 else str(value)) if value else None
    except ValueError:
        return None
