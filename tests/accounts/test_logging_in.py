import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.security import check_password_hash

from app.accounts import sessions
from app.accounts.logging_in import LOCKED_FOR, LoginRefused, begin_log_in, log_in
from app.accounts.models import LoginSession, Person
from app.accounts.returning import local_path
from app.audit.models import AuditEntry
from tests.accounts.steps import captcha, log_in_at
from tests.factories import FAST_HASH, PASSWORD, Role, city, csrf, person

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
REFUSED = "账号或密码不对，请检查后重试。"


class CountingHasher:
    """Checks hashes and remembers which."""

    def __init__(self):
        self.seen = []

    def __call__(self, stored, password):
        self.seen.append(stored)
        return check_password_hash(stored, password)


def attempt(session, name, password, *, window="person", now=NOW, hasher=check_password_hash):
    begun = begin_log_in(session, window, name, address="10.0.0.9", now=now)
    session.commit()
    try:
        return log_in(
            session,
            begun,
            password,
            address="10.0.0.9",
            agent="test",
            now=now,
            hash_method=FAST_HASH,
            verify=hasher,
        )
    except LoginRefused:
        return None
    finally:
        session.commit()


@pytest.fixture
def applicant(session):
    made = person(session, Role.APPLICANT, serial=11)
    session.commit()
    return made


@pytest.fixture
def clerk(session):
    town = city(session)
    made = person(
        session, Role.UNIT_OPERATOR, login_name="gongsi-01", unit_id=town.unit.id, phone="13900000011"
    )
    session.commit()
    return made


@pytest.mark.requirement("A2")
def test_a_right_password_opens_a_session_that_is_stored_as_a_digest_only(session, applicant):
    token = attempt(session, applicant.phone, PASSWORD)
    row = session.scalar(sa.select(LoginSession))
    assert row.token_digest == sessions.token_digest(token) and token not in row.token_digest
    assert (row.person_id, row.window, row.address) == (applicant.id, "person", "10.0.0.9")
    entry = session.scalar(sa.select(AuditEntry).where(AuditEntry.verb == "login"))
    assert entry.person_id == applicant.id


@pytest.mark.requirement("A2")
def test_five_wrong_passwords_lock_for_a_quarter_of_an_hour(session, applicant):
    assert [attempt(session, applicant.phone, "wrong-1") for _ in range(5)] == [None] * 5
    assert attempt(session, applicant.phone, PASSWORD, now=NOW + LOCKED_FOR - timedelta(seconds=1)) is None
    assert attempt(session, applicant.phone, PASSWORD, now=NOW + LOCKED_FOR) is not None


def test_the_fifth_try_may_still_be_the_right_one_and_starts_the_count_anew(session, applicant):
    for _ in range(2):
        for _ in range(4):
            assert attempt(session, applicant.phone, "wrong-1") is None
        assert attempt(session, applicant.phone, PASSWORD) is not None
    session.refresh(applicant)
    assert (applicant.failed_logins, applicant.locked_until) == (0, None)


def test_tries_during_the_lock_do_not_prolong_it(session, applicant):
    for _ in range(9):
        attempt(session, applicant.phone, "wrong-1")
    session.refresh(applicant)
    assert applicant.locked_until == NOW + LOCKED_FOR


@pytest.mark.requirement("A2")
def test_twenty_guesses_in_flight_check_five_hashes(app, database, session, applicant):
    hasher, phone, start = CountingHasher(), applicant.phone, threading.Barrier(20)

    def guess(_):
        start.wait()
        with Session(database.engine) as own:
            return attempt(own, phone, "wrong-1", hasher=hasher)

    with ThreadPoolExecutor(20) as threads:
        assert set(threads.map(guess, range(20))) == {None}
    stored = session.scalar(
        sa.text("SELECT password FROM ab_user WHERE id = :id").bindparams(id=applicant.user_id)
    )
    assert len(hasher.seen) == 20
    assert hasher.seen.count(stored) == 5
    assert attempt(session, phone, PASSWORD) is None


