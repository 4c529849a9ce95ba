"""The public pages: everything from the database, nothing that is not published."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.accounts.services import CONSENT_VERSION
from app.announcements.models import Announcement, AnnouncementKind
from app.public_notices.models import NoticeEntry, NoticeKind, NoticeMethod, PublicNotice
from app.workflow.states import State
from tests.factories import application, city, log_in, person, post_form


def text(session, clock, title, *, published=timedelta(0), kind=AnnouncementKind.NOTICE, **values):
    row = Announcement(
        kind=kind, title=title, body="一、时间\n\n请按时申报。<b>", created_at=clock.now(),
        published_at=None if published is None else clock.now() + published, **values,
    )  # fmt: skip
    session.add(row)
    session.commit()
    return row


@pytest.mark.requirement("P1")
def test_a_stranger_reads_the_home_page(client):
    answer = client.get("/")
    assert answer.status_code == 200
    assert "<h1>职称申报评审服务平台</h1>" in answer.text
    for word in ("个人登录", "单位登录", "个人注册", "单位注册", "工程技术人员", "现在没有正在受理的评审"):
        assert word in answer.text


@pytest.mark.requirement("P1")
def test_the_home_page_shows_what_runs_now_with_dates(client, session, clock):
    town = city(session, now=clock.now())
    who = person(session, Role.APPLICANT, unit_id=town.unit.id)
    row = application(session, town, who, state=State.UNIT_REVIEW)
    today = clock.now().date()
    for token, closes in (("running-token", today + timedelta(days=4)), ("over-token", today - timedelta(days=2))):
        session.add(
            PublicNotice(
                token=token, kind=NoticeKind.UNIT, method=NoticeMethod.PLATFORM, unit_id=town.unit.id, title=f"公示{token}",
                posted_on=today - timedelta(days=3), closes_on=closes, working_days=5, created_at=clock.now(),
                entries=[NoticeEntry(application_id=row.id, shown={"name": who.name})],
            )
        )  # fmt: skip
    session.commit()
    page = client.get("/").text
    assert "工程系列副高级评审" in page and "工程系列柳州市副高级评委会" in page
    assert "<b class=\"num\">30</b> 天后截止" in page
    assert "公示running-token" in page and "公示over-token" not in page
    both = client.get("/publicity/").text
    assert "公示running-token" in both and "公示over-token" in both and "已结束" in both


@pytest.mark.requirement("P1")
def test_only_published_notices_are_public(client, session, clock):
    shown = text(session, clock, "工程系列评审通知")
    draft = text(session, clock, "草稿通知", published=None)
    later = text(session, clock, "明天的通知", published=timedelta(days=1))
    for path in ("/", "/notices/"):
        page = client.get(path).text
        assert "工程系列评审通知" in page and "草稿通知" not in page and "明天的通知" not in page
    page = client.get(f"/notices/{shown.id}").text
    assert "<h2>一、时间</h2>" in page and "请按时申报。&lt;b&gt;" in page
    assert client.get(f"/notices/{draft.id}").status_code == 404
    assert client.get(f"/notices/{later.id}").status_code == 404
    clock.advance(days=2)
    assert client.get(f"/notices/{later.id}").status_code == 200


@pytest.mark.requirement("P1")
def test_review_conditions_by_series_and_level(client, session, clock):
    text(session, clock, "工程系列补充条件", kind=AnnouncementKind.CONDITIONS, series_code="05")
    page = client.get("/conditions/05").text
    assert "<h2>正高级</h2>" in page and "工程系列补充条件" in page and "年" in page
    assert client.get("/conditions/99").status_code == 404
    assert "工程技术人员" in client.get("/conditions/").text


@pytest.mark.parametrize("path", ["/notices/?page=0", "/notices/?page=x", "/notices/99999999999", "/notices/abc"])
def test_bad_addresses_are_not_found(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/", "/notices/", "/publicity/", "/conditions/", "/conditions/05", "/help/", "/privacy/", "/accessibility/", "/register/unit/", "/register/unit/pledge/"]
)
def test_public_pages_are_sound(client, path):
    page = client.get(path).text
    assert page.count("<h1") == 1 and "<title>" in page
    assert "<script>" not in page and " style=" not in page and " onclick=" not in page


def test_the_home_page_asks_little(app, client, session, clock):
    city(session, now=clock.now())
    text(session, clock, "通知")
    client.get("/")
    from app.extensions import db

    seen: list[str] = []
    with app.app_context():
        engine = db.engine
    note = lambda connection, cursor, statement, *rest: seen.append(statement)  # noqa: E731
    sa.event.listen(engine, "before_cursor_execute", note)
    client.get("/")
    sa.event.remove(engine, "before_cursor_execute", note)
    assert len(seen) <= 10


def test_the_office_publishes_a_notice_in_beijing_time(app, client, session, clock):
    town = city(session)
    office = log_in(app.test_client(), session, person(session, Role.OFFICE_ADMIN, body_id=town.office.id))
    typed = {"kind": "notice", "title": "关于评审的通知", "body": "正文。", "published_at": "2020-05-01T08:30"}
    assert post_form(office, "/announcements/add", **typed).status_code == 302
    row = session.scalar(sa.select(Announcement))
    assert row.published_at.isoformat() == "2020-05-01T00:30:00+00:00" and row.series_code is None
    assert "2020-05-01T08:30" in office.get(f"/announcements/edit/{row.id}").text
    assert "关于评审的通知" in office.get("/announcements/list/").text
    assert "关于评审的通知" in office.get("/announcements/list/?_flt_0_kind=notice").text
    assert "关于评审的通知" not in office.get("/announcements/list/?_flt_0_kind=conditions").text
    assert "关于评审的通知" in client.get("/notices/").text
    refused = post_form(office, "/announcements/add", **{**typed, "kind": "conditions"})
    assert refused.status_code == 200 and "评审条件要选择系列，请选好再保存。" in refused.text
    assert "正文。" in refused.text


def test_the_office_home_counts_what_waits(app, session):
    town = city(session)
    office = log_in(app.test_client(), session, person(session, Role.OFFICE_ADMIN, body_id=town.office.id))
    page = office.get("/office/").text
    assert "<h1>柳州市职改办</h1>" in page and "待审核单位" in page and "柳州示例建筑工程有限公司" in page
    unit = log_in(app.test_client(), session, person(session, Role.UNIT_ADMIN, unit_id=town.unit.id))
    assert unit.get("/office/").status_code == 403


@pytest.mark.requirement("P1")
def test_a_campaign_that_closes_within_two_days_counts_down_by_the_servers_clock(client, session, clock):
    town = city(session, now=clock.now())
    session.commit()
    clock.set(town.campaign.closes_at - timedelta(hours=3, minutes=20, seconds=30))
    page = client.get("/").text
    assert re.search(r'还剩 <b class="num" data-left="120[12]\d">3 小时 20 分</b>', page)
    assert "天后截止" not in page


@pytest.mark.requirement("P1")
def test_the_foot_of_every_page_has_the_legal_entries_that_are_set(app, client, session, monkeypatch):
    town = city(session)
    own = log_in(app.test_client(), session, person(session, Role.APPLICANT, unit_id=town.unit.id))

    def foot(page):
        return page[page.index('<footer class="foot">'):page.index("</footer>")]

    for page in (client.get("/"), own.get("/my/"), client.get("/nothing-here")):
        shown = foot(page.text)
        assert 'href="/help/"' in shown and 'href="/privacy/"' in shown and 'href="/accessibility/"' in shown
        assert "beian" not in shown and "tel:" not in shown
    for name, value in {
        "SITE_ICP": "桂ICP备2026000001号-1", "SITE_POLICE": "桂公网安备45020002000001号", "SITE_PHONE": "0772-1234567",
        "SITE_PRIVACY": "", "SITE_ACCESSIBILITY": "https://city.example/a11y",
    }.items():  # fmt: skip
        monkeypatch.setitem(app.config, name, value)
    shown = foot(own.get("/my/").text)
    for said in ("桂ICP备2026000001号-1", "桂公网安备45020002000001号", 'href="tel:0772-1234567"', "https://city.example/a11y"):
        assert said in shown, said
    assert "隐私声明" not in shown


@pytest.mark.requirement("P1")
def test_the_privacy_statement_is_the_text_that_is_consented_to(client):
    statement, asked = client.get("/privacy/").text, client.get("/register/").text
    assert "<h1>隐私声明</h1>" in statement and f"版本 {CONSENT_VERSION}" in statement
    for said in ("处理哪些信息，用来做什么", "身份证件号码属于敏感个人信息，不提供就不能申报职称。"):
        assert said in statement and said in asked
    assert "<h1>无障碍说明</h1>" in client.get("/accessibility/").text
