import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.accounts import captcha
from tests.accounts.steps import agree
from tests.accounts.steps import captcha as look
from tests.factories import PASSWORD, Role, csrf, person, phone_number, post_form


def test_the_right_answer_is_taken_in_either_case_and_only_once(redis, app):
    answer = captcha.issue(redis, "browser")
    assert captcha.guess(redis, "browser", f" {answer.lower()} ")
    assert not captcha.guess(redis, "browser", answer)


def test_a_wrong_guess_kills_the_picture(redis, app):
    answer = captcha.issue(redis, "browser")
    assert not captcha.guess(redis, "browser", "####")
    assert not captcha.guess(redis, "browser", answer)


def test_no_answer_is_right_when_none_was_asked(redis, app):
    assert not captcha.guess(redis, "browser", "")


def test_one_of_many_parallel_guesses_is_taken(redis, app):
    answer = captcha.issue(redis, "browser")
    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(lambda _: captcha.guess(redis, "browser", answer), range(16)))
    assert taken.count(True) == 1


def test_another_browser_cannot_use_the_answer(redis, app):
    answer = captcha.issue(redis, "one")
    assert not captcha.guess(redis, "two", answer)
    assert captcha.guess(redis, "one", answer)


def test_an_answer_has_no_letters_that_look_alike_and_lives_three_minutes(redis, app):
    answers = {captcha.issue(redis, "browser") for _ in range(200)}
    assert len(answers) > 190
    assert not set("".join(answers)) & set("0O1IlL")
    assert 170 < redis.ttl("captcha:browser") <= 180


@pytest.mark.requirement("A1")
def test_the_picture_is_a_png_that_is_not_kept_and_its_answer_not_in_the_cookie(client, redis):
    answer = look(client, redis)
    again = client.get("/captcha.png")
    assert again.mimetype == "image/png"
    assert again.headers["Cache-Control"] == "no-store"
    assert again.data.startswith(b"\x89PNG")
    with client.session_transaction() as cookie:
        assert answer not in str(dict(cookie))
        assert set(cookie) <= {"browser", "csrf_token"}


# -- without a picture ---------------------------------------------------------------------------------------


def solve(task):
    """What the browser's worker does."""
    tries = (number for number in range(task["size"]) if _digest(task["salt"], number) == task["digest"])
    return str(next(tries))


def _digest(salt, number):
    return hashlib.sha256(f"{salt}{number}".encode()).hexdigest()


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(captcha, "TASK_SIZE", 50)


@pytest.mark.requirement("A1", "A2")
def test_the_task_has_one_answer_taken_once_and_ends_the_picture(client, redis, small):
    letters = look(client, redis)
    reply = client.get("/captcha-task/")
    assert reply.headers["Cache-Control"] == "no-store" and set(reply.json) == {"salt", "digest", "size"}
    with client.session_transaction() as cookie:
        browser = cookie["browser"]
        assert set(cookie) <= {"browser", "csrf_token"}
    assert 590 < redis.ttl(f"captcha:{browser}") <= 600
    answer = solve(reply.json)
    assert captcha.guess(redis, browser, answer) and not captcha.guess(redis, browser, answer)
    client.get("/captcha-task/")
    assert not captcha.guess(redis, browser, letters)


@pytest.mark.requirement("A1")
def test_who_asks_for_many_tasks_works_longer_and_is_held_back(client, redis, small):
    sizes = [captcha.issue_task(redis, "browser", address="10.0.0.9").size for _ in range(41)]
    assert (sizes[0], sizes[19], sizes[20], sizes[40]) == (50, 50, 100, 150)
    assert captcha.issue_task(redis, "browser", address="10.0.0.8").size == 50
    assert not [key for key in redis.scan_iter() if b"10.0.0" in key]


@pytest.mark.requirement("A1", "A2")
def test_the_task_opens_whatever_the_picture_opens(client, redis, session, small):
    made = person(session, Role.APPLICANT, serial=11)
    session.commit()
    data = {"csrf_token": csrf(client, "/forgot/"), "phone": phone_number(12), "purpose": "reset"}
    answer = solve(client.get("/captcha-task/").json)
    assert client.post("/sms-code/", data=data | {"captcha": answer}).json["ok"]
    assert not client.post("/sms-code/", data=data | {"captcha": answer}).json["ok"]
    fields = {"username": phone_number(11), "password": PASSWORD}
    answer = solve(client.get("/captcha-task/").json)
    assert post_form(client, "/login/", captcha=answer, **fields).location == "/home/"
    assert made.phone == phone_number(11)


@pytest.mark.parametrize("page", ["/login/", "/org/login/", "/forgot/", "/register/?form", "/register/unit/"])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_picture_has_the_way_without_it_beside_it(client, page):
    if "form" in page:
        agree(client)
    text = client.get(page).text
    assert "看不清图片，改用免看图验证" in text and 'data-captchatask="/captcha-task/"' in text
