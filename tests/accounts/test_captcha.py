from concurrent.futures import ThreadPoolExecutor

import pytest

from app.accounts import captcha
from tests.accounts.steps import captcha as look


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
