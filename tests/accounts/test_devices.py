"""登录设备: what is listed, in which words, and what ends."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.accounts.devices import device_words, place_words
from app.accounts.models import LoginSession
from app.audit.models import AuditEntry
from app.units.models import UnitStatus
from tests.factories import PASSWORD, Role, city, log_in, person, post_form
from tests.statements import statements

PAGE = "/account/devices/"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile MicroMessenger/8.0"


@pytest.fixture
def applicant(session):
    made = person(session, Role.APPLICANT, serial=11)
    session.commit()
    return made


@pytest.fixture
def inside(client, session, applicant):
    return log_in(client, session, applicant)


def listed(page):
    return [int(number) for number in re.findall(r'name="device" value="(\d+)"', page)]


def reasons(session):
    session.expire_all()
    return sorted(str(reason) for reason in session.scalars(sa.select(LoginSession.end_reason)))


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (PHONE, "安卓设备 · 微信"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/120 Safari/537.36 Edg/120", "Windows 电脑 · Edge 浏览器"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17) Version/17 Mobile Safari/604.1", "iPhone 手机 · Safari 浏览器"),
        ("curl/8.5 <script>", "未知设备"),
        ("", "未知设备"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_device_is_called_what_people_call_it(app, agent, words):
    with app.test_request_context():
        assert device_words(agent) == words


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_place_is_told_roughly(app):
    with app.test_request_context():
        told = [place_words(address, "8.8.8.8") for address in ("8.8.8.8", "10.1.2.3", "9.9.9.9", "?")]
    assert told == ["与本次登录相同的网络", "单位或家庭内部网络", "其他网络", "未知网络"]


@pytest.mark.requirement("A15")
def test_one_or_all_other_sessions_end_against_the_password(inside, app, session, applicant):
    assert "没有在其他设备上登录" in inside.get(PAGE).text
    first, second = (log_in(app.test_client(), session, applicant) for _ in range(2))
    foreign = log_in(app.test_client(), session, person(session, Role.APPLICANT, serial=12))
    newest, older = listed(inside.get(PAGE).text)
    of_foreign = session.scalar(sa.select(sa.func.max(LoginSession.id)))
    session.rollback()
    answer = post_form(inside, PAGE, device=newest, current="wrong-pass-1")
    assert "当前密码不对，请重新输入。" in answer.text and f'value="{newest}" checked' in answer.text
    for chosen in ({}, {"device": of_foreign}, {"device": "x"}):
        answer = post_form(inside, PAGE, current=PASSWORD, **chosen)
        assert "请先勾选要退出的登录；已经自行退出的不再列出。" in answer.text
    assert reasons(session) == ["None"] * 4
    session.rollback()
    assert post_form(inside, PAGE, device=newest, current=PASSWORD).location == PAGE
    assert "已退出 1 个登录。" in inside.get(PAGE).text
    assert second.get("/account/").status_code == 302 and first.get("/account/").status_code == 200
    assert post_form(inside, PAGE, all="1", current=PASSWORD).location == PAGE
    assert first.get("/account/").status_code == 302
    assert foreign.get("/account/").status_code == inside.get("/account/").status_code == 200
    assert reasons(session) == ["None", "None", "device", "device"]
    entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "end_sessions")).all()
    assert [entry.detail for entry in entries] == [{"count": 1}, {"count": 1}]
    assert older not in listed(inside.get(PAGE).text)


def test_what_is_idle_or_too_old_is_not_listed(inside, app, session, applicant):
    for _ in range(2):
        log_in(app.test_client(), session, applicant)
    idle, old = session.scalars(sa.select(LoginSession).order_by(LoginSession.id.desc()).limit(2))
    now = datetime.now(UTC)
    idle.seen_at, old.created_at = now - timedelta(hours=1), now - timedelta(hours=13)
    session.commit()
    assert listed(inside.get(PAGE).text) == []


def test_staff_of_a_waiting_unit_have_the_page_and_it_costs_few_statements(client, session, database):
    town = city(session)
    town.unit.status = UnitStatus.PENDING
    log_in(client, session, person(session, Role.UNIT_ADMIN, unit_id=town.unit.id))
    client.get(PAGE)
    with statements(database.engine) as sent:
        assert client.get(PAGE).status_code == 200
    assert len(sent) <= 6, sent
