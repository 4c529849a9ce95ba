"""The office's pages for bodies, their accounts, and campaigns."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.accounts.models import Person
from app.accounts.roles import Role
from app.audit.models import AuditEntry
from app.review_bodies.models import BodyPower, Campaign, CampaignScope, ReviewBody
from app.workflow.states import Party
from tests.factories import city, log_in, person
from tests.statements import statements
from tests.web.forms import post


@pytest.fixture
def town(session):
    return city(session)


@pytest.fixture
def office(client, session, town):
    return log_in(client, session, person(session, Role.OFFICE_ADMIN, body_id=town.office.id))


def verbs(session):
    return session.scalars(sa.select(AuditEntry.verb).order_by(AuditEntry.id)).all()


@pytest.mark.requirement("M1")
def test_the_office_adds_a_body_and_gives_it_powers(office, session, town):
    answer = post(office, "/bodies/add", code="LZ-NEW", name="柳州市新评委会", parent_id=str(town.office.id), active="y")
    assert answer.status_code == 302
    body = session.scalar(sa.select(ReviewBody).where(ReviewBody.code == "LZ-NEW"))
    assert (body.name, body.parent_id, body.active, body.owns_catalogues) == ("柳州市新评委会", town.office.id, True, False)
    answer = post(office, f"/body-powers/{body.id}/", power=["05:MID", "22:MID"])
    assert answer.status_code == 302
    held = session.execute(sa.select(BodyPower.series_code, BodyPower.level_code).where(BodyPower.body_id == body.id))
    assert {tuple(row) for row in held} == {("05", "MID"), ("22", "MID")}
    assert post(office, f"/body-powers/{body.id}/", power=["05:NOTHING"]).status_code == 400
    assert verbs(session) == ["add", "set_powers"]


@pytest.mark.requirement("M1")
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"parent_id": ""}, "只有职改办没有上级机构"),
        ({"code": "LZ-CZ"}, "已有这个编码的机构"),
        ({"code": "有空格"}, "编码只能用字母"),
        ({"name": ""}, "请填写这一项"),
        ({"name": "长" * 101}, "最多 100 字"),
        ({"parent_id": "999"}, "请从列表中选择一项"),
    ],
)
def test_a_wrong_body_is_refused_with_a_sentence_and_keeps_what_was_typed(office, town, fields, sentence):
    typed = {"code": "LZ-NEW", "name": "新机构", "phone": "0772-1234567", "parent_id": str(town.office.id)} | fields
    answer = post(office, "/bodies/add", **typed)
    assert answer.status_code == 200
    assert sentence in answer.text
    assert "0772-1234567" in answer.text


@pytest.mark.requirement("M1")
def test_a_body_cannot_stand_below_itself(office, session, town):
    town.district.parent_id = town.committee.id
    session.commit()
    answer = post(office, f"/bodies/edit/{town.committee.id}", name="改名", parent_id=str(town.district.id), active="y")
    assert "上级机构不能是本机构或它的下级" in answer.text
    session.expire_all()
    assert session.get(ReviewBody, town.committee.id).parent_id == town.office.id


CAMPAIGN = {
    "name": "二〇二六年中级评审", "year": "2026", "opens_at": "2026-05-01T09:00", "closes_at": "2026-06-30T18:00",
    "unit_closes_at": "2026-07-10T18:00", "correction_days": "5", "notice_days": "5", "payment_days": "7",
    "instructions": "请如实填报。", "pledge": "本人承诺。", "published": "y",
}


@pytest.mark.requirement("M1")
def test_a_campaign_is_entered_in_beijing_time_and_stored_in_utc(office, session, town):
    answer = post(office, "/campaigns/add", body_id=str(town.committee.id), **CAMPAIGN)
    assert answer.status_code == 302
    row = session.scalar(sa.select(Campaign).where(Campaign.name == CAMPAIGN["name"]))
    assert row.opens_at == datetime(2026, 5, 1, 1, 0, tzinfo=UTC)
    assert row.closes_at == datetime(2026, 6, 30, 10, 0, tzinfo=UTC)
    assert row.pledge_version == "1"
    page = office.get(f"/campaigns/edit/{row.id}").text
    assert "2026-05-01T09:00" in page
    assert "2026-05-01 09:00" in office.get("/campaigns/list/").text


@pytest.mark.requirement("M1", "A5")
def test_years_in_post_count_to_the_day_that_the_office_sets_else_to_the_end_of_the_year(office, session, town):
    post(office, "/campaigns/add", body_id=str(town.committee.id), **CAMPAIGN)
    row = session.scalar(sa.select(Campaign).where(Campaign.name == CAMPAIGN["name"]))
    assert (row.qualification_cutoff, row.counts_until) == (None, date(2026, 12, 31))
    post(office, f"/campaigns/edit/{row.id}", **CAMPAIGN | {"qualification_cutoff": "2026-08-31"})
    session.expire_all()
    assert row.counts_until == date(2026, 8, 31)
    page = office.get(f"/campaigns/show/{row.id}").text
    assert "资历截止日" in page and "2026-08-31" in page


@pytest.mark.requirement("M1")
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"closes_at": "2026-05-01T09:00"}, "截止时间须晚于开始时间"),
        ({"unit_closes_at": "2026-06-01T09:00"}, "单位上报截止不能早于个人申报截止"),
        ({"opens_at": "五月一日"}, "请选择日期和时间"),
        ({"notice_days": "4"}, "请填写 5 至 60 的整数"),
        ({"year": "abc"}, "年度"),
        ({"pledge": ""}, "请填写这一项"),
    ],
)
def test_a_wrong_campaign_is_refused_and_kept(office, session, town, fields, sentence):
    answer = post(office, "/campaigns/add", body_id=str(town.committee.id), **CAMPAIGN | fields)
    assert answer.status_code == 200
    assert sentence in answer.text
    assert CAMPAIGN["name"] in answer.text
    assert session.scalar(sa.select(sa.func.count()).select_from(Campaign)) == 1


@pytest.mark.requirement("M1")
def test_a_changed_pledge_is_a_new_version(office, session, town):
    post(office, "/campaigns/add", body_id=str(town.committee.id), **CAMPAIGN)
    row = session.scalar(sa.select(Campaign).where(Campaign.name == CAMPAIGN["name"]))
    page = f"/campaigns/edit/{row.id}"
    assert post(office, page, **CAMPAIGN | {"instructions": "改了须知。"}).status_code == 302
    session.expire_all()
    assert row.pledge_version == "1"
    assert post(office, page, **CAMPAIGN | {"pledge": "本人郑重承诺。"}).status_code == 302
    session.expire_all()
    assert (row.pledge_version, row.instructions) == ("2", "请如实填报。")


@pytest.mark.requirement("M1", "P1")
def test_fees_are_entered_in_yuan_and_stored_in_fen(office, session, town):
    page = f"/campaign/{town.campaign.id}/"
    key = "05-ASSOC"
    answer = post(office, page, page + "scopes", **{"scope": key, f"fee-{key}": "480.50"})
    assert answer.status_code == 302
    fee = sa.select(CampaignScope.fee_fen).where(CampaignScope.campaign_id == town.campaign.id)
    assert session.scalars(fee).all() == [48050]
    assert 'value="480.5"' in office.get(page).text
    answer = post(office, page, page + "scopes", **{"scope": key, f"fee-{key}": "四百八"})
    assert answer.status_code == 422
    assert "请填写金额" in answer.text and "四百八" in answer.text
    session.expire_all()
    assert session.scalars(fee).all() == [48050]
    post(office, page, page + "scopes", **{"scope": ["05-ASSOC", "22-MID"], f"fee-{key}": "0", "fee-22-MID": "1"})
    session.expire_all()
    assert session.scalars(fee).all() == [0], "a pair without review authority is not taken"


@pytest.mark.requirement("M1")
def test_a_deadline_is_moved_later_but_never_earlier(office, session, town):
    page = f"/campaign/{town.campaign.id}/"
    before = town.campaign.closes_at
    answer = post(office, page, page + "extend", closes_at="2020-01-01T00:00", unit_closes_at="2020-01-02T00:00")
    assert answer.status_code == 422 and "延期只能往后推" in answer.text
    session.expire_all()
    assert town.campaign.closes_at == before
    answer = post(office, page, page + "extend", closes_at="2099-01-01T00:00", unit_closes_at="2099-01-02T00:00")
    assert answer.status_code == 302
    session.expire_all()
    assert town.campaign.closes_at == datetime(2098, 12, 31, 16, 0, tzinfo=UTC)


@pytest.mark.requirement("R1")
def test_the_office_makes_the_accounts_of_bodies(office, session, town):
    answer = post(
        office, "/body-account/new", login_name="reviewer.one", name="覃审核", phone="13907720001", role="评审机构审核人",
        body_id=str(town.committee.id), password="Sample-2026",
    )
    assert answer.status_code == 302
    made = session.scalar(sa.select(Person).join(User, User.id == Person.user_id).where(User.username == "reviewer.one"))
    assert (made.name, made.kind, made.body_id, made.phone_masked) == ("覃审核", Party.BODY, town.committee.id, "139****0001")
    page = office.get("/body-staff/list/").text
    assert "reviewer.one" in page and "139****0001" in page and "13907720001" not in page


@pytest.mark.requirement("R1")
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"login_name": "韦一"}, "登录名用字母开头"),
        ({"password": "short1"}, "密码至少 8 位"),
        ({"password": "reviewer.one1"}, "密码不能包含登录名"),
        ({"phone": "123"}, "请填写 11 位手机号"),
        ({"role": "职改办管理员"}, "职改办的账号属于职改办"),
        ({"role": "系统管理员"}, "请从列表中选择一项"),
        ({"body_id": ""}, "请选择一项"),
    ],
)
def test_a_wrong_account_is_refused_and_kept(office, session, town, fields, sentence):
    typed = {"login_name": "reviewer.one", "name": "覃审核", "phone": "13907720001", "role": "评审机构审核人",
             "body_id": str(town.committee.id), "password": "Sample-2026"} | fields
    answer = post(office, "/body-account/new", **typed)
    assert answer.status_code == 200
    assert sentence in answer.text and "覃审核" in answer.text
    assert session.scalar(sa.select(User.id).where(User.username == "reviewer.one")) is None


@pytest.mark.requirement("R1")
def test_a_body_makes_only_its_own_reviewers(client, session, town):
    log_in(client, session, person(session, Role.BODY_ADMIN, body_id=town.committee.id))
    page = client.get("/body-account/new").text
    assert town.committee.name in page and town.district.name not in page
    assert "评审机构管理员" not in page
    typed = {"login_name": "reviewer.two", "name": "蒙审核", "role": "评审机构审核人", "password": "Sample-2026"}
    answer = post(client, "/body-account/new", body_id=str(town.district.id), **typed)
    assert answer.status_code == 200 and "请从列表中选择一项" in answer.text
    assert post(client, "/body-account/new", body_id=str(town.committee.id), **typed).status_code == 302


@pytest.mark.requirement("M1")
def test_the_lists_need_few_statements_however_many_rows(office, session, town, database):
    for count in (1, 30):
        for number in range(count):
            session.add(ReviewBody(code=f"B{count}-{number}", name=f"机构{number}", parent_id=town.office.id,
                                   powers=[BodyPower(series_code="05", level_code="MID")]))
            person(session, Role.BODY_REVIEWER, body_id=town.district.id)
        session.commit()
        for page in ("/bodies/list/", "/body-staff/list/", "/campaigns/list/", "/catalogue/titles/list/"):
            office.get(page)
            with statements(database.engine) as sent:
                assert office.get(page).status_code == 200
            assert len(sent) <= 8, (page, len(sent))