def test_whoever_asks_exactly_one_hash_of_the_same_cost_is_checked(session, applicant, clerk):
    for _ in range(5):
        attempt(session, "gongsi-01", "wrong-1", window="org")
    for window, name, password in [
        ("person", applicant.phone, PASSWORD),
        ("person", applicant.phone, "wrong-1"),
        ("person", "13799999999", PASSWORD),  # unknown
        ("person", clerk.phone, PASSWORD),  # the wrong window
        ("org", "gongsi-01", PASSWORD),  # locked
        ("org", "nobody", PASSWORD),
    ]:
        hasher = CountingHasher()
        attempt(session, name, password, window=window, hasher=hasher)
        assert len(hasher.seen) == 1
        assert hasher.seen[0].startswith(FAST_HASH + "$")


def test_a_refused_try_writes_as_much_whether_the_name_is_known_or_not(database, session, applicant):
    def writes(name):
        seen = []

        def look(_connection, cursor, statement, *_):
            if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")) and cursor.rowcount:
                seen.append(statement)

        sa.event.listen(database.engine, "after_cursor_execute", look)
        try:
            assert attempt(session, name, "wrong-1") is None
        finally:
            sa.event.remove(database.engine, "after_cursor_execute", look)
        return len(seen)

    known = [writes(applicant.phone) for _ in range(7)]  # the last two are locked
    assert known == [2] * 7 and writes("13799999999") == 2


@pytest.mark.requirement("U2", "R1")
def test_staff_log_in_at_the_org_window_only(session, applicant, clerk):
    assert attempt(session, "gongsi-01", PASSWORD, window="org") is not None
    assert attempt(session, clerk.phone, PASSWORD) is None
    assert attempt(session, "gongsi-01", PASSWORD) is None
    assert attempt(session, applicant.phone, PASSWORD, window="org") is None
    opaque = session.scalar(
        sa.text("SELECT username FROM ab_user WHERE id = :id").bindparams(id=applicant.user_id)
    )
    assert attempt(session, opaque, PASSWORD, window="org") is None


def test_an_account_that_is_switched_off_is_refused(session, applicant):
    session.execute(
        sa.text("UPDATE ab_user SET active = false WHERE id = :id").bindparams(id=applicant.user_id)
    )
    session.commit()
    assert attempt(session, applicant.phone, PASSWORD) is None


def test_a_second_log_in_does_not_end_the_first(session, applicant):
    first, second = (attempt(session, applicant.phone, PASSWORD) for _ in range(2))
    for token in (first, second):
        assert sessions.find(session, token, limits=sessions.Limits(), now=NOW) is not None


# -- the pages ---------------------------------------------------------------------------------------------


@pytest.mark.requirement("A2", "P1")
def test_an_applicant_logs_in_at_the_page(client, redis, applicant):
    answer = log_in_at(client, redis, "/login/", " 138-0000 0011", PASSWORD)
    assert (answer.status_code, answer.location) == (302, "/home/")
    assert "window=person" in "".join(answer.headers.getlist("Set-Cookie"))
    page = client.get("/account/")
    assert page.status_code == 200 and "138****0011" in page.text
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.requirement("U2")
def test_a_clerk_logs_in_at_the_page_and_is_sent_back_to_the_same_door(client, redis, clerk):
    answer = log_in_at(client, redis, "/org/login/", "gongsi-01", PASSWORD)
    assert answer.status_code == 302
    with client.session_transaction() as cookie:
        cookie.pop("_user_id")
    assert client.get("/account/").location == "/org/login/?next=/account/"


@pytest.mark.requirement("A2")
def test_a_wrong_captcha_keeps_the_phone_and_counts_no_try(client, redis, session, applicant):
    answer = log_in_at(client, redis, "/login/", applicant.phone, PASSWORD, captcha="####")
    assert "图形验证码不对或已过期，请按新的图片重新填写。" in answer.text
    assert f'value="{applicant.phone}"' in answer.text and PASSWORD not in answer.text
    session.expire_all()
    assert session.get(Person, applicant.id).failed_logins == 0


@pytest.mark.requirement("A2")
def test_unknown_wrong_and_locked_read_the_same(client, redis, session, applicant, clerk):
    def body(path, name, password):
        text = log_in_at(client, redis, path, name, password).text
        assert REFUSED in text
        assert password not in text and f'value="{name}"' in text
        return text.replace(name, "").partition("<main")[2]

    for path, known in (("/login/", applicant.phone), ("/org/login/", "gongsi-01")):
        unknown = body(path, "13799999999", "wrong-pass-1")
        for _ in range(5):
            assert without_token(body(path, known, "wrong-pass-1")) == without_token(unknown)
        assert without_token(body(path, known, PASSWORD)) == without_token(unknown)


