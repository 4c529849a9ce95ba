"""While Redis is away: pages that need it say so, all others work, and afterwards nothing has to be done."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from flask import Flask
from redis import ConnectionPool

from app.accounts.roles import Role
from tests.accounts.steps import captcha
from tests.factories import city, csrf, log_in, person, phone_number


def pools(app: Flask) -> Iterator[ConnectionPool]:
    """Every way to Redis that the application has: its own (captcha, codes, queue, cashier) and the limiter's."""
    yield app.extensions["redis"].connection_pool
    for limiter in app.extensions["limiter"]:
        yield limiter.storage.storage.connection_pool


@pytest.fixture
def away(app, monkeypatch):
    """`away()` cuts Redis off, `away.undo()` brings it back."""

    def hang_up() -> None:
        for pool in pools(app):
            pool.disconnect()
            pool.reset()

    def cut() -> None:
        for pool in pools(app):
            monkeypatch.setitem(pool.connection_kwargs, "path", "/nonexistent/redis.sock")
        hang_up()

    def undo() -> None:
        monkeypatch.undo()
        hang_up()

    cut.undo = undo
    yield cut
    undo()


@pytest.mark.parametrize("path", ["/captcha.png", "/sms-code/"])
def test_what_needs_redis_answers_with_a_page_that_says_what_to_do_and_works_again_afterwards(
    client, redis, away, path
):
    form = {"csrf_token": csrf(client, "/login/"), "phone": phone_number(), "purpose": "reset", "captcha": "1"}

    def ask():
        return client.get(path) if path == "/captcha.png" else client.post(path, data=form)

    away()
    began = time.monotonic()
    answer = ask()
    assert time.monotonic() - began < 2
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "服务暂时不可用，请稍后再试" in answer.text
    assert "您填写的内容请先不要关闭页面" in answer.text
    assert "Traceback" not in answer.text
    away.undo()
    assert ask().status_code == 200


def test_a_script_reads_the_sentence_as_json(client, away):
    away()
    answer = client.get("/captcha.png", headers={"X-Requested-With": "XMLHttpRequest"})
    assert (answer.status_code, answer.json["ok"]) == (503, False)
    assert answer.json["message"].startswith("服务暂时不可用，请稍后再试")


def test_logging_in_waits_for_redis_and_counts_no_wrong_try(client, session, redis, away):
    who = person(session, Role.APPLICANT, serial=7)
    session.commit()
    form = {"csrf_token": csrf(client, "/login/"), "username": phone_number(7), "password": "wrong", "captcha": captcha(client, redis)}
    away()
    assert client.post("/login/", data=form).status_code == 503
    session.refresh(who)
    assert who.failed_logins == 0
    away.undo()
    assert client.post("/login/", data=form).status_code == 200


def test_pages_that_do_not_need_redis_go_on(app, client, session, away):
    town = city(session)
    log_in(client, session, person(session, Role.UNIT_OPERATOR, unit_id=town.unit.id))
    away()
    assert [client.get(path).status_code for path in ("/", "/unit/review/list/")] == [200, 200]
