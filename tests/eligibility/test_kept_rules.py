"""资格条件: the office keeps the rules; every change is a version, and what was judged earlier stays as it was judged."""

from __future__ import annotations

import csv
import io
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.audit.models import AuditEntry
from app.catalogue import queries as catalogue
from app.catalogue.loading import REFERENCE_FOLDER, load_reference
from app.catalogue.models import EligibilityRule, EligibilityRuleVersion, KeptBy
from app.catalogue.versions import CONTENT
from app.eligibility.queries import rules_of, standards, targets
from tests.factories import city, log_in, person
from tests.statements import statements
from tests.web.forms import post

pytestmark = pytest.mark.requirement("M1")
LIST, ADD = "/catalogue/eligibility/list/", "/catalogue/eligibility/add"
EDIT = "/catalogue/eligibility/edit/05-MID-3"
# 05-MID-3 as the files have it
SAID = {
    "education_any_of": ["BACHELOR", "BACHELOR_DEGREE"], "required_current_level": "ASSIST", "min_years": "4", "note": "",
    "source": "人社部发〔2019〕16号附件（工程）", "position": "38",
}  # fmt: skip
NEW = SAID | {"series_code": "05", "target_level": "MID", "education_any_of": ["SECVOC"], "min_years": "9"}


@pytest.fixture
def office(client, session):
    town = city(session)
    return log_in(client, session, person(session, Role.OFFICE_ADMIN, body_id=town.office.id))


def rule(session, code="05-MID-3"):
    session.expire_all()
    catalogue.forget()
    return session.get(EligibilityRule, code)


def in_force(session, at, code="05-MID-3"):
    found = [each for each in rules_of(session, "05", "MID", at=at) if each.code == code]
    return [(each.version, each.min_years) for each in found]


def test_the_rules_of_a_level_are_its_ways_in_and_none_means_unclear(session, clock):
    assert [each.min_years for each in rules_of(session, "01", "MID", at=clock.now())][:2] == [0, 2]
    assert rules_of(session, "26", "MID", at=clock.now()) == []
    assert standards(session).hours == {"TOTAL": 90, "PRO": 60, "PUBLIC": 30}
    assert standards(session).passing == {"A", "B", "B2"}
    assert targets(session)["05", "MID"] == ("工程师", "建筑师", "规划师", "设计师")


def test_an_edit_makes_a_new_version_and_keeps_the_old_one(office, session, clock):
    before = clock.now()
    clock.advance(hours=1)
    assert post(office, EDIT, **SAID | {"min_years": "5", "note": "本市要求"}).status_code == 302
    changed = rule(session)
    assert (changed.version, changed.min_years, changed.note, changed.kept_by) == (2, 5, "本市要求", KeptBy.OFFICE)
    old = session.scalars(sa.select(EligibilityRuleVersion)).one()
    assert (old.code, old.version, old.min_years, old.note, old.valid_from) == ("05-MID-3", 1, 4, "", None)
    assert old.valid_to == changed.valid_from
    assert abs(old.valid_to - clock.now()) < timedelta(seconds=30)
    assert (in_force(session, before), in_force(session, clock.now())) == ([(1, 4)], [(2, 5)])
    entry = session.scalars(sa.select(AuditEntry)).one()
    assert (entry.verb, entry.object_kind, entry.object_id) == ("edit", "catalogue_eligibility_rule", "05-MID-3")
    page = office.get("/catalogue/eligibility/show/05-MID-3").text
    assert "05-MID-3（第 1 版），到" in page
    assert "为止：具备大学本科学历或学士学位，取得助理级职称后满 4 年" in page


def test_saving_without_a_change_makes_no_version(office, session):
    assert post(office, EDIT, **SAID).status_code == 302
    assert post(office, EDIT, **SAID | {"position": "7"}).status_code == 302, "a new place says nothing else"
    assert rule(session).version == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(EligibilityRuleVersion)) == 0


def test_of_two_edits_at_once_the_second_is_told_and_nothing_is_lost(office, session, clock):
    said = {name: getattr(session.get(EligibilityRule, "05-MID-3"), name) for name in CONTENT}
    session.add(EligibilityRuleVersion(code="05-MID-3", version=1, valid_to=clock.now(), **said))
    session.commit()  # as the other's edit leaves it at the moment before it counts the version on
    answer = post(office, EDIT, **SAID | {"min_years": "5"})
    assert "这一条刚刚被别人改过" in answer.text and 'value="5"' in answer.text
    assert (rule(session).version, rule(session).min_years) == (1, 4)


