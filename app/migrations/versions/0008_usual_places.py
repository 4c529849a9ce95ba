"""Where the members of staff usually log in.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "usual_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("network", sa.String(length=43), nullable=False),
        sa.Column("device_digest", sa.String(length=64), nullable=True),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_usual_place_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usual_place")),
    )
    op.create_index(op.f("ix_usual_place_person_id"), "usual_place", ["person_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_usual_place_person_id"), "usual_place")
    op.drop_table("usual_place")
