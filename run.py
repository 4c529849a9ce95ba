"""The main job: prepares the database, starts what is needed, serves, and stops it all together.

python run.py          settings: see config.py; PORT, HOST and DATA_DIR are the usual ones
"""

from __future__ import annotations

import errno
import gc
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config import BadConfiguration, load

if TYPE_CHECKING:
    from flask import Flask

    from app.embedded import Signal


def main() -> int:
    """The exit code: 0 after SIGINT or SIGTERM, 1 with a sentence if it cannot start."""
    # What it writes (database, uploads, keys) is nobody else's to read.
    os.umask(0o077)
    try:
        config = load(os.environ)
        listener = listen(config["HOST"], config["PORT"])
    except (BadConfiguration, CannotListen) as error:
        return refuse(str(error))
    # Late: these take a second, and the answers above should not. All of it here, once, before the forks.
    # Nearly all that is imported stays for good: the collector need not look through it now (a fifth of the time) or ever.
    gc.disable()
    from app import cli, create_app, embedded, site  # noqa: F401

    gc.freeze()
    gc.enable()
    try:
        if config["ENVIRONMENT"] == "embedded":
            embedded.hold(Path(config["DATA_FOLDER"]))
    except embedded.AlreadyRunning as error:
        return refuse(f"{error.folder} 正由另一个平台使用，请另选目录：DATA_DIR=./var2 PORT=5001 make run")
    supervisor = embedded.Supervisor()
    try:
        if config["OWN_REDIS"]:
            supervisor.start_redis(config)
        # The worker needs the schema: it comes when the web process says that it has prepared it.
        prepared = embedded.Signal()
        web = supervisor.start("web", lambda: serve(prepare(config, prepared), listener))
        supervisor.wait(web, prepared)
        supervisor.start_worker()
        supervisor.watch()
    except embedded.NotStarted as error:
        return refuse(f"{error.name} 未能启动，{error.hint or '原因见上面的信息'}。")
    finally:
        supervisor.stop()
    return 0


def refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


class CannotListen(Exception):
    """HOST and PORT cannot be had; the text says what to choose instead."""


def listen(host: str, port: int) -> socket.socket:
    """The listening socket, taken before anything else is begun: early visitors wait in its queue."""
    try:
        family, kind, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen(512)
    except socket.gaierror as error:
        raise CannotListen(f"HOST={host} 不是本机的地址，请改用 HOST=127.0.0.1 或 HOST=0.0.0.0。") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = port % 65000 + 1
            raise CannotListen(f"端口 {port} 已被占用，请换一个端口：PORT={other} make run") from error
        reason = error.strerror
        raise CannotListen(
            f"不能在 {host}:{port} 上监听（{reason}），请换一个：PORT=5001 make run"
        ) from error
    return listener


def prepare(config: dict[str, Any], prepared: Signal) -> Flask:
    """The application, with schema, roles, reference data and, for the demonstration, a city to try; quick if
    all is there."""
    from app import cli, create_app

    app = create_app(config)
    migrate_if_behind(app)
    cli.prepare(app, demo=config["DEMO"])
    prepared.send()
    return app


def migrate_if_behind(app: Flask) -> None:
    """Brings the schema to the newest revision; asking whether it is there costs one small query."""
    import flask_migrate
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    from app.extensions import db

    with app.app_context(), db.engine.connect() as connection:
        if db.engine.dialect.name == "postgresql":
            # Two copies that start together: the second waits, then finds nothing to do.
            connection.exec_driver_sql("SELECT pg_advisory_lock(450200)")
        alembic = app.extensions["migrate"].migrate.get_config()
        newest = ScriptDirectory.from_config(alembic).get_current_head()
        current = MigrationContext.configure(connection).get_current_revision()
        connection.commit()
        if current != newest:
            flask_migrate.upgrade()


def serve(app: Flask, listener: socket.socket) -> None:
    """gunicorn on `listener` until it is told to stop. Its processes are forks of this one: the application
    is made once, and no open connection to the database goes along."""
    from gunicorn.app.base import BaseApplication

    from app.extensions import db

    with app.app_context():
        db.engine.dispose()
    config = app.config
    sqlite = config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
    options = {
        "bind": f"fd://{listener.fileno()}",
        "worker_class": "gthread",
        # One process can keep SQLite's single writer busy; more would only wait for each other.
        "workers": 1 if sqlite else 2,
        "threads": 8,
        "timeout": 60,
        "graceful_timeout": 5,
        "loglevel": "warning",
        "control_socket_disable": True,
        "post_worker_init": lambda worker: greet(config) if worker.age == 1 else None,
    }

    class Site(BaseApplication):
        def load_config(self) -> None:
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return app

    Site().run()


def greet(config: Mapping[str, Any]) -> None:
    """The one line that whoever started it is waiting for."""
    host = config["HOST"] if ":" not in config["HOST"] else f"[{config['HOST']}]"
    hint = "；演示账号见 README" if config["DEMO"] else ""
    print(f"{config['APP_NAME']}已就绪：http://{host}:{config['PORT']}{hint}（按 Ctrl+C 停止）", flush=True)


if __name__ == "__main__":
    sys.exit(main())
