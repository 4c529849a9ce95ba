"""The applicant's home, what pages cost, and what every page keeps to."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.applications import identity, submitting
from app.applications.models import Application
from app.applications.queries import visible_to
from app.applications.services import fire
from app.units import belonging
from app.workflow.actions import Action
from app.workflow.actor import Actor
from app.workflow.case import Move, ReturnItem
from app.workflow.states import Party, State
from tests.applications.conftest import BASIC, PROJECT, WORK_ROW, prefixed
from tests.applications.test_saving import send_back
from tests.factories import application, make_unit
from tests.statements import statements

PATHS = (
    "", "BASIC", "APPLY", "WORK", "WORK/rows/a00000000001", "REP/rows/a00000000001", "PROMISE", "ATTACH", "check",
    "submitted", "progress",
)  # fmt: skip


def obeys(page: str) -> None:
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert re.search(r"<title>[^<]+</title>", page)
    assert (
        not re.search(r"<script(?![^>]*\bsrc=)", page) and " style=" not in page and " onclick=" not in page
    )
    for form in re.findall(r'<form[^>]*method="post".*?</form>', page, re.S):
        assert 'name="csrf_token"' in form
    targets = set(re.findall(r'<label[^>]* for="([^"]+)"', page))
    for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>", page):
        kind = re.search(r'type="([^"]+)"', tag)
        if kind and kind.group(1) in ("hidden", "radio", "checkbox"):
            continue
        assert "aria-label" in tag or re.search(r' id="([^"]+)"', tag).group(1) in targets, tag


@pytest.mark.requirement("A3", "A4", "P2")
def test_every_page_of_the_applicant_keeps_the_rules(filled):
    for path in ("/my/", "/my/apply/", "/my/unit/", filled.at("change")):
        obeys(filled.page(path))
    for path in PATHS:
        if path != "submitted":
            obeys(filled.page(filled.at(path) if path else filled.at()))
    filled.submit()
    for path in PATHS:
        obeys(filled.page(filled.at(path) if path else filled.at()))


@pytest.mark.requirement("A3")
def test_the_home_page_begins_with_what_has_to_be_done(desk):
    session, town = desk.session, desk.town
    desk.number = application(session, town, desk.who, state=State.AWAITING_PAYMENT).number
    session.commit()
    page = desk.page("/my/")
    assert page.index("请缴评审费 480 元") < page.index("正在办理")
    desk.session.query(Application).update({"state": State.RETURNED})
    session.commit()
    assert "材料已退回，请修改后重新提交" in desk.page("/my/")


@pytest.mark.requirement("A4")
def test_all_seven_services_are_named_and_closed_ones_say_so(desk):
    page = desk.page("/my/")
    for name in ("职称申报", "职称认定", "重新确认", "遗失补办", "注册登记", "证书打印", "单位调整"):
        assert f"<b>{name}" in page
    assert page.count("暂未开放") >= 4


@pytest.mark.requirement("A3")
def test_home_and_list_ask_the_database_a_bounded_number_of_times(filled, database):
    filled.page("/my/")
    for path, most in (("/my/", 15), (filled.at(), 10), (filled.at("check"), 30)):
        with statements(database.engine) as sent:
            filled.page(path)
        assert len(sent) <= most, (path, len(sent), sent)


@pytest.mark.requirement("A7", "A12")
def test_saving_and_the_list_cost_no_more_for_what_was_sent_back(filled, database):
    def costs() -> list[int]:
        token, found = filled.token(filled.at()), []
        for place, values in (
            (filled.at("BASIC"), BASIC | {"post": str(filled.row.version)}),
            (filled.at("BASIC") + "draft", BASIC | {"post": "总工"}),
            (filled.at("PROJECT", "rows", WORK_ROW), PROJECT | {"name": str(filled.row.version)}),
        ):
            with statements(database.engine) as sent:
                answer = filled.client.post(place, data={"csrf_token": token, "version": "99", **prefixed(values)})
            assert answer.status_code in (200, 302), answer.text
            found.append(len(sent))
        with statements(database.engine) as sent:
            filled.page(filled.at())
        return [*found, len(sent)]

    filled.page(filled.at())
    drafted = costs()
    filled.submit()
    send_back(filled, "BASIC", "PROJECT")
    for found in (drafted, costs()):
        assert max(found[:3]) <= 12 and found[3] <= 10, found


@pytest.mark.requirement("A10")
def test_after_the_deadline_nothing_is_submitted(filled, clock):
    clock.set(filled.town.campaign.closes_at + timedelta(minutes=1))
    page = filled.submit().text
    assert "现在不在申报时间内，不能提交" in page
    assert filled.row.state is State.DRAFT


@pytest.mark.requirement("A10")
def test_without_the_tick_or_a_complete_section_nothing_is_submitted(started):
    version = started.row.version
    page = started.post(started.at("submit"), form="/my/unit/", version=version).text
    assert "请勾选承诺后再提交。" in page
    page = started.post(started.at("submit"), form="/my/unit/", promise="1", version=version).text
    assert "还有表没有填写完整" in page
    assert " disabled>" in started.page(started.at("check"))


@pytest.mark.requirement("A9")
def test_the_material_list_and_the_receipt_are_printed(filled):
    answer = filled.client.get(filled.at("list.pdf")[:-1])
    assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF-")
    filled.submit()
    answer = filled.client.get(filled.at("receipt.pdf")[:-1])
    assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF-")


@pytest.mark.requirement("A14")
def test_a_draft_moves_with_the_person_and_its_route_is_made_anew(started):
    session, town = started.session, started.town
    other = make_unit(session, reports_to=town.office, name="另一单位", uscc="91450200MA5NXXXX2B")
    actor = Actor(Party.APPLICANT, person_id=started.who.id)
    moved = submitting.change_unit(session, started.who, other, actor, now=started.row.created_at)
    assert [row.number for row in moved] == [started.number]
    assert submitting.planned_route(session, started.row) == (town.committee.id,)
    session.commit()
    assert "另一单位" in started.page(started.at("BASIC"))


@pytest.mark.requirement("A14")
def test_what_was_returned_moves_along_and_the_new_unit_sees_nothing_before_it_is_submitted_there(filled):
    filled.submit()
    session, town = filled.session, filled.town
    other = make_unit(session, reports_to=town.office, name="另一单位", uscc="91450200MA5NXXXX2B")
    old_unit, new_unit = (Actor(Party.UNIT, person_id=filled.who.id, unit_id=each.id) for each in (town.unit, other))
    fire(session, filled.row, old_unit, Action.RETURN_TO_APPLICANT, now=filled.row.submitted_at,
         move=Move(items=(ReturnItem("EDU", "证书看不清"),)))
    actor = Actor(Party.APPLICANT, person_id=filled.who.id)
    moved = submitting.change_unit(session, filled.who, other, actor, now=filled.row.created_at)
    session.flush()
    assert [row.number for row in moved] == [filled.number]
    for unit in (old_unit, new_unit):
        assert session.scalar(sa.select(sa.func.count()).select_from(Application).where(visible_to(unit))) == 0
    assert identity.is_fixed(session, filled.who.id) is True


@pytest.mark.requirement("A14")
def test_an_application_under_review_keeps_its_unit(filled):
    filled.submit()
    session, town = filled.session, filled.town
    other = make_unit(session, reports_to=town.office, name="另一单位", uscc="91450200MA5NXXXX2B")
    actor = Actor(Party.APPLICANT, person_id=filled.who.id)
    assert submitting.change_unit(session, filled.who, other, actor, now=filled.row.created_at) == []
    session.commit()
    assert filled.row.unit_id == town.unit.id
    assert "正在单位审核，不会随您转走" in filled.page("/my/unit/")


@pytest.mark.requirement("A14")
def test_a_key_shows_the_units_name_and_moves_the_person_when_confirmed(started):
    session, town = started.session, started.town
    other = make_unit(session, reports_to=town.office, name="另一单位", uscc="91450200MA5NXXXX2B")
    key = belonging.generate_key(
        session, other, Actor(Party.UNIT, unit_id=other.id), now=started.row.created_at
    )
    session.commit()
    wrong = started.post("/my/unit/", key="AAAA-BBBB-CCCC-DDDD")
    assert (
        wrong.status_code == 422
        and "没有这个机构秘钥" in wrong.text
        and 'value="AAAA-BBBB-CCCC-DDDD"' in wrong.text
    )
    shown = started.post("/my/unit/", key=key).text
    assert "另一单位" in shown and f"填报中的申报 {started.number} 会随您转到新单位。" in shown
    assert started.row.unit_id == town.unit.id
    assert "单位已调整为「另一单位」" in started.post("/my/unit/", key=key, confirm="1").text
    assert started.row.unit_id == other.id
