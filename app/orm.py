"""The base of every table: one metadata with a complete naming convention, and the column types that all
packages share. Not here: the engine, the session (extensions.py) and any table."""

from __future__ import annotations

import enum
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.models.sqla import Model
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator

from app import keyring

# Set before any model is imported: batch migrations on SQLite can only drop constraints that have a name.
metadata = Model.metadata
metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(Model):
    """Base of the project's own tables; tables are named explicitly, columns are `Mapped[...]`."""

    __abstract__ = True
    __table_args__: Any = {}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {getattr(self, 'id', '?')}>"


def mask_phone(phone: str) -> str:
    """138****8000: how a phone stands in grids, exports and logs."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) == 11 else "****"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored as UTC on both databases; a naive value is a programming error."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment needs a time zone")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Sealed(TypeDecorator[str]):
    """A text that no database dump shows: sealed with the keyring under the column's own name."""

    impl = sa.LargeBinary
    cache_ok = True

    def __init__(self, context: str) -> None:
        super().__init__()
        self.context = context

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> bytes | None:
        return None if value is None else keyring.current().seal(self.context, value.encode())

    def process_result_value(self, value: bytes | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else keyring.current().open(self.context, bytes(value)).decode()


def Json() -> sa.JSON:
    """A JSON document; JSONB on PostgreSQL."""
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def Choice(values: type[enum.StrEnum], name: str) -> sa.Enum:
    """A StrEnum stored as its value, with a CHECK named `name`, so that impossible values are refused."""
    return sa.Enum(
        values,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )
