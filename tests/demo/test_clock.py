"""演示时钟: a visitor of the demonstration lives through five working days in a minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis

from app.extensions import RehearsalClock
from tests.factories import post_form


def test_the_clock_is_moved_forward_and_back(client, clock):
    answer = post_form(client, "/demo/clock/", days="9")
    assert answer.status_code == 302
    assert clock.moved.days == 9
    assert "演示时钟已快进 9 天。" in client.get("/demo/clock/").text
    post_form(client, "/demo/clock/", reset="1")
    assert clock.moved < timedelta(minutes=1)


@pytest.mark.parametrize("days", ["", "2", "-9", "400", "九"])
def test_only_the_offered_steps_are_taken(client, clock, days):
    assert post_form(client, "/demo/clock/", days=days).status_code == 400
    assert clock.moved < timedelta(minutes=1)


def test_it_goes_at_most_a_year_or_so(client, clock):
    clock.advance(days=390)
    post_form(client, "/demo/clock/", days="30")
    assert clock.moved.days == 390
    assert "演示时钟最多快进 400 天" in client.get("/demo/clock/").text


def test_outside_the_demonstration_there_is_no_such_page(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "DEMO", False)
    assert client.get("/demo/clock/").status_code == 404


def test_all_processes_share_the_rehearsal_clock(redis: Redis):
    one, other = RehearsalClock(redis), RehearsalClock(redis)
    one.advance(days=3)
    assert abs(other.now() - datetime.now(UTC) - timedelta(days=3)) < timedelta(seconds=5)
    other.reset()
    assert one.moved == timedelta()
