"""An index for how long a step takes: the newest moves that left a state.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_application_history_from_state", "application_history", ["from_state", "id"])


def downgrade() -> None:
    op.drop_index("ix_application_history_from_state", "application_history")
