from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.meetings import queries
from app.meetings.models import ApprovalDocument, Candidate, Meeting
from app.workflow.states import State
from tests.factories import csrf, log_in, person, post_form
from tests.statements import statements

pytestmark = pytest.mark.requirement("R4")


@pytest.fixture
def secretary(app, session, sitting):
    who = person(session, Role.BODY_ADMIN, body_id=sitting.town.committee.id)
    return log_in(app.test_client(), session, who)


@pytest.fixture
def office(app, session, sitting):
    return log_in(app.test_client(), session, person(session, Role.OFFICE_ADMIN, body_id=sitting.town.office.id))


@pytest.fixture
def page(sitting) -> str:
    return f"/meetings/{sitting.meeting.id}/"


def convened(client, page, sitting):
    return client.post(
        page + "convene/",
        data={"csrf_token": csrf(client, page), "chosen": [each.number for each in sitting.applications]},
    )


def counts(session, sitting, *rows: tuple[int, int, int]) -> dict[str, str]:
    fields = {}
    for candidate, row in zip(queries.candidates_of(session, sitting.meeting), rows, strict=True):
        fields |= {f"{name}_{candidate.id}": str(n) for name, n in zip(("agree", "against", "abstain"), row, strict=True)}
    return fields


def test_a_meeting_is_planned(secretary, session, sitting):
    answer = post_form(
        secretary, "/meetings/new/", name="第二次会议", held_on="2026-12-20", place="三楼", members_expected="11"
    )
    assert answer.status_code == 302
    made = session.scalar(sa.select(Meeting).order_by(Meeting.id.desc()))
    assert (made.name, made.held_on, made.body_id) == ("第二次会议", date(2026, 12, 20), sitting.town.committee.id)
    assert "第二次会议" in secretary.get("/meetings/list/").text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "请填写会议名称"), ("held_on", "20261220", "请选择日期"), ("held_on", "0001-01-01", "请检查年份"),
        ("members_expected", "0", "请填写 1 至 999 的整数"), ("members_expected", "x", "请填写 1 至 999 的整数"),
    ],
)
def test_what_is_wrong_about_a_meeting_is_said_and_the_rest_stays(secretary, sitting, field, value, sentence):
    good = {"name": "第二次会议", "held_on": "2026-12-20", "place": "三楼会议室", "members_expected": "11"}
    text = post_form(secretary, "/meetings/new/", **good | {field: value}).text
    assert sentence in text and "三楼会议室" in text


def test_the_journey_of_a_meeting(secretary, session, sitting, page):
    assert convened(secretary, page, sitting).status_code == 302
    fields = counts(session, sitting, (6, 3, 0), (5, 4, 0), (9, 0, 0))
    assert post_form(secretary, page + "votes/", page=page, present="9", **fields).status_code == 302
    text = secretary.get(page).text
    assert text.count(">通过<") == 2 and text.count(">未通过<") == 1
    post_form(secretary, page + "close/", page=page)
    session.expire_all()
    assert [each.state for each in sitting.applications] == [State.PASSED, State.FAILED, State.PASSED]
    assert "将公示评审通过的 2 人" in secretary.get(page).text


def test_wrong_votes_are_said_and_stay_as_typed(secretary, session, sitting, page):
    convened(secretary, page, sitting)
    fields = counts(session, sitting, (6, 3, 0), (5, 3, 0), (9, 0, 0))
    text = post_form(secretary, page + "votes/", page=page, present="9", **fields).text
    assert "韦志强的三项合计 8 票，实到 9 人" in text and 'value="5"' in text
    session.expire_all()
    assert set(session.scalars(sa.select(Candidate.agree))) == {None}


@pytest.mark.parametrize("typed", ["x", "-1", "9999", "１"])
def test_votes_are_numbers(secretary, session, sitting, page, typed):
    convened(secretary, page, sitting)
    fields = counts(session, sitting, (6, 3, 0), (5, 4, 0), (9, 0, 0))
    first = next(iter(fields))
    text = post_form(secretary, page + "votes/", page=page, present="9", **fields | {first: typed}).text
    assert "梁小燕的票数请填写 0 至 999 的整数" in text


def test_too_few_members_are_said(secretary, session, sitting, page):
    convened(secretary, page, sitting)
    text = post_form(secretary, page + "votes/", page=page, present="5").text
    assert "应到 9 人，实到须为 6 至 9 人，现在填的是 5 人" in text