def without_token(page):
    import re

    return re.sub(r'name="csrf_token"[^>]*>', "", page)


def test_every_empty_field_is_named(client):
    answer = client.post("/login/", data={"csrf_token": csrf(client, "/login/")})
    for sentence in ("请填写手机号。", "请填写密码。"):
        assert sentence in answer.text
    answer = client.post("/org/login/", data={"csrf_token": csrf(client, "/org/login/")})
    assert "请填写登录名。" in answer.text


def test_a_character_that_nobody_can_type_is_a_bad_request(client, redis, clerk):
    answer = log_in_at(client, redis, "/org/login/", "gong\0si", PASSWORD)
    assert answer.status_code == 400
    assert "<h1>这次请求不完整</h1>" in answer.text


@pytest.mark.parametrize("name", ["a" * 65, "gongsi\r\nx", "\ud7ff" * 9, "' OR 1=1 --"])
def test_a_strange_login_name_gets_a_sentence(client, redis, clerk, name):
    answer = log_in_at(client, redis, "/org/login/", name, PASSWORD)
    assert answer.status_code == 200 and 'class="err"' in answer.text


def test_the_session_cookie_is_renewed_and_holds_only_the_token(client, redis, applicant):
    with client.session_transaction() as cookie:
        cookie["planted"] = "x"
    log_in_at(client, redis, "/login/", applicant.phone, PASSWORD)
    with client.session_transaction() as cookie:
        assert set(cookie) == {"_user_id", "_fresh", "_permanent"}


@pytest.mark.requirement("A2")
def test_logging_out_kills_a_copied_cookie(client, app, redis, session, applicant):
    log_in_at(client, redis, "/login/", applicant.phone, PASSWORD)
    with client.session_transaction() as cookie:
        copied = dict(cookie)
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie.update(copied)
    assert thief.get("/account/").status_code == 200
    assert client.get("/account/logout/").status_code == 405
    answer = client.post("/account/logout/", data={"csrf_token": csrf(client, "/account/password/")})
    assert (answer.status_code, answer.location) == (302, "/login/")
    assert thief.get("/account/").status_code == 302
    session.expire_all()
    assert session.scalar(sa.select(LoginSession.end_reason)) == "logout"


@pytest.mark.parametrize("party", [Role.APPLICANT, Role.UNIT_ADMIN, Role.OFFICE_ADMIN, Role.AUDIT_ADMIN])
def test_home_leads_everybody_to_a_page_that_opens(client, session, party):
    from tests.factories import log_in

    log_in(client, session, person(session, party))
    assert client.get("/home/", follow_redirects=True).status_code == 200


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("/my/", "/my/"),
        ("/account/?a=1&b=%2F", "/account/?a=1&b=%2F"),
        ("", ""),
        (None, ""),
        ("my", ""),
        ("//evil.example", ""),
        ("///evil.example", ""),
        ("/\\evil.example", ""),
        ("\\/evil.example", ""),
        ("/\t/evil.example", ""),
        ("/a\r\nSet-Cookie: x=1", ""),
        (" /my/", ""),
        ("https://evil.example/", ""),
        ("javascript:alert(1)", ""),
        ("/my\x7f", ""),
    ],
)
def test_only_a_path_of_this_site_is_gone_to(text, taken):
    assert local_path(text) == taken


@pytest.mark.parametrize(
    ("back", "location"),
    [
        ("/account/", "/account/"),
        ("//evil.example/", "/home/"),
        ("/\\evil.example", "/home/"),
        ("https://e.x", "/home/"),
    ],
)
def test_after_logging_in_one_goes_back_only_inside_the_site(client, redis, applicant, back, location):
    token, answer = csrf(client, "/login/"), captcha(client, redis)
    data = {"csrf_token": token, "username": applicant.phone, "password": PASSWORD, "captcha": answer}
    assert client.post("/login/", query_string={"next": back}, data=data).location == location


def test_too_many_posts_from_an_address_get_the_page_in_chinese(client):
    token = csrf(client, "/login/")
    codes = [client.post("/login/", data={"csrf_token": token}).status_code for _ in range(61)]
    assert codes == [200] * 60 + [429]
    assert "操作太频繁，请稍后再试" in client.post("/login/", data={"csrf_token": token}).text
    assert client.get("/login/").status_code == 200
