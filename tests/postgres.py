"""The two databases of the tests: a template built once by the migrations, and a fresh copy for every test.

Not here: what stands in the template (conftest.py)."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy import event

from app.embedded import tune_sqlite
from config import database as settings_of

DEFAULT_URL = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
PREFIX = "platform_test_"
READS = ("SELECT", "SHOW", "SAVEPOINT", "RELEASE", "ROLLBACK")


class Database(Protocol):
    """`engine` stays the same object for the whole session; what it leads to is renewed by `restore`."""

    engine: sa.Engine

    def keep_as_template(self) -> None: ...
    def restore(self) -> None: ...
    def remove(self) -> None: ...


class Dirt:
    """Whether anything but reads went through an engine since `clean` was called."""

    def __init__(self, engine: sa.Engine) -> None:
        self.found = True
        event.listen(engine, "before_cursor_execute", self.look)

    def look(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.lstrip().upper().startswith(READS):
            self.found = True

    def clean(self) -> None:
        self.found = False


class Sqlite:
    def __init__(self, folder: Path) -> None:
        self.file, self.template = folder / "test.db", folder / "template.db"
        self.engine = sa.create_engine(f"sqlite:///{self.file}")
        tune_sqlite(self.engine)
        # Nothing here outlives a power cut: waiting for the disk would only cost time.
        event.listen(self.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous = OFF"))
        self.restore()

    def keep_as_template(self) -> None:
        with self.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        self.engine.dispose()
        shutil.copyfile(self.file, self.template)

    def restore(self) -> None:
        self.remove()
        if self.template.exists():
            shutil.copyfile(self.template, self.file)

    def remove(self) -> None:
        self.engine.dispose()
        for suffix in ("", "-wal", "-shm"):
            self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)


class Postgres:
    def __init__(self, url: str) -> None:
        """Raises sqlalchemy.exc.OperationalError if no server answers at `url`."""
        self.name = f"{PREFIX}{os.getpid()}"
        self.template = f"{self.name}_template"
        options = {"isolation_level": "AUTOCOMMIT", "connect_args": {"connect_timeout": 5}}
        self.server = sa.create_engine(url, **options)
        self.sweep()
        settings = settings_of(self.server.url.set(database=self.name).render_as_string(hide_password=False))
        self.engine = sa.create_engine(
            settings["SQLALCHEMY_DATABASE_URI"],
            **settings["SQLALCHEMY_ENGINE_OPTIONS"],
            connect_args={"options": "-c synchronous_commit=off"},
        )
        self.dirt = Dirt(self.engine)
        self.run(f"CREATE DATABASE {self.name} TEMPLATE template0 ENCODING 'UTF8'")

    def keep_as_template(self) -> None:
        self.engine.dispose()
        self.run(f"CREATE DATABASE {self.template} TEMPLATE {self.name}")
        self.dirt.clean()

    def restore(self) -> None:
        """A copy costs a fifth of a second: it is spared when the last test only read."""
        self.engine.dispose()
        if self.dirt.found:
            self.run(f"DROP DATABASE {self.name} WITH (FORCE)")
            self.run(f"CREATE DATABASE {self.name} TEMPLATE {self.template}")
            self.dirt.clean()

    def remove(self) -> None:
        self.engine.dispose()
        for name in (self.name, self.template):
            self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self.server.dispose()

    def sweep(self) -> None:
        """Drops what runs of this machine left behind that were killed."""
        with self.server.connect() as connection:
            names = connection.scalars(
                sa.text("SELECT datname FROM pg_database WHERE starts_with(datname, :prefix)"),
                {"prefix": PREFIX},
            ).all()
        for name in names:
            if not Path(f"/proc/{name.removeprefix(PREFIX).split('_')[0]}").exists():
                with contextlib.suppress(sa.exc.DBAPIError):
                    self.run(f"DROP DATABASE IF EXISTS {name}")

    def run(self, *statements: str) -> None:
        with self.server.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)


def open_database(backend: str, folder: Path) -> Database:
    if backend == "sqlite":
        return Sqlite(folder)
    return Postgres(os.environ.get("TEST_POSTGRES_URL", DEFAULT_URL))
