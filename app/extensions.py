"""The objects that create_app binds to one application: database, FAB, migrations, CSRF, and the business clock."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_appbuilder import AppBuilder
from flask_appbuilder.models.sqla.base import SQLA
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue

from app.orm import metadata

log = logging.getLogger(__name__)

db = SQLA(metadata=metadata)
appbuilder = AppBuilder()
migrate = Migrate(render_as_batch=True, compare_type=True)
csrf = CSRFProtect()


class Clock:
    """The time by which terms, windows and notices are judged. Sessions, codes and locks use the machine's own time:
    a rehearsal that moves this clock forward must not log anybody out."""

    def __init__(self) -> None:
        self._offset = timedelta()

    @property
    def moved(self) -> timedelta:
        """How far the clock is ahead of the machine's."""
        return self._offset

    def now(self) -> datetime:
        return datetime.now(UTC) + self.moved

    def set(self, moment: datetime) -> None:
        self._offset = moment.astimezone(UTC) - datetime.now(UTC)

    def advance(self, **timedelta_arguments: float) -> None:
        self._offset += timedelta(**timedelta_arguments)

    def reset(self) -> None:
        self._offset = timedelta()


class RehearsalClock(Clock):
    """The demonstration's clock: all processes share how far it was moved forward, so that a visitor can live through
    five working days of public notice in a minute. Never used in production."""

    KEY = "demo:clock:seconds"

    def __init__(self, redis: Redis) -> None:
        super().__init__()
        self._redis = redis

    @property
    def moved(self) -> timedelta:
        """How far the clock is ahead; nothing while Redis is away."""
        try:
            return timedelta(seconds=float(self._redis.get(self.KEY) or 0))
        except RedisError:
            return timedelta()

    def set(self, moment: datetime) -> None:
        self._redis.set(self.KEY, (moment - datetime.now(UTC)).total_seconds())

    def advance(self, **timedelta_arguments: float) -> None:
        self._redis.incrbyfloat(self.KEY, timedelta(**timedelta_arguments).total_seconds())

    def reset(self) -> None:
        self._redis.delete(self.KEY)


def business_now() -> datetime:
    """Now, by the clock that terms, windows and notices are judged by: what views and jobs pass to the services."""
    return current_app.extensions["clock"].now()


def enqueue_committed(session: Any) -> None:
    """After each commit: hands the jobs that the transaction asked for to the queue. A queue that is away loses nothing:
    what waits is in the outbox, and `deliver-pending` finds it."""
    if session.in_nested_transaction():
        return  # only a savepoint was released: a worker could not see the rows yet
    jobs = session.info.pop("jobs", [])
    if not jobs:
        return
    queue: Queue = current_app.extensions["queue"]
    for name, arguments in jobs:
        try:
            queue.enqueue(name, *arguments)
        except RedisError:
            log.warning("%s not queued: Redis is away", name)


def forget_rolled_back(session: Any) -> None:
    """After a rollback nothing is to be done."""
    session.info.pop("jobs", None)


def watch_commits() -> None:
    """Connects the two to the application's session, once for the process."""
    if not sa.event.contains(db.session, "after_commit", enqueue_committed):
        sa.event.listen(db.session, "after_commit", enqueue_committed)
        sa.event.listen(db.session, "after_rollback", forget_rolled_back)
