"""A log-in of staff from an unusual place: the code, what is learned, listed and forgotten, and every way around it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.accounts import places
from app.accounts.models import LoginSession, Person, UsualPlace
from app.accounts.places import Place, network_of
from app.audit.models import AuditEntry
from app.messages.models import Message
from tests.accounts.steps import ask_code, code_in, last_text, log_in_at
from tests.factories import PASSWORD, Role, csrf, log_in, person, phone_number, post_form
from tests.statements import statements

DOOR, CODE, DEVICES = "/org/login/", "/org/login/place/", "/account/devices/"
PHONE = phone_number(77)
NEXT_DOOR, ELSEWHERE = "203.0.113.200", "198.51.100.7"
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def clerk(session):
    """Somebody of a unit with a phone, who has not logged in anywhere yet."""
    return newcomer(session, login_name="gongsi-01", phone=PHONE)


def newcomer(session, **values):
    made = person(session, Role.UNIT_ADMIN, **values)
    session.execute(sa.delete(UsualPlace))
    session.commit()
    return made


def browser(app, address="203.0.113.5", agent=""):
    client = app.test_client()
    client.environ_base = client.environ_base | {"REMOTE_ADDR": address, "HTTP_USER_AGENT": agent}
    return client


def enter(client, redis, path=DOOR, name="gongsi-01"):
    return log_in_at(client, redis, path, name, PASSWORD)


def is_inside(client):
    return client.get("/account/").status_code == 200


def sent_code(session):
    code = code_in(last_text(session))
    session.rollback()
    return code


def at_home(app, redis, session, address="203.0.113.5", agent=""):
    """A browser that has proven itself once, and logged out."""
    client = browser(app, address, agent)
    assert enter(client, redis).location == CODE
    assert post_form(client, CODE, code=sent_code(session)).location == "/home/"
    post_form(client, "/account/logout/", page="/account/password/")
    redis.flushdb()  # the minute between two codes is over
    return client


def noted(session, verb):
    session.expire_all()
    found = session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == verb).order_by(AuditEntry.id)).all()
    session.rollback()
    return found


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.5", "203.0.113.0/24"),
        ("::ffff:203.0.113.5", "203.0.113.0/24"),
        ("2001:db8:1:2::9", "2001:db8:1::/48"),
        ("", ""),
        ("unix", ""),
    ],
)
def test_addresses_of_one_office_are_one_network(address, network):
    assert network_of(address) == network


@pytest.mark.requirement("U2")
def test_an_unusual_place_asks_for_a_code_once_and_keeps_the_way(app, redis, session, clerk):
    client = browser(app)
    answer = enter(client, redis, DOOR + "?next=/account/password/")
    assert (answer.status_code, answer.location) == (302, CODE + "?next=/account/password/")
    assert not is_inside(client), "the password alone opens nothing"
    page = client.get(answer.location).text
    assert "您不是在常用的网络和浏览器登录。请输入发到 138****0077 的验证码" in page and PHONE not in page
    text = last_text(session)
    assert re.fullmatch(r"您的账号正在新的地点登录，验证码\d{6}，10分钟内有效。不是本人操作的，请勿告知他人，并立即修改密码。", text)
    session.rollback()
    answer = post_form(client, answer.location, code=code_in(text))
    assert (answer.status_code, answer.location) == (302, "/account/password/")
    assert is_inside(client)
    assert [entry.detail for entry in noted(session, "login")] == [{"window": "org", "place": "new"}]
    assert [entry.result for entry in noted(session, "login_unusual")] == ["done"]
    post_form(client, "/account/logout/", page="/account/password/")
    assert enter(client, redis).location == "/home/" and is_inside(client)


@pytest.mark.requirement("U2")
def test_a_place_is_the_network_and_the_browser_together(app, redis, session, clerk):
    known = at_home(app, redis, session)
    device = known.get_cookie("device").value
    cases = ((NEXT_DOOR, device, "/home/"), (NEXT_DOOR, "x" * 43, CODE), (NEXT_DOOR, "", CODE), (ELSEWHERE, device, CODE))
    for address, token, location in cases:
        client = browser(app, address)
        if token:
            client.set_cookie("device", token)
        assert enter(client, redis).location == location, (address, token)
    session.expire_all()
    stored = session.scalars(sa.select(UsualPlace.device_digest)).all()
    assert len(stored) == 1 and device not in stored


@pytest.mark.requirement("U2")
def test_wrong_codes_are_counted_and_written_down(app, redis, session, clerk):
    client = browser(app)
    enter(client, redis)
    right = sent_code(session)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for said in ["短信验证码不对，请检查后重填。"] * 4 + ["短信验证码已失效，请重新获取。"]:
        assert said in post_form(client, CODE, code=wrong).text
    assert "短信验证码已失效，请重新获取。" in post_form(client, CODE, code=right).text
    assert "请填写短信验证码。" in post_form(client, CODE, code="").text
    assert not is_inside(client)
    assert [entry.detail for entry in noted(session, "login_failed")] == [{"by": "code"}] * 6
    assert {entry.result for entry in noted(session, "login_failed")} == {"refused"}


def test_another_code_is_sent_after_a_minute(app, redis, session, clerk):
    client = browser(app)
    enter(client, redis)
    assert post_form(client, CODE, again="1").location == CODE
    assert re.search(r"刚刚发送过验证码，请 \d+ 秒后再获取。", client.get(CODE).text)
    assert session.scalar(sa.select(sa.func.count()).select_from(Message)) == 1
    session.rollback()
    redis.delete(*redis.scan_iter("code-wait:*"))
    assert post_form(client, CODE, again="1").location == CODE
    assert "验证码已发送，请查收短信；10 分钟内有效。" in client.get(CODE).text
    assert session.scalar(sa.select(sa.func.count()).select_from(Message)) == 2
    session.rollback()
    assert post_form(client, CODE, code=sent_code(session)).location == "/home/"


@pytest.mark.requirement("U2")
def test_there_is_no_way_around_the_password(app, redis, session, clerk):
    stranger = browser(app)
    answer = stranger.get(CODE + "?next=/account/")
    assert (answer.status_code, answer.location) == (302, DOOR + "?next=/account/")
    assert "验证时间已过，请重新登录。" in stranger.get(DOOR).text
    assert not ask_code(stranger, redis, PHONE, "place")["ok"], "only the log-in sends this code"
    enter(browser(app), redis)
    assert stranger.post(CODE, data={"csrf_token": csrf(stranger, DOOR), "code": sent_code(session)}).location == DOOR
    assert not is_inside(stranger)
    client = browser(app)
    assert "账号或密码不对，请检查后重试。" in log_in_at(client, redis, DOOR, "gongsi-01", "wrong-pass-1").text
    assert client.get(CODE).location == DOOR


@pytest.mark.parametrize("change", [{"generation": 9}, {"active": False}])
def test_what_protects_the_account_anew_also_ends_a_log_in_half_done(app, redis, session, clerk, change):
    client = browser(app)
    enter(client, redis)
    code, token = sent_code(session), csrf(client, CODE)
    target = clerk if "generation" in change else session.get(User, clerk.user_id)
    for name, value in change.items():
        setattr(target, name, value)
    session.commit()
    assert client.post(CODE, data={"csrf_token": token, "code": code}).location == DOOR
    assert not is_inside(client)


@pytest.mark.requirement("U2")
def test_without_a_phone_the_first_place_is_learned_and_no_other(app, redis, session):
    who = newcomer(session, login_name="gongsi-01")
    client = browser(app)
    assert enter(client, redis).location == "/home/"
    other = browser(app, ELSEWHERE)
    answer = enter(other, redis)
    assert "这个账号没有登记手机号" in answer.text and "请系统管理员为账号登记手机号后再登录" in answer.text
    assert not is_inside(other)
    assert [entry.result for entry in noted(session, "login_unusual")] == ["refused"]
    system = log_in(app.test_client(), session, person(session, Role.SYSTEM_ADMIN))
    page = f"/account-phone/{who.id}/"
    session.rollback()
    assert f'href="{page}"' in system.get(f"/account-password/{who.id}/").text
    assert "请填写 11 位手机号。" in post_form(system, page, phone="12").text
    assert post_form(system, page, phone=PHONE).location == "/users/list/"
    assert not is_inside(client), "sessions ended"
    assert enter(other, redis).location == CODE
    assert post_form(other, CODE, code=sent_code(session)).location == "/home/"
    applicant = person(session, Role.APPLICANT, serial=5)
    session.commit()
    assert system.get(f"/account-phone/{applicant.id}/").status_code == 404


@pytest.mark.requirement("U2")
def test_usual_places_are_listed_and_forgotten_against_the_password(app, redis, session, clerk, database):
    windows = "Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/120 Safari/537.36"
    at_home(app, redis, session, ELSEWHERE, windows)
    client = at_home(app, redis, session)
    enter(client, redis)
    with statements(database.engine) as sent:
        page = client.get(DEVICES).text
    assert len(sent) <= 6, sent
    assert "Windows 电脑 · Chrome 浏览器" in page
    assert "其他网络（198.51.100.0/24）" in page and "本次登录的网络（203.0.113.0/24）" in page
    here, there = (int(number) for number in re.findall(r'name="place" value="(\d+)"', page))
    foreign = person(session, Role.UNIT_ADMIN)
    session.flush()
    theirs = session.scalar(sa.select(UsualPlace.id).where(UsualPlace.person_id == foreign.id))
    session.commit()
    refused = (
        ({"place": there, "places-current": "wrong-pass-1"}, "当前密码不对，请重新输入。"),
        ({"place": there}, "请填写当前密码。"),
        ({"places-current": PASSWORD}, "请先勾选要忘记的登录地点。"),
        ({"place": theirs, "places-current": PASSWORD}, "请先勾选要忘记的登录地点。"),
        ({"place": "x", "places-current": PASSWORD}, "请先勾选要忘记的登录地点。"),
    )
    for fields, said in refused:
        page = post_form(client, DEVICES, forget="1", **fields).text
        assert said in page, fields
    assert post_form(client, DEVICES, forget="1", place=here, **{"places-current": PASSWORD}).location == DEVICES
    page = client.get(DEVICES).text
    assert "已忘记 1 个常用登录地点，下次从那里登录需要短信验证。" in page
    assert f'value="{here}"' not in page and f'value="{there}"' in page
    assert [entry.detail for entry in noted(session, "forget_places")] == [{"count": 1}]
    post_form(client, "/account/logout/", page="/account/password/")
    assert enter(client, redis).location == CODE


def test_applicants_have_no_usual_places(client, redis, session):
    applicant = person(session, Role.APPLICANT, serial=11)
    session.commit()
    answer = log_in_at(client, redis, "/login/", applicant.phone, PASSWORD)
    assert answer.location == "/home/" and client.get_cookie("device") is None
    assert "常用登录地点" not in client.get(DEVICES).text


def test_a_place_is_forgotten_half_a_year_after_its_last_log_in(session, clerk):
    home, away = Place("203.0.113.5", "a"), Place(ELSEWHERE, "b")
    places.learn(session, clerk, home, now=NOW)
    places.learn(session, clerk, away, now=NOW)
    later = NOW + timedelta(days=179)
    assert places.admits(session, clerk, home, now=later)
    assert not places.admits(session, clerk, away, now=NOW + timedelta(days=180))
    assert [place.network for place in places.usual(session, clerk, now=NOW + timedelta(days=180))] == [home.network]
    places.learn(session, clerk, home, now=NOW + timedelta(days=180))
    assert session.scalar(sa.select(sa.func.count()).select_from(UsualPlace)) == 1, "what is over is deleted"


def test_no_phone_and_no_code_stand_in_redis_or_in_the_cookie(app, redis, session, clerk):
    client = browser(app)
    enter(client, redis)
    code = sent_code(session)
    stored = b" ".join(key + (redis.get(key) if redis.type(key) == b"string" else b"") for key in redis.scan_iter())
    with client.session_transaction() as cookie:
        held = str(dict(cookie))
    for secret in (PHONE, code):
        assert secret.encode() not in stored and secret not in held
    assert session.scalar(sa.select(sa.func.count()).select_from(LoginSession)) == 0
    assert session.get(Person, clerk.id).failed_logins == 0
    assert session.scalar(sa.select(sa.func.count()).select_from(Message)) == 1
