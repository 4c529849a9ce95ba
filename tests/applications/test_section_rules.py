"""申报表设置: the office's rules, which of them wins, and what they do to an application."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.applications.models import SectionRule
from app.applications.sections.declaration import Facts, Field, FieldType, Section
from app.applications.sections.registry import section, sections_for
from app.applications.sections.settings import Mode, Rule, Settings, adapted
from app.audit.models import AuditEntry
from app.workflow.states import State
from tests.applications.conftest import jpeg, pdf
from tests.applications.test_saving import send_back
from tests.factories import city, log_in, person
from tests.statements import statements
from tests.web.forms import post

ENGINEER = Facts("declaration", "05", "工程", "ASSOC", "NORMAL", "PRIV", "ID")
RULES = (
    Rule("WORK", mode=Mode.OPTIONAL),
    Rule("WORK", level="ASSOC", mode=Mode.OFF),
    Rule("WORK", series="05", mode=Mode.DEFAULT, max_rows=7),
    Rule("WORK", series="05", level="MID", mode=Mode.REQUIRED, min_rows=3),
)


@pytest.mark.requirement("A6", "M1")
def test_the_most_precise_rule_wins() -> None:
    settings = Settings(RULES)
    for series, level, expected in (
        ("05", "MID", RULES[3]), ("05", "ASSOC", RULES[2]), ("04", "ASSOC", RULES[1]), ("04", "MID", RULES[0]),
    ):  # fmt: skip
        assert settings.rule("WORK", replace(ENGINEER, series=series, level=level)) == expected
    assert "WORK" not in [each.code for each in sections_for(replace(ENGINEER, series="04"), settings)]
    assert adapted(section("WORK"), ENGINEER, settings).max_rows == 7
    assert adapted(section("EDU"), ENGINEER, settings) is section("EDU")


@pytest.mark.requirement("A6", "M1")
def test_a_rule_makes_a_section_required_or_optional_and_bounds_rows_and_text() -> None:
    project, settings = section("PROJECT"), Settings((Rule("PROJECT", mode=Mode.REQUIRED, max_rows=5),))
    found = adapted(project, ENGINEER, settings)
    assert (found.condition.holds({}), found.min_rows, found.max_rows) == (True, 1, 5)
    found = adapted(section("EDU"), ENGINEER, Settings((Rule("EDU", mode=Mode.OPTIONAL),)))
    assert found.condition.holds({}) is False
    text = Field("text", "正文", FieldType.TEXTAREA, True, min_length=1500, max_length=3000)
    summary = Section("S", "总结", 1, (text,))
    bounds = Settings((Rule("S", min_length=800, max_length=1200),))
    found = adapted(summary, ENGINEER, bounds)
    assert (found.field("text").min_length, found.field("text").max_length) == (800, 1200)


@pytest.fixture
def office(client, session):
    town = city(session)
    log_in(client, session, person(session, Role.OFFICE_ADMIN, body_id=town.office.id))
    return client, town


def rule(town, **changes):
    return {
        "campaign_id": str(town.campaign.id), "section": "REP", "series_code": "", "level_code": "", "mode": "required",
        "min_rows": "1", "max_rows": "2", "min_length": "", "max_length": "",
    } | changes  # fmt: skip


@pytest.mark.requirement("M1")
def test_the_office_keeps_rules_and_wrong_ones_are_refused_with_a_sentence(office, session):
    client, town = office
    assert post(client, "/section-rules/add", **rule(town)).status_code == 302
    assert session.execute(sa.select(SectionRule.section, SectionRule.mode, SectionRule.max_rows)).all() == [
        ("REP", Mode.REQUIRED, 2)
    ]
    for changes, sentence in (
        ({}, "这个评审计划已有这个表、系列和级别的设置"),
        ({"series_code": "05", "min_rows": "4"}, "最少条数大于最多条数"),
        ({"level_code": "ASSOC", "min_rows": "4", "max_rows": ""}, "最少条数大于最多条数"),
        ({"section": "BASIC", "min_rows": "", "max_rows": ""}, "是每份申报都有的"),
        ({"section": "EXC"}, "这个表不分条填写"),
        ({"series_code": "05", "min_length": "100"}, "没有可以限定字数的正文"),
        ({"series_code": "04"}, "不受理所选的系列和级别"),
        ({"section": "NOTHING"}, "请从列表中选择一项"),
        ({"section": ""}, "请选择一项。"),
        ({"max_rows": "0", "min_rows": "0"}, "请填写 1 至 100 的整数"),
    ):  # fmt: skip
        answer = post(client, "/section-rules/add", **rule(town, **changes))
        assert sentence in answer.text, (changes, sentence)
    key = session.scalar(sa.select(SectionRule.id))
    changed = rule(town, max_rows="3", mode="default")
    assert post(client, f"/section-rules/edit/{key}", **changed).status_code == 302
    entries = sa.select(AuditEntry.verb).where(AuditEntry.object_kind == "section_rule").order_by(AuditEntry.id)
    assert session.scalars(entries).all() == ["add", "edit"]
    page = client.get("/section-rules/list/").text
    assert "代表性成果" in page and "按默认" in page and "全部" in page


@pytest.mark.requirement("M1")
def test_the_grid_of_rules_costs_the_same_for_one_and_for_many(office, session, database):
    client, town = office
    costs = []
    for code in ("REP", "WORK", "TITLE"):
        session.add(SectionRule(campaign_id=town.campaign.id, section=code))
        session.commit()
        client.get("/section-rules/list/")
        with statements(database.engine) as sent:
            assert client.get("/section-rules/list/").status_code == 200
        costs.append(len(sent))
    assert len(set(costs)) == 1 and costs[0] <= 8, costs


def add_rule(desk, code: str, mode: Mode, **values) -> None:
    desk.session.add(SectionRule(campaign_id=desk.town.campaign.id, section=code, mode=mode, **values))
    desk.session.commit()


@pytest.mark.requirement("A6")
def test_a_rule_holds_for_the_applications_of_its_campaign_at_the_cost_of_one_statement(filled, database):
    assert "代表性成果" in filled.page(filled.at())
    with statements(database.engine) as before:
        filled.page(filled.at())
    add_rule(filled, "REP", Mode.REQUIRED)
    add_rule(filled, "WORK", Mode.OFF)
    page = filled.page(filled.at())
    assert "请填写「代表性成果」，至少1条。" in page and "工作经历" not in page
    with statements(database.engine) as after:
        filled.page(filled.at())
    assert len(after) == len(before)
    assert filled.page(filled.at("WORK"), status=404)


@pytest.mark.requirement("A12")
def test_what_was_asked_for_after_the_submission_is_open_after_a_return(filled):
    add_rule(filled, "REP", Mode.OFF)
    filled.submit()
    assert "REP" not in filled.row.submitted_sections
    send_back(filled, "EDU")
    filled.session.execute(sa.update(SectionRule).values(mode=Mode.REQUIRED))
    filled.session.commit()
    place, answer = filled.at("REP", "rows", "b00000000001"), {"f-ref": "PROJECT:a00000000001", "f-reason": "首创"}
    assert filled.post(place, **answer).status_code == 200
    assert filled.post(place, **answer | {"f-reason": "首创，已推广"}, version=9).status_code == 200
    rows = filled.page(filled.at("REP"))
    assert "业绩成果 · 电池包轻量化" in rows and "修改" in rows
    token = filled.token(filled.at())
    locked = filled.client.post(filled.at("APPLY"), data={"csrf_token": token, "f-years_in_specialty": "20", "version": "9"})
    assert locked.status_code == 409 and "没有被退回" in locked.text


@pytest.mark.requirement("A8", "A12")
def test_a_return_of_rows_that_name_pages_opens_the_merged_pdf_with_them(filled):
    filled.submit()
    send_back(filled, "PROJECT")
    assert filled.upload(filled.at("ATTACH", "files", "achieve"), pdf(9), "新.pdf").json["ok"]
    assert "合并PDF：已上传 9 页" in filled.page(filled.at("PROJECT"))
    locked = filled.upload(filled.at("PROMISE", "files", "file"), jpeg())
    assert locked.status_code == 422 and "没有被退回" in locked.json["message"]


@pytest.mark.requirement("A12")
def test_a_section_that_was_sent_back_and_is_no_longer_asked_for_keeps_nobody_from_submitting(filled):
    filled.submit()
    send_back(filled, "WORK")
    assert "退回的表还没有全部修改" in filled.submit().text
    add_rule(filled, "WORK", Mode.OFF)
    filled.submit()
    assert filled.row.state is State.UNIT_REVIEW and "WORK" not in filled.row.submitted_sections
