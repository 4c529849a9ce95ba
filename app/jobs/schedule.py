"""The process that asks for what is to be done every minute: `python -m app.jobs.schedule`.

A process of its own, watched like the worker: a thread inside the worker would be forked with every job, and a job
that schedules its successor ends for good when it is lost. Several may run: a minute is asked for once.
Not here: the jobs."""

from __future__ import annotations

import logging
import os
import time
from datetime import UTC, datetime

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue

from config import load

log = logging.getLogger(__name__)

EVERY_MINUTE = (
    "app.jobs.messages.deliver_waiting",
    "app.jobs.payments.reconcile_due",
    "app.jobs.payments.lapse_overdue",
    "app.jobs.payments.end_withdrawn",
    "app.jobs.audit.seal",
    "app.jobs.units.forget_unclaimed_uploads",
    "app.jobs.files.sweep_unfinished",
    "app.jobs.exports.sweep",
)
MINUTE = 60


def ask(queue: Queue, redis: Redis, moment: datetime) -> int:
    """Enqueues each job once for this minute; returns how many. A worker that is away finds no pile of old ones: a job
    that nobody began within its minute is dropped."""
    asked = 0
    for name in EVERY_MINUTE:
        if redis.set(f"schedule:{name}:{int(moment.timestamp()) // MINUTE}", 1, nx=True, ex=2 * MINUTE):
            queue.enqueue(name, ttl=MINUTE, result_ttl=0, job_timeout=10 * MINUTE)
            asked += 1
    return asked


def main() -> None:
    """Until SIGTERM."""
    config = load(os.environ)
    redis = Redis.from_url(config["REDIS_URL"])
    queue = Queue(config["QUEUE"], connection=redis)
    while True:
        try:
            ask(queue, redis, datetime.now(UTC))
        except RedisError:
            log.warning("Redis is away")
        time.sleep(MINUTE - time.time() % MINUTE)


if __name__ == "__main__":
    main()
