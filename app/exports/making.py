"""Making an export apart from the request that asked for it: the grid is asked again, with the same arguments, as the
person may see it now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from tempfile import TemporaryFile

from flask import current_app, g
from redis import Redis
from redis.exceptions import RedisError

from app.accounts.security import permissions_of
from app.exports import queries, services
from app.exports.grids import EXPORT, FULL, ExportableGrid, grid_of
from app.exports.models import ExportJob
from app.extensions import business_now, db
from app.web.scoping import actor_of

PROGRESS_S = 3600


class NoLongerAllowed(Exception):
    """The account or its right to this export has ended meanwhile."""


def make(job: ExportJob) -> None:
    """Writes the file of a claimed job and keeps it. Raises NoLongerAllowed, and what Storage.put raises."""
    storage, redis = current_app.extensions["gateways"].storage, current_app.extensions["redis"]
    with TemporaryFile() as out, _as_asked(job) as grid:
        rows = grid.write_to(
            out, job.columns, job.format, full=job.full, progress=lambda done: tell_progress(redis, job.public_id, done)
        )
        out.seek(0)
        services.finish(db.session, job, out, rows, storage, now=business_now())


@contextmanager
def _as_asked(job: ExportJob) -> Iterator[ExportableGrid]:
    """The job's grid inside a request like the one that asked: Flask-AppBuilder reads filters from nowhere else."""
    grid, person = grid_of(job.grid), queries.asker(db.session, job)
    permissions = permissions_of(db.session, person.user_id)
    needed = {EXPORT, FULL} if job.full else {EXPORT}
    if grid is None or not person.user.active or not all((each, grid.class_permission_name) in permissions for each in needed):
        raise NoLongerAllowed(job.id)
    with current_app.test_request_context(f"{grid.route_base}/export", query_string=job.query):
        g.actor = actor_of(person, permissions)
        try:
            grid.check_arguments()
            yield grid
        finally:
            g.pop("actor")
            g.pop("grid_filters", None)


def tell_progress(redis: Redis, public_id: str, done: int) -> None:
    """How many rows are written; nobody but the page that waits wants to know, so a Redis that is away does not matter."""
    with suppress(RedisError):
        redis.set(f"export:{public_id}", done, ex=PROGRESS_S)


def progress(redis: Redis, job: ExportJob) -> int:
    """How many rows of a running job are written, as far as is known."""
    try:
        return min(int(redis.get(f"export:{job.public_id}") or 0), job.rows)
    except RedisError:
        return 0
