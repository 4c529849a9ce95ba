"""查看进度: who has it, since when, what it waits for, until when, how long that takes, and what offices said."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.applications import standing
from app.applications.models import Application, HistoryRow
from app.applications.services import fire
from app.days import beijing_day
from app.workflow.actions import Action
from app.workflow.actor import Actor
from app.workflow.case import Move, ReturnItem
from app.workflow.states import Holder, Party, State
from tests.factories import application, body_opinion, holder_of, notice, person, unit_opinion
from tests.statements import statements


def moves(session, row, *steps):
    """History as (action, from, to, days after the submission)."""
    for version, (action, before, after, days) in enumerate(steps, start=2):
        session.add(HistoryRow(
            application_id=row.id, version=version, action=action, from_state=before, to_state=after,
            holder=Holder.APPLICANT, party=Party.UNIT, at=row.created_at + timedelta(days=days),
        ))  # fmt: skip


@pytest.mark.requirement("A11")
def test_the_usual_time_is_the_median_of_what_is_known_and_said_only_from_five_on(desk):
    session, asked = desk.session, Action.REQUEST_RETURN
    for serial, days in enumerate((2, 4, 6, 8, 40)):
        assert standing.usual(session, State.UNIT_REVIEW) is None
        row = application(session, desk.town, person(session, Role.APPLICANT, serial=serial + 10))
        moves(
            session, row, (Action.SUBMIT, State.DRAFT, State.UNIT_REVIEW, 0),
            (asked, State.UNIT_REVIEW, State.UNIT_REVIEW, 1),  # changes no hands
            (Action.REPORT, State.UNIT_REVIEW, State.BODY_REVIEW, days),
            (Action.REPORT, State.BODY_REVIEW, State.BODY_REVIEW, days + 1),
        )  # fmt: skip
        session.flush()
    assert standing.usual(session, State.UNIT_REVIEW) == timedelta(days=6)
    assert standing.usual(session, State.BODY_REVIEW) == timedelta(days=1)
    assert standing.usual(session, State.READY) is None


WAITS = {
    State.DRAFT: "等您填完各表并提交", State.RETURNED: "等您修改后重新提交", State.UNIT_REVIEW: "等单位核对材料、组织公示",
    State.BODY_REVIEW: "等评审机构审核材料", State.AWAITING_PAYMENT: "等您缴评审费", State.READY: "等评审机构安排评审会议",
    State.IN_MEETING: "等评审会议的结果", State.PASSED: "等评审机构公示评审结果", State.PUBLICISED: "等公示期满后批准",
    State.APPROVED: "等制作、发放证书",
}  # fmt: skip


@pytest.mark.requirement("A11")
def test_every_state_says_who_has_it_what_it_waits_for_and_what_comes_next(desk):
    from app.applications import wording

    row = application(desk.session, desk.town, desk.who, state=State.UNIT_REVIEW)
    desk.number = row.number
    for state in State:
        holder, body = holder_of(state, desk.town)
        desk.session.execute(
            sa.update(Application).values(state=state, holder=holder, holder_body_id=body.id if body else None)
        )
        desk.session.commit()
        page = desk.page(desk.at("progress"))
        assert str(wording.NEXT[state]) in page, state
        assert WAITS.get(state, "接下来") in page and ("在等什么" in page) == (state in WAITS), state
        assert ("通常" in page) is False


@pytest.mark.requirement("A11", "A12")
def test_a_request_for_return_changes_nothing_of_since_when_and_its_answer_is_kept(filled, clock):
    filled.submit()
    session, town = filled.session, filled.town
    since = filled.row.moved_at
    unit = Actor(Party.UNIT, person_id=filled.who.id, unit_id=town.unit.id, name=town.unit.name)
    clock.advance(days=3)
    filled.post(filled.at("request-return"), form="/my/unit/", reason="学历要补充", version=filled.row.version)
    page = filled.page(filled.at("progress"))
    assert "等单位答复您的退还申请" in page and "已 3 天" in page and "单位上报：" in page
    fire(session, filled.row, unit, Action.DECLINE_RETURN, now=clock.now(), move=Move(reason="公示已经开始"))
    session.commit()
    page = filled.page(filled.at("progress"))
    assert "单位不同意退还" in page and "学历要补充" in page and "公示已经开始" in page
    assert standing.read(session, filled.row, list(session.scalars(sa.select(HistoryRow)))).since == since
    notice(session, filled.row, posted_on=beijing_day(clock.now()), closes_on=beijing_day(clock.now()))
    session.commit()
    day = beijing_day(clock.now())
    assert f"公示中，{day.month}月{day.day}日期满" in filled.page(filled.at("progress"))
    clock.advance(days=1)
    assert "公示已期满，等单位填写意见并上报" in filled.page(filled.at("progress"))


@pytest.mark.requirement("A11")
def test_opinions_are_shown_once_they_went_on_and_what_offices_tell_each_other_never(filled, clock, monkeypatch):
    from app.applications import facts

    monkeypatch.setattr(facts.CaseFacts, "holds", lambda self, fact: fact.value != "review_authority")
    filled.submit()
    session, town = filled.session, filled.town
    unit = Actor(Party.UNIT, person_id=filled.who.id, unit_id=town.unit.id, name=town.unit.name)
    district = Actor(Party.BODY, person_id=filled.who.id, body_id=town.district.id, name=town.district.name)
    unit_opinion(session, filled.row, text="单位的推荐意见：同意推荐申报高级工程师。")
    session.commit()
    path = filled.at("progress")
    assert "单位的推荐意见" not in filled.page(path)
    fire(session, filled.row, unit, Action.REPORT, now=clock.now())
    session.commit()
    page = filled.page(path)
    assert "单位的推荐意见" in page and "陆某" not in page
    body_opinion(session, filled.row, town.district)
    session.commit()
    assert "材料完整，符合条件，同意上报评审。" not in filled.page(path)
    fire(session, filled.row, district, Action.RETURN_TO_UNIT, now=clock.now(), move=Move(reason="单位公章不清"))
    session.commit()
    page = filled.page(path)
    assert "退回单位" in page and "单位公章不清" not in page and "单位的推荐意见" not in page
    fire(session, filled.row, unit, Action.RETURN_TO_APPLICANT, now=clock.now(),
         move=Move(items=(ReturnItem("EDU", "证书看不清。"), ReturnItem("WORK", "少一段"))))  # fmt: skip
    session.commit()
    assert "学历学位：证书看不清；工作经历：少一段" in filled.page(path)
    assert "学历学位：证书看不清；工作经历：少一段" in filled.page("/my/")
    assert "证书看不清" in filled.page(filled.at()) and "退回原因：证书看不清" in filled.page(filled.at("EDU"))


@pytest.mark.requirement("A11")
def test_the_pages_of_the_path_ask_the_database_little(filled, database):
    for submitted, limits in ((False, (15, 10, 16, 15)), (True, (15, 10, 13, 14))):
        if submitted:
            filled.submit()
        for path, most in zip(("/my/", filled.at(), filled.at("check"), filled.at("progress")), limits, strict=True):
            filled.page(path)
            with statements(database.engine) as sent:
                filled.page(path)
            assert len(sent) <= most, (path, len(sent), sent)
