"""Posting notices, their working days, what the public sees, objections, and what a return does."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from PIL import Image

from app.accounts.roles import Role
from app.applications import facts
from app.applications.models import SectionDocument
from app.applications.services import fire
from app.days import BEIJING, beijing_day
from app.public_notices import services
from app.public_notices.models import (
    NoticeEntry,
    NoticeKind,
    NoticeMethod,
    Objection,
    ObjectionStatus,
    PublicNotice,
)
from app.workflow.actions import Action
from app.workflow.case import Move, ReturnItem
from app.workflow.facts import Fact
from app.workflow.states import Party, State
from tests.accounts.steps import captcha
from tests.factories import application, csrf, make_unit, notice, person
from tests.statements import statements

# a Friday before a week without holidays
FRIDAY = datetime(2026, 11, 20, 9, tzinfo=BEIJING)


def post(story, now=FRIDAY, **values):
    given = {
        "method": NoticeMethod.PLATFORM, "posted_on": beijing_day(now), "place": "公告栏", "contact": "人事科 0772-1234567",
        "working_days": 5, "paper_file": None,
    }
    return services.post_notice(
        story.session, [story.row], story.actor(Party.UNIT), now=now, **(given | values)
    )


def jpg() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(out, "JPEG")
    out.seek(0)
    return out


@pytest.mark.requirement("U6")
def test_five_working_days_end_on_the_next_friday(story):
    assert post(story).closes_on == date(2026, 11, 27)


@pytest.mark.requirement("U7")
def test_the_notice_is_closed_only_after_its_last_day_in_beijing(story, session):
    post(story)
    for moment, closed in (
        (datetime(2026, 11, 27, 23, 59, tzinfo=BEIJING), False), (datetime(2026, 11, 28, 0, 1, tzinfo=BEIJING), True),
    ):
        asked = facts.facts_of(session, story.row, story.actor(Party.UNIT), now=moment)
        assert asked.holds(Fact.NOTICE_CLOSED) is closed


@pytest.mark.requirement("U6")
def test_what_is_shown_is_frozen_and_names_no_id_and_no_phone(story, session):
    session.add(
        SectionDocument(
            application_id=story.row.id, section="EDU", saved_at=FRIDAY,
            document={"rows": [{"id": "r1", "level": "21", "major": "土木工程", "end": "2010-06", "is_highest": True}]},
        )
    )
    session.flush()
    shown = post(story).entries[0].shown
    assert "土木工程" in shown["education"] and "2010-06" in shown["education"]
    assert shown["born"] == "1988-04" and shown["name"] == story.applicant.name
    everything = "".join(shown.values())
    assert story.applicant.phone not in everything and story.applicant.id_no not in everything
    story.row.applicant_name = "改名"
    session.flush()
    assert session.scalars(sa.select(NoticeEntry)).one().shown["name"] == story.applicant.name


@pytest.mark.requirement("U6")
def test_what_is_refused_about_a_notice_says_why(story, session):
    with pytest.raises(services.TooFewDays) as few:
        post(story, working_days=4)
    assert few.value.least == 5
    with pytest.raises(services.PaperMissing):
        post(story, method=NoticeMethod.PAPER)
    post(story)
    with pytest.raises(services.AlreadyPosted) as twice:
        post(story)
    assert twice.value.names == (story.row.applicant_name,)
    story.row.state = State.DECLINED
    session.flush()
    with pytest.raises(services.NotInHand):
        post(story)


@pytest.mark.requirement("U6")
def test_a_notice_on_paper_is_recorded_with_its_day_and_its_picture(story, session, clock):
    clock.set(FRIDAY)
    client = story.client(Role.UNIT_OPERATOR)
    path = "/notice/add"
    sent = {
        "method": "paper", "working_days": "5", "posted_on": "2026-11-10", "place": "公司一楼公告栏",
        "contact": "人事科 0772-1234567", "number": story.row.number,
    }
    refused = client.post(path, data=sent | {"csrf_token": csrf(client, path)})
    text = refused.get_data(as_text=True)
    assert refused.status_code == 422 and "请上传张贴的公示表的照片或扫描件" in text and "公司一楼公告栏" in text
    broken = sent | {"csrf_token": csrf(client, path), "paper": (io.BytesIO(b"\x89PNG not a jpg"), "sheet.jpg")}
    assert "这个文件不能用" in client.post(path, data=broken).get_data(as_text=True)
    taken = client.post(path, data=sent | {"csrf_token": csrf(client, path), "paper": (jpg(), "sheet.jpg")})
    assert taken.status_code == 302
    kept = session.scalars(sa.select(PublicNotice)).one()
    assert (kept.posted_on, kept.closes_on) == (date(2026, 11, 10), date(2026, 11, 17))
    session.commit()
    assert client.get(f"/notice/{kept.token}/paper").mimetype == "image/jpeg"
    assert client.get(f"/notice/{kept.token}").status_code == 200


@pytest.mark.requirement("U6")
def test_the_sheet_is_printed_from_what_was_frozen(story, session):
    posted = post(story)
    session.commit()
    answer = story.client(Role.UNIT_OPERATOR).get(f"/notice/{posted.token}/sheet.pdf")
    assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF-")


@pytest.mark.requirement("U6")
def test_a_unit_sees_only_its_own_notices(story, session):
    posted = post(story)
    foreign = make_unit(session, reports_to=story.town.district, name="另一单位", uscc="91450200MA5NYYYY2B")
    session.commit()
    mine, other = story.client(Role.UNIT_OPERATOR), story.client(Role.UNIT_OPERATOR, unit_id=foreign.id)
    assert posted.title in mine.get("/notices/list/").get_data(as_text=True)
    assert posted.title not in other.get("/notices/list/").get_data(as_text=True)
    for path in ("", "/sheet.pdf", "/paper"):
        assert other.get(f"/notice/{posted.token}{path}").status_code == 404


def test_the_notice_grid_needs_no_more_statements_for_thirty_rows(story, session, database):
    today = beijing_day(FRIDAY)
    notice(session, story.row, posted_on=today, closes_on=today)
    client = story.client(Role.UNIT_OPERATOR)
    client.get("/notices/list/")
    with statements(database.engine) as few:
        client.get("/notices/list/")
    for _ in range(29):
        notice(session, story.row, posted_on=today, closes_on=today)
    session.commit()
    with statements(database.engine) as many:
        client.get("/notices/list/")
    assert len(many) == len(few) <= 8


@pytest.mark.requirement("U6", "P1")
def test_the_public_page_shows_the_names_only_while_the_notice_runs(story, session, client, clock):
    clock.set(FRIDAY)
    posted = post(story)
    session.commit()
    page = client.get(f"/notices/public/{posted.token}").get_data(as_text=True)
    assert "公示中，还剩 5 个工作日" in page and story.row.applicant_name in page
    clock.set(FRIDAY + timedelta(days=8))
    over = client.get(f"/notices/public/{posted.token}").get_data(as_text=True)
    assert "公示已结束" in over and story.row.applicant_name not in over
    assert client.get("/notices/public/no-such-notice").status_code == 404


def objecting(client, redis, posted, text, **fields):
    path = f"/notices/public/{posted.token}"
    sent = {"about": str(posted.entries[0].id), "text": text, "csrf_token": csrf(client, path),
            "captcha": captcha(client, redis)}
    return client.post(path + "/objection", data=sent | fields)


@pytest.mark.requirement("U6", "U7")
def test_an_objection_closes_the_report_until_it_is_answered(story, session, client, redis, clock):
    clock.set(FRIDAY)
    posted = post(story)
    session.commit()
    short = objecting(client, redis, posted, "太短")
    assert short.status_code == 422 and "太短" in short.get_data(as_text=True)
    wrong = objecting(client, redis, posted, "这位同志的业绩不是本人完成的。", captcha="####")
    assert wrong.status_code == 422 and "业绩不是本人" in wrong.get_data(as_text=True)
    assert objecting(client, redis, posted, "这位同志的业绩不是本人完成的。", contact="群众甲").status_code == 302
    unit = story.actor(Party.UNIT)
    assert not facts.facts_of(session, story.row, unit, now=FRIDAY).holds(Fact.NO_OPEN_OBJECTION)
    told = session.scalars(sa.select(Objection)).one()
    session.commit()
    staff = story.client(Role.UNIT_OPERATOR)
    path = f"/notice/{posted.token}"
    assert "群众甲" in staff.get(path).get_data(as_text=True)
    empty = staff.post(f"/notice/objection/{told.id}", data={"answer": "已核查清楚", "csrf_token": csrf(staff, path)})
    assert empty.status_code == 422 and "已核查清楚" in empty.get_data(as_text=True)
    answer = {"upheld": "0", "answer": "已核查，业绩属实。", "csrf_token": csrf(staff, path)}
    assert staff.post(f"/notice/objection/{told.id}", data=answer).status_code == 302
    session.expire_all()
    assert told.status is ObjectionStatus.DISMISSED
    assert facts.facts_of(session, story.row, unit, now=FRIDAY).holds(Fact.NO_OPEN_OBJECTION)
    with pytest.raises(services.AlreadyAnswered):
        services.answer_objection(session, told, posted.entries[0], unit, upheld=True, answer="再答", now=FRIDAY)


@pytest.mark.requirement("U6")
def test_a_sixth_objection_within_the_hour_is_refused(story, session, client, redis, clock):
    clock.set(FRIDAY)
    posted = post(story)
    session.commit()
    for _ in range(5):
        assert objecting(client, redis, posted, "这位同志的业绩不是本人完成的。").status_code == 302
    assert objecting(client, redis, posted, "这位同志的业绩不是本人完成的。").status_code == 429
    assert session.scalar(sa.select(sa.func.count()).select_from(Objection)) == 5


@pytest.mark.requirement("U7")
@pytest.mark.parametrize(
    ("section", "day", "ends"), [("EDU", 21, True), ("BASIC", 21, True), ("BASIC", 30, False), ("EDU", 30, True)]
)
def test_a_return_ends_a_running_notice_and_one_of_substance_also_a_closed_one(story, session, section, day, ends):
    posted = post(story)
    moment = datetime(2026, 11, day, 10, tzinfo=BEIJING)
    move = Move(items=(ReturnItem(section, "请修改"),))
    fire(session, story.row, story.actor(Party.UNIT), Action.RETURN_TO_APPLICANT, now=moment, move=move)
    assert (posted.entries[0].ended_at is not None) is ends


@pytest.mark.requirement("R3")
def test_a_return_to_the_unit_keeps_the_notice(story, session):
    row = application(session, story.town, person(session, Role.APPLICANT, serial=81), state=State.BODY_REVIEW)
    kept = notice(session, row, posted_on=date(2026, 11, 2), closes_on=date(2026, 11, 9))
    fire(session, row, story.actor(Party.BODY), Action.RETURN_TO_UNIT, now=FRIDAY, move=Move(reason="请核对"))
    assert kept.entries[0].ended_at is None
    assert facts.facts_of(session, row, story.actor(Party.UNIT), now=FRIDAY).holds(Fact.NOTICE_CLOSED)


@pytest.mark.requirement("R4")
def test_an_objection_upheld_against_a_result_ends_the_application(story, session):
    row = application(session, story.town, person(session, Role.APPLICANT, serial=82), state=State.PASSED)
    body = story.actor(Party.BODY)
    committee = type(body)(party=Party.BODY, person_id=body.person_id, body_id=story.town.committee.id, name="评委会")
    posted = services.post_result_notice(
        session, [row], committee, working_days=5, contact="评委会办公室 0772-7654321", now=FRIDAY
    )
    fire(session, row, committee, Action.PUBLISH, now=FRIDAY)
    assert posted.kind is NoticeKind.RESULT and posted.body_id == story.town.committee.id
    said = services.raise_objection(session, posted.entries[0], text="证书是假的，请核查。", contact="", now=FRIDAY)
    later = datetime(2026, 11, 30, 9, tzinfo=BEIJING)
    asked = facts.facts_of(session, row, committee, now=later)
    assert asked.holds(Fact.RESULT_NOTICE_CLOSED) and not asked.holds(Fact.NO_OPEN_OBJECTION)
    services.answer_objection(session, said, posted.entries[0], committee, upheld=True, answer="查实造假", now=FRIDAY)
    assert row.state is State.FAILED
    with pytest.raises(services.NoticeOver):
        services.raise_objection(session, posted.entries[0], text="过期的异议不收。", contact="", now=later)


@pytest.mark.requirement("U6")
def test_the_grids_action_leads_to_the_form_with_the_chosen_ticked(story):
    client = story.client(Role.UNIT_OPERATOR)
    token = csrf(client, "/unit/review/list/")
    sent = {"action": "publicise", "rowid": str(story.row.id), "csrf_token": token}
    page = client.post("/unit/review/action_post", data=sent, follow_redirects=True).get_data(as_text=True)
    assert f'value="{story.row.number}" checked' in page