def test_a_retired_rule_is_asked_no_more_but_stays_for_what_came_before(office, session, clock):
    before = clock.now()
    clock.advance(hours=1)
    assert post(office, EDIT, **SAID | {"retired": "y"}).status_code == 302
    assert (rule(session).retired, rule(session).version) == (True, 2)
    assert (in_force(session, before), in_force(session, clock.now())) == ([(1, 4)], [])
    assert "满 4 年" not in office.get("/self-check/05/MID").text


def test_an_added_rule_gets_the_next_number_and_holds_from_now_on(office, session, clock):
    before = clock.now() - timedelta(minutes=1)
    assert post(office, ADD, **NEW | {"further": ["NOTE"], "note": "仅限乡镇"}).status_code == 302
    added = rule(session, "05-MID-6")
    assert (added.version, added.education_any_of, added.further, added.min_years) == (1, ["SECVOC"], ["NOTE"], 9)
    assert (in_force(session, before, "05-MID-6"), in_force(session, clock.now(), "05-MID-6")) == ([], [(1, 9)])
    assert "具备中等专科（含职业高中）学历，取得助理级职称后满 9 年（仅限乡镇）" in office.get("/conditions/05").text


WRONG = [
    ({"education_any_of": ["WIZARD"]}, "请从列出的选项中选择"),
    ({"education_any_of": []}, "请至少选择一项"),
    ({"min_years": "-1"}, "请填写 0 至 50 的整数"),
    ({"target_level": "TOP"}, "请从列表中选择一项"),
    ({"series_code": "01", "target_level": "TECH", "required_current_level": "NONE"}, "这个系列没有这个级别的资格"),
    ({"required_current_level": "MID"}, "现职称级别须低于目标级别"),
    ({"education_any_of": ["EXAM"]}, "只用于以考代评的级别"),
    ({"series_code": "08"}, "这个级别以考代评"),
    ({"education_any_of": ["BACHELOR_DEGREE", "BACHELOR"], "min_years": "3"}, "与 05-MID-3 的条件相同"),
    ({"source": ""}, "请填写这一项"),
]


def test_a_rule_that_cannot_be_judged_is_refused_and_what_was_typed_is_kept(office, session):
    for fields, sentence in WRONG:
        answer = post(office, ADD, **NEW | {"note": "写了很久"} | fields)
        assert answer.status_code == 200
        assert sentence in answer.text and "写了很久" in answer.text, fields
    assert session.scalar(sa.select(sa.func.count()).select_from(EligibilityRule)) == 174


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "data"
    shutil.copytree(REFERENCE_FOLDER, copy)
    return copy


def rewrite(folder: Path, change) -> None:
    path = folder / "eligibility_rule.csv"
    rows = [row for row in csv.DictReader(io.StringIO(path.read_text("utf-8"))) if change(row) is not False]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def test_a_new_file_supersedes_its_own_rules_and_never_the_offices(office, session, clock, folder):
    before = clock.now()
    clock.advance(hours=1)
    post(office, EDIT, **SAID | {"min_years": "5"})

    def change(row):
        if row["code"] in ("05-MID-3", "05-MID-4"):
            row["min_years"] = "6"
        return row["code"] != "05-MID-2"  # gone from the file, and the places of all that follow change

    rewrite(folder, change)
    report = load_reference(session, folder, now=clock.now() + timedelta(hours=1)).files["eligibility_rule"]
    session.commit()
    assert (report.kept, report.retired, report.inserted) == (1, 1, 0)
    assert [(rule(session, f"05-MID-{n}").version, rule(session, f"05-MID-{n}").min_years) for n in (2, 3, 4, 5)] == [
        (2, 2), (2, 5), (2, 6), (1, 3),
    ]  # fmt: skip
    versions = session.execute(sa.select(EligibilityRuleVersion.code, EligibilityRuleVersion.version).order_by("code"))
    assert [tuple(row) for row in versions] == [("05-MID-2", 1), ("05-MID-3", 1), ("05-MID-4", 1)]
    assert in_force(session, before, "05-MID-4") == [(1, 4)]
    assert in_force(session, clock.now() + timedelta(hours=2), "05-MID-4") == [(2, 6)]
    assert load_reference(session, folder).changed == 0


def test_the_list_needs_few_statements_and_is_the_offices_alone(office, session, database, app):
    office.get(LIST)
    with statements(database.engine) as sent:
        assert "共 <b>174</b> 条" in office.get(LIST).text
    assert len(sent) <= 8, sent
    stranger = log_in(app.test_client(), session, person(session, Role.APPLICANT))
    assert stranger.get(LIST).status_code == 403
