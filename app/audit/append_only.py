"""Triggers by which both databases refuse to change or delete what is only ever added."""

from __future__ import annotations

from collections.abc import Iterator

TABLES = ("application_history", "application_snapshot", "audit_entry", "audit_seal")


def create(dialect: str) -> Iterator[str]:
    """The statements that close the tables; for "sqlite" or "postgresql"."""
    if dialect == "postgresql":
        yield (
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    for table in TABLES:
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_no_{verb.lower()}"
            if dialect == "postgresql":
                yield (
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
                )
            else:
                yield (
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )


def drop(dialect: str) -> Iterator[str]:
    """The statements that open them again."""
    for table in TABLES:
        for verb in ("update", "delete"):
            on = f" ON {table}" if dialect == "postgresql" else ""
            yield f"DROP TRIGGER IF EXISTS {table}_no_{verb}{on}"
    if dialect == "postgresql":
        yield "DROP FUNCTION IF EXISTS refuse_change()"
