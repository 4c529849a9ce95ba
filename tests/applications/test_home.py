"""首页: what is offered, what must be done, what was answered."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
import sqlalchemy as sa

from app.applications.models import Application, HistoryRow, WithdrawalRequest
from app.public_notices.models import Objection, ObjectionStatus
from app.workflow.actions import Action
from app.workflow.states import Holder, Party, State
from tests.factories import application, holder_of, notice

FREE = {State.CANCELLED}
ENDED = {State.DECLINED, State.REJECTED, State.FAILED, State.REVOKED, State.WITHDRAWN, State.CERTIFIED}
REFUSED = "一年只能申报一次"


@pytest.fixture
def row(desk):
    made = application(desk.session, desk.town, desk.who, state=State.UNIT_REVIEW)
    desk.number = made.number
    desk.session.commit()
    return made


def put(desk, state: State) -> None:
    holder, body = holder_of(state, desk.town)
    desk.session.execute(
        sa.update(Application).values(state=state, holder=holder, holder_body_id=body.id if body else None)
    )
    desk.session.commit()


@pytest.mark.requirement("A3", "A5")
def test_another_application_is_offered_only_where_it_would_not_be_refused(desk, row):
    for state in State:
        put(desk, state)
        home, apply = desk.page("/my/"), desk.page("/my/apply/")
        assert ("开始申报</a>" in home, REFUSED in apply) == (state in FREE, state not in FREE), state
        assert (REFUSED in home) == (state in ENDED), state


@pytest.mark.requirement("A3")
def test_the_home_says_when_nothing_is_open_and_when_the_year_is_over(desk, row, clock):
    put(desk, State.FAILED)
    clock.set(desk.town.campaign.closes_at + timedelta(minutes=1))
    desk.session.execute(sa.update(Application).values(year=Application.year - 1))
    desk.session.commit()
    page = desk.page("/my/")
    assert "现在没有正在受理的评审会。" in page and "开始申报</a>" not in page
    clock.set(desk.town.campaign.closes_at - timedelta(minutes=30))
    page = desk.page("/my/")
    assert "开始申报</a>" in page and REFUSED not in page


@pytest.mark.requirement("A3")
def test_one_button_stands_out_and_it_is_the_most_pressing(desk, row, clock):
    desk.who.unit_id = None
    application(desk.session, desk.town, desk.who, state=State.RETURNED, year=row.year - 1)
    put(desk, State.AWAITING_PAYMENT)
    desk.session.execute(
        sa.update(Application).where(Application.year == row.year - 1).values(
            state=State.RETURNED, correct_by=clock.now() + timedelta(days=2)
        )
    )
    desk.session.commit()
    page = desk.page("/my/")
    titles = ["材料已退回，请修改后重新提交", "请缴评审费 480 元", "您还没有加入单位"]
    assert [page.index(title) for title in titles] == sorted(page.index(title) for title in titles)
    assert page.count('<a class="btn btn-primary"') == 1
    assert 'class="btn btn-primary" href="/my/unit/"' not in page and 'class="btn" href="/my/unit/"' in page


@pytest.mark.requirement("A3")
def test_a_draft_whose_campaign_is_over_is_not_said_to_go_on(desk, row, clock):
    put(desk, State.DRAFT)
    clock.set(desk.town.campaign.closes_at + timedelta(days=1))
    page = desk.page("/my/")
    assert "申报已截止，没有提交" in page and "继续填写</a>" not in page


@pytest.mark.requirement("A3", "A12")
def test_answers_stand_on_the_home_for_two_weeks(desk, row, clock):
    session, now = desk.session, clock.now()
    session.add(HistoryRow(
        application_id=row.id, version=2, action=Action.DECLINE_RETURN, from_state=State.UNIT_REVIEW,
        to_state=State.UNIT_REVIEW, holder=Holder.UNIT, party=Party.UNIT, office="单位", reason="公示已经开始", at=now,
    ))  # fmt: skip
    for granted, answer in ((False, "会议已经通知"), (None, "")):
        session.add(WithdrawalRequest(
            application_id=row.id, reason="不评了", asked_at=now, answered_at=now, answer=answer, granted=granted
        ))  # fmt: skip
    today = now.astimezone(UTC).date()
    entry = notice(session, row, posted_on=today, closes_on=today).entries[0]
    for status, text in ((ObjectionStatus.DISMISSED, "有人举报"), (ObjectionStatus.OPEN, "还有人举报")):
        session.add(Objection(
            entry_id=entry.id, text=text, status=status, answer="查无实据", created_at=now,
            answered_at=None if status is ObjectionStatus.OPEN else now,
        ))  # fmt: skip
    session.commit()
    page = desk.page("/my/")
    for said in ("单位不同意退还", "公示已经开始", "评审机构不同意撤回申报", "会议已经通知", "公示期间的异议不成立"):
        assert page.count(said) == 1, said
    assert "举报" not in page and "查无实据" not in page
    clock.advance(days=15)
    page = desk.page("/my/")
    assert "单位不同意退还" not in page and "不同意撤回" not in page and "异议" not in page
