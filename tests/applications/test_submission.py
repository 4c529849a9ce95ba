"""材料清单, 检查并提交, the receipt, and 单位调整 in every state."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.applications.services import fire
from app.applications.submitting import change_unit
from app.gateways.documents.memory import RecordingPrinter
from app.messages.models import Channel, Message
from app.units import belonging
from app.units.joining import MAX_WRONG
from app.workflow.actions import Action
from app.workflow.actor import Actor
from app.workflow.case import Move, ReturnItem
from app.workflow.states import EDITABLE, FINAL, Party, State
from tests.applications.conftest import BASIC, WORK_ROW, prefixed
from tests.factories import application, log_in, make_unit, person


@pytest.fixture
def printer(app, monkeypatch):
    made = RecordingPrinter()
    monkeypatch.setattr(app.extensions["gateways"], "documents", made)
    return made


def send_back(desk, clock, *sections):
    unit = Actor(Party.UNIT, person_id=desk.who.id, unit_id=desk.town.unit.id, name=desk.town.unit.name)
    items = tuple(ReturnItem(code, "看不清") for code in sections)
    fire(desk.session, desk.row, unit, Action.RETURN_TO_APPLICANT, now=clock.now(), move=Move(items=items))
    desk.session.commit()


@pytest.mark.requirement("A9")
def test_the_list_stands_beside_the_tasks_with_rows_files_pages_sizes_and_what_is_missing(filled):
    page = filled.page(filled.at())
    materials = page[page.index('id="materials"'):page.index('id="progress"')]
    for said in ("11 个文件，32 页，", "8 页　", "本科", f'href="{filled.at("EDU", "rows", WORK_ROW)}"', "1 条，3 个文件"):
        assert said in materials, said
    assert "还差" not in materials
    signs = {name: re.search(rf'check--(\w+)(?:(?!check--).)*<b>{name}</b><span class="muted">([^<]*)', materials, re.S).groups()
             for name in ("学历学位", "诚信承诺", "学习培训经历")}  # fmt: skip
    assert signs == {"学历学位": ("ok", "1 条，3 个文件"), "诚信承诺": ("ok", "已完成"), "学习培训经历": ("free", "没有填写")}
    filled.post(filled.at("EDU", "rows", WORK_ROW, "delete"), form="/my/unit/")
    page = filled.page(filled.at())
    materials = page[page.index('id="materials"'):page.index('id="progress"')]
    assert f'<a href="{filled.at("EDU")}">请填写「学历学位」，至少1条。</a>' in materials and "8 个文件，29 页，" in materials


@pytest.mark.requirement("A9", "A10")
def test_a_printed_list_says_whether_and_when_it_was_submitted(filled, printer, clock):
    path = filled.at("list.pdf")[:-1]
    filled.client.get(path)
    filled.submit()
    filled.client.get(path)
    send_back(filled, clock, "EDU")
    filled.client.get(path)
    said = [(data.submission, bool(data.submitted_at), bool(data.check_code)) for _name, data in printer.printed]
    assert said == [(0, False, False), (1, True, True), (0, False, False)]


@pytest.mark.requirement("A10")
def test_a_correction_from_the_check_page_comes_back_to_its_place(filled):
    check = filled.page(filled.at("check"))
    assert f'href="{filled.at("check", "BASIC")}"' in check
    assert filled.client.get(filled.at("check", "BASIC")).location == filled.at("BASIC")
    back = f'href="{filled.at("check")}#s-{{}}">'
    for code in ("BASIC", "WORK", "ATTACH"):
        page = filled.page(filled.at(code))
        assert back.format(code) in page and "返回检查页" in page and "返回申报清单" not in page, code
    version = 1

    def save():
        nonlocal version
        answer = filled.post(filled.at("BASIC"), follow=False, version=version, **prefixed(BASIC))
        version += 1
        return answer.location

    assert save() == filled.at("check") + "#s-BASIC"
    filled.page(filled.at())  # who goes by the list goes on by the list
    assert save() == filled.at()
    assert "返回申报清单" in filled.page(filled.at("BASIC"))


@pytest.mark.requirement("A10")
def test_the_check_page_says_what_submitting_does_and_until_when(filled):
    page = filled.page(filled.at("check"))
    assert "材料锁定，不能再修改" in page and "应在" in page and "马上可以下载回执" in page
    assert "完成并提交</button>" in page


@pytest.mark.requirement("A10")
def test_every_submission_keeps_its_receipt_and_the_applicant_is_told(filled, printer, clock):
    closes = filled.town.campaign.unit_closes_at.astimezone()
    filled.submit()
    texts = {
        message.channel: message.text
        for message in filled.session.scalars(sa.select(Message).where(Message.template == "RECEIVED"))
    }
    assert set(texts) == {Channel.SITE, Channel.SMS} and filled.number in texts[Channel.SMS]
    assert f"单位应在{closes:%Y-}" in texts[Channel.SMS]
    send_back(filled, clock, "EDU")
    filled.post(filled.at("EDU"), form="/my/unit/")
    filled.submit()
    page = filled.page(filled.at("progress"))
    for number in (1, 2):
        address = filled.at("submitted", str(number))
        assert f'href="{address}"' in page
        receipt = filled.page(address)
        assert f"第 {number} 次提交，" in receipt and f"receipt-{number}.pdf" in receipt
        assert ("公示须满" in receipt) == (number == 2)
        filled.client.get(filled.at(f"receipt-{number}.pdf")[:-1])
    assert [data.version for _name, data in printer.printed] == [1, 2]
    assert all("前审核、公示并上报评审机构" in data.next_step for _name, data in printer.printed)
    assert filled.client.get(filled.at("submitted", "3")).status_code == 404


@pytest.mark.requirement("A14")
def test_a_change_of_unit_moves_only_what_the_person_still_holds(desk, app, clock):
    session, town = desk.session, desk.town
    other = make_unit(session, reports_to=town.office, name="另一单位", uscc="91450200MA5NXXXX2B")
    for serial, state in enumerate(State):
        who = person(session, Role.APPLICANT, serial=serial + 10, unit_id=town.unit.id)
        row = application(session, town, who, state=state)
        page = log_in(app.test_client(), session, who).get("/my/unit/").text
        assert ("正在单位审核，不会随您转走" in page and "申请退还</button>" in page) == (state is State.UNIT_REVIEW), state
        further = state not in EDITABLE | FINAL | {State.UNIT_REVIEW, State.CERTIFIED}
        assert ("仍按原单位办理" in page) == further, state
        moved = change_unit(
            session, who, other, Actor(Party.APPLICANT, person_id=who.id), now=clock.now()
        )
        assert who.unit_id == other.id, state
        assert ([row], other.id) == (moved, row.unit_id) if state in EDITABLE else ([], town.unit.id) == (moved, row.unit_id)


@pytest.mark.requirement("A14", "A12")
def test_what_the_unit_reviews_is_asked_back_on_the_page_and_follows_when_it_is_granted(filled, clock):
    session, town = filled.session, filled.town
    other = make_unit(session, reports_to=town.office, name="另一单位", uscc="91450200MA5NXXXX2B")
    key = belonging.generate_key(session, other, Actor(Party.UNIT, unit_id=other.id), now=clock.now())
    session.commit()
    filled.submit()
    answer = filled.post("/my/unit/", key=key, confirm="1").text
    assert "单位已调整为「另一单位」。" in answer and "正在原单位审核的申报没有转走" in answer
    filled.post(filled.at("request-return"), form="/my/unit/", reason="换单位", version=filled.row.version)
    page = filled.page("/my/unit/")
    assert "已申请退还，请等待单位处理。" in page and "申请退还</button>" not in page
    unit = Actor(Party.UNIT, person_id=filled.who.id, unit_id=town.unit.id, name=town.unit.name)
    fire(session, filled.row, unit, Action.GRANT_RETURN, now=clock.now())
    session.commit()
    assert "单位已同意退还，请修改后重新提交" in filled.page("/my/")
    filled.page(filled.at())
    assert filled.row.unit_id == other.id


@pytest.mark.requirement("A14")
def test_wrong_old_and_own_keys_are_refused_in_words_and_guessing_ends(desk, clock):
    session, town, unit = desk.session, desk.town, Actor(Party.UNIT)
    other = make_unit(session, reports_to=town.office, name="另一单位", uscc="91450200MA5NXXXX2B")
    old = belonging.generate_key(session, other, unit, now=clock.now())
    belonging.generate_key(session, other, unit, now=clock.now() + timedelta(seconds=1))
    own = belonging.generate_key(session, town.unit, unit, now=clock.now())
    session.commit()
    for typed, said in ((old, "单位可能换过秘钥"), ("", "没有这个机构秘钥"), (own, f"您已经属于「{town.unit.name}」")):
        answer = desk.post("/my/unit/", key=typed)
        assert answer.status_code == 422 and said in answer.text and f'value="{typed}"' in answer.text
    for _ in range(MAX_WRONG):
        answer = desk.post("/my/unit/", key="AAAA-BBBB-CCCC-DDDD", confirm="1")
    assert "输错次数太多，请一小时后再试" in answer.text
    session.refresh(desk.who)
    assert desk.who.unit_id == town.unit.id
