"""The exports that the worker makes.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.orm import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

UNDER_WAY = sa.text("state IN ('waiting', 'running')")


def upgrade() -> None:
    op.create_table(
        "export_job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("grid", sa.String(length=64), nullable=False),
        sa.Column("query", sa.LargeBinary(), nullable=False),
        sa.Column("columns", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("full", sa.Boolean(), nullable=False),
        sa.Column("format", sa.Enum("xlsx", "csv", name="format", native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column("conditions", sa.String(length=1000), nullable=False),
        sa.Column("state", sa.Enum("waiting", "running", "done", "failed", name="state", native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("storage_key", sa.String(length=80), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_export_job_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_job")),
        sa.UniqueConstraint("public_id", name=op.f("uq_export_job_public_id")),
    )
    op.create_index("ix_export_job_person", "export_job", ["person_id", "id"])
    op.create_index(
        "uq_export_job_under_way", "export_job", ["person_id"], unique=True,
        sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY,
    )


def downgrade() -> None:
    op.drop_table("export_job")
