"""Alembic's environment: the metadata of all tables, FAB's included, on SQLite and PostgreSQL."""

from __future__ import annotations

from alembic import context
from flask import current_app

from app.orm import metadata

config = context.config


def run_migrations() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run_migrations()
