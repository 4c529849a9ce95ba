"""The rules of eligibility in the form and on the review page: what the sections say, judged by the same function."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.applications.models import Application, SectionDocument
from app.applications.qualifying import Documents, check_submitted, facts_of
from app.catalogue import queries as catalogue
from app.catalogue.models import EligibilityRule
from app.eligibility.queries import standards
from app.eligibility.services import keep
from app.eligibility.terms import Assessment, Facts, Held, Hours, Outcome
from app.files.models import StoredFile
from app.files.services import Owner, share
from app.workflow.states import State
from tests.applications.conftest import TITLE_ROW, WORK_ROW, prefixed
from tests.factories import log_in, person
from tests.statements import statements

THIS_YEAR = datetime.now(UTC).year
ALL = {"EDU", "WORK", "TITLE", "LICENSE", "EXAM", "CE", "ASSESS"}


def facts(session, rows, *, final=True, without=frozenset(), apply_type="NORMAL") -> Facts:
    documents = Documents({code: rows.get(code, []) for code in ALL - without}, final)
    return facts_of(session, SimpleNamespace(series_code="05", apply_type=apply_type), documents, standards(session))


def tokens(session, section, **row) -> set[str]:
    return {each.code for each in facts(session, {section: [row]}).qualifications}


@pytest.mark.requirement("A6")
def test_qualifications_follow_from_the_rows_that_prove_them(session):
    for section, row, expected in (
        ("EDU", {"level": "BACHELOR", "degree": "408"}, {"BACHELOR", "BACHELOR_DEGREE"}),
        ("EDU", {"level": "DOCTOR", "degree": "2"}, {"PGCLASS", "BACHELOR", "DOCTOR_DEGREE"}),
        ("EDU", {"level": "DIPLOMA", "degree": "0"}, {"DIPLOMA"}),
        ("EDU", {"level": None, "degree": None}, set()),
        ("TITLE", {"level": "MID", "series": "05", "way": "EXAM"}, {"EXAM"}),
        ("EXAM", {"kind": "QUALIFY"}, {"EXAM"}),
        ("LICENSE", {"kind": "SKILL2", "date": "2020-03-04"}, {"SKILL_TECHNICIAN"}),
    ):
        assert tokens(session, section, **row) == expected, row
    held = facts(session, {"LICENSE": [{"kind": "SKILL2", "date": "2020-03-04"}]}).qualifications
    assert held == (Held("SKILL_TECHNICIAN", date(2020, 3, 4)),)


@pytest.mark.requirement("A6")
def test_sections_become_facts_and_half_filled_rows_say_what_they_hold(session):
    said = facts(session, {
        "TITLE": [{"level": "MID", "series": "05", "date": "2018-11-30"}, {"level": "ASSIST", "series": "05", "date": "20"},
                  {"level": "MID", "series": "19", "date": None}, {"level": None, "series": "05"}],
        "WORK": [{"start": "2012-07", "is_pro": True}, {"start": "2008-07", "is_pro": False}, {"start": "x", "is_pro": True}],
        "CE": [{"year": 2024, "public_hours": "30", "pro_hours": 60, "total": None, "result": True}, {"year": "二", "total": "x"}],
        "ASSESS": [{"year": 2024, "grade": "B"}, {"year": 2025, "grade": None}],
        "EXAM": [{"kind": "EXAM_REVIEW"}],
    })  # fmt: skip
    assert said.titles == (Held("MID", date(2018, 11, 30)), Held("ASSIST", None))
    assert said.elsewhere == (Held("MID", None),)
    assert said.working_since == date(2012, 7, 1)
    assert said.hours == (Hours(2024, Decimal(90), Decimal(60), Decimal(30), True), Hours(0))
    assert said.assessments == (Assessment(2024, "B"),)
    assert said.exam_passed is True


@pytest.mark.requirement("A6")
def test_what_is_not_filled_in_yet_is_not_said_and_what_was_submitted_without_is_none(session):
    draft = facts(session, {}, final=False)
    assert (draft.titles, draft.exam_passed, draft.hours, draft.kinds) == (None, None, (), {"skill", "other"})
    sent = facts(session, {})
    assert (sent.titles, sent.exam_passed, sent.kinds) == ((), False, {"degree", "education", "exam", "skill", "other"})
    absent = facts(session, {}, without={"CE", "ASSESS", "EXAM", "LICENSE"}, apply_type="SKILL")
    assert (absent.hours, absent.assessments, absent.exam_passed) == (None, None, None)
    assert absent.kinds == {"degree", "education", "exam"}, "a skilled worker without certificates has not answered"


def assess_every_year(desk):
    """继续教育 and 年度考核 of each of the last five years, as the first row has them."""
    session, own = desk.session, SectionDocument.application_id == desk.row.id
    for section in ("CE", "ASSESS"):
        stored = session.scalar(sa.select(SectionDocument).where(own, SectionDocument.section == section))
        first = stored.document["rows"][0]
        years = [year for year in range(THIS_YEAR - 5, THIS_YEAR) if year != first["year"]]
        more = [first | {"id": f"{year:012x}", "year": year} for year in years]
        proofs = session.scalars(sa.select(StoredFile).where(StoredFile.section == section)).all()
        for row, file in product(more, proofs):
            owner = Owner(application_id=desk.row.id, section=section, row_id=row["id"])
            share(session, file, owner=owner, uploaded_by_id=None, now=datetime.now(UTC))
        stored.document = stored.document | {"rows": [first, *more]}
    session.commit()


@pytest.mark.requirement("A6")
def test_the_task_list_and_the_check_page_warn_and_never_block(filled, database):
    assert "资格条件：暂时无法判断" in filled.page(filled.at()), "four years are not said yet"
    assess_every_year(filled)
    met = filled.page(filled.at())
    assert "资格条件：符合学历、资历等基本条件" in met and "依据 05-ASSOC-2（第 1 版）" in met and "note--ok" in met
    recent = f"{THIS_YEAR - 2}-06-30"
    filled.post(filled.at("TITLE", "rows", WORK_ROW), **prefixed(TITLE_ROW | {"date": recent}), version=1)
    for path in (filled.at(), filled.at("check")):
        page = filled.page(path)
        note = page[page.index("note--warn"):]
        assert "资格条件：与基本条件不符" in note and f"从 {recent} 到 {THIS_YEAR}-12-31，满 2 年" in note, path
        with statements(database.engine) as sent:
            filled.page(path)
        assert [each for each in sent if "eligibility" in each] == [], "the rules are kept in memory"
    filled.submit()
    assert filled.row.state is State.UNIT_REVIEW
    assert "资格条件" not in filled.page(filled.at()), "what was submitted is no longer the applicant's to mend"


@pytest.mark.requirement("A6")
def test_an_empty_draft_is_not_nagged(started):
    assert "资格条件" not in started.page(started.at())


@pytest.mark.requirement("U5", "R2")
def test_the_reviewer_reads_what_was_submitted_by_the_rules_of_that_day(filled, app, session, database):
    assess_every_year(filled)
    filled.submit()
    operator = person(session, Role.UNIT_OPERATOR, unit_id=filled.town.unit.id)
    unit = log_in(app.test_client(), session, operator)
    address = f"/review/{filled.number}"
    page = unit.get(address).text
    panel = page[page.index('id="rules"'):page.index('id="opinions"')]
    assert "规则提示" in panel and "符合学历、资历等基本条件" in panel and "05-ASSOC-2（第 1 版）" in panel
    assert 'href="#rules"' in page and "不代替审核" in panel
    with statements(database.engine) as sent:
        unit.get(address)
    assert sum("LIMIT" in each and "application_snapshot" in each for each in sent) == 1
    assert [each for each in sent if "eligibility" in each] == []

    rule = session.get(EligibilityRule, "05-ASSOC-2")
    rule.min_years = 20
    with session.no_autoflush:
        keep(session, rule, now=datetime.now(UTC) + timedelta(hours=1))
    session.commit()
    catalogue.forget()
    assert "05-ASSOC-2（第 1 版）" in unit.get(address).text, "a later version does not judge what was submitted before"
    row = session.get(Application, filled.row.id)
    assert check_submitted(session, row).outcome is Outcome.MET
