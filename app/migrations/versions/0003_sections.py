"""The merged PDF of the achievements belongs to the whole application: it moves from the projects to 附件上传.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _move_merged_pdf("PROJECT", "ATTACH")


def downgrade() -> None:
    _move_merged_pdf("ATTACH", "PROJECT")


def _move_merged_pdf(from_section: str, to_section: str) -> None:
    file = sa.table("stored_file", sa.column("section"), sa.column("kind"))
    op.execute(
        file.update().where(file.c.section == from_section, file.c.kind == "ACHIEVE").values(section=to_section)
    )
