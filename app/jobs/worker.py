"""The worker process: `python -m app.jobs.worker`. Not here: the jobs."""

from __future__ import annotations

import logging
import os

from redis import Redis
from rq import Queue, Worker

from app import create_app
from app.extensions import db
from config import load


def main() -> None:
    """Works off the queue until SIGTERM; a job under way is finished first."""
    app = create_app(load(os.environ))
    # Quiet unless something goes wrong: job descriptions hold ids only, but nobody reads them either.
    logging.getLogger("rq").setLevel(logging.WARNING)
    connection = Redis.from_url(app.config["REDIS_URL"])
    queue = Queue(app.config["QUEUE"], connection=connection)
    with app.app_context():
        # Each job runs in a fork: an open connection to the database must not be shared with it.
        db.engine.dispose()
        worker = Worker([queue], connection=connection, log_job_description=False)
        worker.work(with_scheduler=True, logging_level="WARNING")


if __name__ == "__main__":
    main()