def test_a_meeting_without_votes_does_not_end(secretary, session, sitting, page):
    convened(secretary, page, sitting)
    answer = secretary.post(page + "close/", data={"csrf_token": csrf(secretary, page)}, follow_redirects=True)
    assert "还有 3 人没有登记票数" in answer.text


def test_nobody_ticked_is_said(secretary, sitting, page):
    answer = secretary.post(page + "convene/", data={"csrf_token": csrf(secretary, page)}, follow_redirects=True)
    assert "没有可以办理的人员" in answer.text


def test_another_body_opens_nothing_of_it(app, session, sitting, page):
    who = person(session, Role.BODY_ADMIN, body_id=sitting.town.district.id)
    stranger = log_in(app.test_client(), session, who)
    assert sitting.meeting.name not in stranger.get("/meetings/list/").text
    assert stranger.get(page).status_code == 404
    token = csrf(stranger, "/meetings/new/")
    for verb in ("convene", "votes", "close", "publish"):
        assert stranger.post(f"{page}{verb}/", data={"csrf_token": token}).status_code == 404


def test_the_office_reads_the_meetings_of_others_and_changes_none(office, sitting, page):
    assert sitting.meeting.name in office.get(page).text
    assert office.post(page + "close/", data={"csrf_token": csrf(office, "/meetings/new/")}).status_code == 404


def test_a_reviewer_reads_and_does_not_convene(app, session, sitting, page):
    who = person(session, Role.BODY_REVIEWER, body_id=sitting.town.committee.id)
    reviewer = log_in(app.test_client(), session, who)
    text = reviewer.get(page).text
    assert sitting.meeting.name in text and "列入评审会议" not in text
    assert reviewer.get("/meetings/new/").status_code == 403


@pytest.mark.parametrize("rows", [1, 30])
def test_the_grid_needs_at_most_eight_statements(secretary, session, sitting, clock, database, rows):
    session.add_all(
        Meeting(body_id=sitting.town.committee.id, name=f"会议{n}", held_on=date(2026, 12, 1), created_at=clock.now())
        for n in range(rows - 1)
    )
    session.commit()
    secretary.get("/meetings/list/")
    with statements(database.engine) as sent:
        answer = secretary.get("/meetings/list/")
    assert answer.text.count('data-label="会议名称"') == min(rows, 25)
    assert len(sent) <= 8, sent


class TestPublishingAndApproving:
    PAPER = {"number": "柳职改〔2026〕12号", "title": "通知", "dated": "2026-12-30", "authority": "柳州市职改办"}

    def test_results_are_published_from_the_page(self, secretary, session, voted, page):
        answer = post_form(
            secretary, page + "publish/", page=page, place="市人社局网站", contact="市职改办 0772-1234567", working_days="5"
        )
        assert answer.status_code == 302
        session.expire_all()
        assert [each.state for each in voted.applications] == [State.PUBLICISED, State.FAILED, State.PUBLICISED]

    def test_a_notice_without_contact_is_asked_for(self, secretary, voted, page):
        text = post_form(secretary, page + "publish/", page=page, place="市人社局网站", contact="", working_days="5").text
        assert "请填写受理异议的部门和电话" in text and "市人社局网站" in text

    def test_the_office_approves_those_it_ticked(self, office, session, noticed):
        first, _failed, third = noticed.applications
        form = self.PAPER | {"csrf_token": csrf(office, "/approvals/"), "number": self.PAPER["number"]}
        # the 批准文号 and the ticked applications are different fields
        text = office.get("/approvals/").text
        assert first.applicant_name in text and third.applicant_name in text
        form["chosen"] = [first.number]
        assert office.post("/approvals/approve/", data=form).status_code == 302
        session.expire_all()
        assert [each.state for each in noticed.applications] == [State.APPROVED, State.FAILED, State.PUBLICISED]
        assert session.scalar(sa.select(ApprovalDocument.number)) == self.PAPER["number"]

    def test_nobody_ticked_is_said_and_what_was_typed_stays(self, office, session, noticed):
        form = self.PAPER | {"csrf_token": csrf(office, "/approvals/")}
        text = office.post("/approvals/approve/", data=form).text
        assert "请勾选后再办理" in text and self.PAPER["number"] in text
        assert session.scalar(sa.select(ApprovalDocument.id)) is None

    def test_a_body_has_no_page_of_approval(self, secretary, sitting):
        assert secretary.get("/approvals/").status_code == 403
