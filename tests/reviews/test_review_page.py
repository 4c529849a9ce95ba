"""The inboxes and the review page, in requests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.applications.models import HistoryRow, ReturnedSection
from app.days import beijing_day
from app.messages.models import Message
from app.reviews.models import CheckedSection
from app.workflow.actions import Action
from app.workflow.states import State
from tests.factories import application, body_opinion, csrf, make_unit, notice, person, unit_opinion
from tests.statements import statements

TODAY = beijing_day(datetime.now(UTC))


def post(client, row, action, **fields):
    token = csrf(client, f"/review/{row.number}")
    fields = {"version": str(row.version)} | fields
    return client.post(f"/review/{row.number}/{action}", data=fields | {"csrf_token": token})


@pytest.mark.requirement("U4")
def test_the_units_grid_shows_its_application_and_leads_to_the_review_page(story):
    page = story.client(Role.UNIT_OPERATOR).get("/unit/review/list/").get_data(as_text=True)
    assert story.row.number in page and f'href="/review/{story.row.number}"' in page
    assert "待单位审核" in page and "工程技术人才，" in page or "高级工程师" in page


@pytest.mark.requirement("U4", "R2")
@pytest.mark.parametrize(
    ("role", "path", "state"),
    [
        (Role.UNIT_OPERATOR, "/unit/review/list/", State.UNIT_REVIEW),
        (Role.BODY_REVIEWER, "/body/review/list/", State.BODY_REVIEW),
        (Role.OFFICE_ADMIN, "/office/applications/list/?tab=all", State.UNIT_REVIEW),
    ],
)
def test_a_grid_needs_no_more_statements_for_thirty_rows_than_for_one(story, session, database, role, path, state):
    if state is State.BODY_REVIEW:
        application(session, story.town, person(session, Role.APPLICANT, serial=50), state=state)
    client = story.client(role)
    client.get(path)
    with statements(database.engine) as few:
        client.get(path)
    for serial in range(100, 130):
        application(session, story.town, person(session, Role.APPLICANT, serial=serial), state=state)
    session.commit()
    with statements(database.engine) as many:
        assert "共 <b>3" in client.get(path).get_data(as_text=True)
    assert len(few) == len(many) <= 8, many


@pytest.mark.requirement("U4")
def test_filters_and_tabs_narrow_the_rows(story, session):
    application(session, story.town, person(session, Role.APPLICANT, serial=60, name="黄大明"), state=State.RETURNED)
    client = story.client(Role.UNIT_OPERATOR)
    assert "黄大明" not in client.get("/unit/review/list/").get_data(as_text=True)
    assert "黄大明" in client.get("/unit/review/list/?tab=returned").get_data(as_text=True)
    named = client.get("/unit/review/list/?tab=all&_flt_0_applicant_name=黄").get_data(as_text=True)
    assert "黄大明" in named and story.row.number not in named
    assert client.get("/unit/review/list/?tab=nobody").status_code == 400


@pytest.mark.requirement("U5")
def test_the_page_shows_old_and_new_values_and_one_heading(story):
    page = story.client(Role.UNIT_OPERATOR).get(f"/review/{story.row.number}")
    text = page.get_data(as_text=True)
    assert page.status_code == 200 and text.count("<h1") == 1
    assert "style=" not in text and "onclick" not in text
    assert "公示" in text and "退回个人" in text


@pytest.mark.requirement("U5")
def test_previous_and_next_follow_the_list_it_was_opened_from(story, session):
    later = datetime.now(UTC) + timedelta(minutes=1)
    newer = application(
        session, story.town, person(session, Role.APPLICANT, serial=61), state=State.UNIT_REVIEW, submitted_at=later
    )
    session.commit()
    client = story.client(Role.UNIT_OPERATOR)
    page = client.get(f"/review/{newer.number}?tab=pending").get_data(as_text=True)
    assert "第 1 份，共 2 份" in page and f"/review/{story.row.number}?tab=pending" in page
    moved = post(client, newer, "decline?tab=pending", reason_decline="不符合条件")
    assert moved.location == f"/review/{story.row.number}?tab=pending"


@pytest.mark.requirement("U7")
def test_a_return_names_sections_keeps_the_term_and_tells_the_applicant(story, session, clock):
    client = story.client(Role.UNIT_OPERATOR)
    answer = post(client, story.row, "return_to_applicant", section="EDU", reason_EDU="证书不清楚，请重传")
    assert answer.status_code == 302
    assert story.state() is State.RETURNED
    assert session.scalars(sa.select(ReturnedSection.reason)).all() == ["证书不清楚，请重传"]
    assert story.row.correct_by is not None and story.row.correct_by > clock.now() + timedelta(days=4)
    told = session.scalars(sa.select(Message).where(Message.template == "RETURNED")).all()
    assert {message.channel.value for message in told} == {"site", "sms"}
    assert all("共1处" in message.text for message in told)


@pytest.mark.requirement("U7")
def test_a_return_without_a_reason_is_refused_and_keeps_what_was_typed(story):
    client = story.client(Role.UNIT_OPERATOR)
    answer = post(client, story.row, "return_to_applicant", reason_EDU="没有勾选的理由")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "请至少勾选一个要退回的部分" in text and "没有勾选的理由" in text
    assert story.state() is State.UNIT_REVIEW


@pytest.mark.requirement("U7")
def test_a_ready_phrase_does_for_a_reason(story, session):
    post(story.client(Role.UNIT_OPERATOR), story.row, "return_to_applicant", section="BASIC", code_BASIC="R02")
    row = session.scalars(sa.select(ReturnedSection)).one()
    assert (row.section, row.code, row.reason) == ("BASIC", "R02", "证件照不合要求")


@pytest.mark.requirement("U7")
def test_a_stale_page_says_that_somebody_was_first_and_keeps_the_reason(story):
    answer = post(story.client(Role.UNIT_OPERATOR), story.row, "decline", version="99", reason_decline="不符合条件的理由")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "材料已被他人处理，请刷新后再看" in text and "不符合条件的理由" in text
    assert story.state() is State.UNIT_REVIEW


@pytest.mark.requirement("U7")
def test_a_closed_report_says_what_to_do_first(story, session):
    client = story.client(Role.UNIT_OPERATOR)
    text = client.get(f"/review/{story.row.number}").get_data(as_text=True)
    assert "还没有公示，请先发起公示" in text and "审核意见还没有填完整" in text
    notice(session, story.row, posted_on=TODAY, closes_on=date(TODAY.year + 1, 12, 3))
    session.commit()
    assert "公示还没有结束（到 12月3日），期满后再上报。" in client.get(f"/review/{story.row.number}").get_data(as_text=True)
    assert post(client, story.row, "report").status_code == 409
    assert story.state() is State.UNIT_REVIEW


@pytest.mark.requirement("U7")
def test_reporting_moves_it_to_the_first_body_of_the_route(story):
    story.ready(TODAY)
    assert post(story.client(Role.UNIT_OPERATOR), story.row, "report").status_code == 302
    assert story.state() is State.BODY_REVIEW and story.row.holder_body_id == story.town.district.id


@pytest.mark.requirement("U7")
def test_a_batch_reports_what_it_can_and_names_the_rest(story, session):
    story.ready(TODAY)
    other = application(
        session, story.town, person(session, Role.APPLICANT, serial=62, name="没公示"), state=State.UNIT_REVIEW
    )
    session.commit()
    client = story.client(Role.UNIT_OPERATOR)
    token = csrf(client, "/unit/review/list/")
    answer = client.post(
        "/unit/review/action_post",
        data={"action": "report", "rowid": [str(story.row.id), str(other.id)], "csrf_token": token},
        follow_redirects=True,
    ).get_data(as_text=True)
    assert "1 份材料已上报" in answer and "没公示 没有上报" in answer
    assert story.state() is State.BODY_REVIEW and other.state is State.UNIT_REVIEW


@pytest.mark.requirement("U7")
def test_a_batch_with_a_foreign_row_touches_nothing(story, session):
    story.ready(TODAY)
    foreign = make_unit(session, reports_to=story.town.district, name="另一单位", uscc="91450200MA5NYYYY2B")
    client = story.client(Role.UNIT_OPERATOR, unit_id=foreign.id)
    mine = application(
        session, story.town, person(session, Role.APPLICANT, serial=63), state=State.UNIT_REVIEW, unit_id=foreign.id
    )
    session.commit()
    token = csrf(client, "/unit/review/list/")
    for name in ("report", "publicise"):
        answer = client.post(
            "/unit/review/action_post", data={"action": name, "rowid": [str(mine.id), str(story.row.id)], "csrf_token": token}
        )
        assert answer.status_code == 404
    assert story.state() is State.UNIT_REVIEW


@pytest.mark.requirement("U5")
def test_a_tick_stands_until_the_section_changes(story, session):
    client = story.client(Role.UNIT_OPERATOR)
    token = csrf(client, f"/review/{story.row.number}")
    sent = {"section": "EDU", "document_version": "2", "on": "1", "csrf_token": token}
    assert client.post(f"/review/{story.row.number}/check", data=sent).status_code == 302
    ticked = session.scalars(sa.select(CheckedSection)).one()
    assert (ticked.section, ticked.document_version, ticked.office_id) == ("EDU", 2, story.town.unit.id)
    session.commit()
    client.post(f"/review/{story.row.number}/check", data=sent | {"on": "0"})
    session.expire_all()
    assert session.scalars(sa.select(CheckedSection)).all() == []


@pytest.mark.requirement("R3")
def test_a_body_without_authority_reports_on_and_the_committee_finishes(story, session):
    row = application(session, story.town, person(session, Role.APPLICANT, serial=64), state=State.BODY_REVIEW)
    body_opinion(session, row, story.town.district)
    session.commit()
    district = story.client(Role.BODY_REVIEWER)
    text = district.get(f"/review/{row.number}").get_data(as_text=True)
    assert "完结</button>" not in text and "上报</button>" in text
    refused = post(district, row, "finish")
    assert refused.status_code == 409
    assert "本机构对这个系列和级别没有评审权，请上报。" in refused.get_data(as_text=True)
    assert post(district, row, "report").status_code == 302
    session.expire_all()
    assert row.holder_body_id == story.town.committee.id
    body_opinion(session, row, story.town.committee)
    session.commit()
    committee = story.client(Role.BODY_REVIEWER, body_id=story.town.committee.id)
    assert post(committee, row, "finish").status_code == 302
    session.expire_all()
    assert row.state is State.AWAITING_PAYMENT


@pytest.mark.requirement("R3")
def test_a_body_returns_to_the_unit_or_to_the_applicant(story, session):
    client = story.client(Role.BODY_REVIEWER)
    for serial, action, fields, state in (
        (65, "return_to_unit", {"reason_return_to_unit": "请核对公示"}, State.UNIT_REVIEW),
        (66, "return_to_applicant", {"section": "EDU", "reason_EDU": "缺证书"}, State.RETURNED),
    ):
        row = application(session, story.town, person(session, Role.APPLICANT, serial=serial), state=State.BODY_REVIEW)
        said = unit_opinion(session, row)
        session.commit()
        assert post(client, row, action, **fields).status_code == 302
        session.expire_all()
        assert row.state is state
        assert said.complete is (state is State.RETURNED)


ACTIONS = (
    "report", "finish", "return_to_applicant", "return_to_unit", "decline", "reject", "grant_return", "decline_return",
    "entrust",
)
GOOD = {"section": "EDU", "reason_EDU": "原因"} | {f"reason_{action}": "原因" for action in ACTIONS}


@pytest.mark.requirement("U7", "R3")
@pytest.mark.parametrize("role", [role for role in Role])
def test_no_decision_reaches_a_foreign_application(story, session, role):
    """Decision x role x a row of another unit and body: 404 or 403, and nothing changes."""
    foreign_body = story.town.committee
    foreign_unit = make_unit(session, reports_to=story.town.district, name="另一单位", uscc="91450200MA5NYYYY2B")
    session.commit()
    values = {}
    if role in (Role.UNIT_OPERATOR, Role.UNIT_ADMIN):
        values = {"unit_id": foreign_unit.id}
    if role in (Role.BODY_REVIEWER, Role.BODY_ADMIN):
        values = {"body_id": foreign_body.id}
    client = story.client(role, **values)
    token = csrf(story.client(Role.UNIT_OPERATOR), f"/review/{story.row.number}")
    story.app.config["WTF_CSRF_ENABLED"] = False
    try:
        for action in ACTIONS:
            answer = client.post(f"/review/{story.row.number}/{action}", data=GOOD | {"version": "1", "csrf_token": token})
            # the office sees the row, but it is not in its hands
            allowed = {403, 404, 409} if role is Role.OFFICE_ADMIN else {403, 404}
            assert answer.status_code in allowed, action
        for path in ("", "/opinion"):
            status = client.get(f"/review/{story.row.number}{path}").status_code
            assert status == 200 if role is Role.OFFICE_ADMIN else status in (403, 404)
    finally:
        story.app.config["WTF_CSRF_ENABLED"] = True
    assert story.state() is State.UNIT_REVIEW
    assert session.scalars(sa.select(HistoryRow.action)).all() == []


@pytest.mark.requirement("U7")
def test_a_request_for_return_is_granted_or_declined_with_a_reason(story, session):
    client = story.client(Role.UNIT_OPERATOR)
    story.row.return_requested = True
    session.commit()
    assert "申请退还" in client.get("/unit/review/list/?tab=requested").get_data(as_text=True)
    assert post(client, story.row, "decline_return", reason_decline_return="").status_code == 409
    assert post(client, story.row, "grant_return").status_code == 302
    assert story.state() is State.RETURNED
    assert session.scalars(sa.select(HistoryRow.action)).all() == [Action.GRANT_RETURN]


@pytest.mark.requirement("U3", "R2")
def test_the_homes_count_what_the_tabs_hold(story, session):
    story.ready(TODAY)
    home = story.client(Role.UNIT_OPERATOR).get("/unit/").get_data(as_text=True)
    assert '<b class="num">1</b><span>可以上报</span>' in home and "1 人可以上报" in home
    assert '<b class="num">0</b><span>公示中</span>' in home
    application(session, story.town, person(session, Role.APPLICANT, serial=67), state=State.BODY_REVIEW)
    session.commit()
    body = story.client(Role.BODY_REVIEWER).get("/body/").get_data(as_text=True)
    assert '<b class="num">1</b><span>待我审核</span>' in body
    assert story.client(Role.UNIT_OPERATOR).get("/body/").status_code == 403
