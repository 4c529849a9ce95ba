"""History, snapshots and the audit log can only be added to: triggers refuse every change.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

from alembic import op

from app.audit import append_only

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in append_only.create(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in append_only.drop(op.get_bind().dialect.name):
        op.execute(statement)
