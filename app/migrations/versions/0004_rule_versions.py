"""Rules of eligibility have versions and say what they ask besides years; a campaign has its own 资历截止日.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    # Defaults stay in the database: SQLite would otherwise rebuild the table and lose its CHECKs.
    for column in (
        sa.Column("further", JSON, nullable=False, server_default="[]"),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("catalogue_eligibility_rule", column)
    op.add_column("campaign", sa.Column("qualification_cutoff", sa.Date(), nullable=True))
    op.create_table(
        "catalogue_eligibility_rule_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("series_code", sa.String(length=8), nullable=False),
        sa.Column("target_level", sa.String(length=8), nullable=False),
        sa.Column("education_any_of", JSON, nullable=False),
        sa.Column("required_current_level", sa.String(length=8), nullable=False),
        sa.Column("min_years", sa.Integer(), nullable=False),
        sa.Column("further", JSON, nullable=False, server_default="[]"),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column(
            "confidence",
            sa.Enum(
                "high", "medium", "low", name="confidence", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["code"], ["catalogue_eligibility_rule.code"],
            name=op.f("fk_catalogue_eligibility_rule_version_code_catalogue_eligibility_rule"),
        ),
        sa.ForeignKeyConstraint(
            ["required_current_level"], ["catalogue_title_level.code"],
            name=op.f("fk_catalogue_eligibility_rule_version_required_current_level_catalogue_title_level"),
        ),
        sa.ForeignKeyConstraint(
            ["series_code"], ["catalogue_title_series.code"],
            name=op.f("fk_catalogue_eligibility_rule_version_series_code_catalogue_title_series"),
        ),
        sa.ForeignKeyConstraint(
            ["target_level"], ["catalogue_title_level.code"],
            name=op.f("fk_catalogue_eligibility_rule_version_target_level_catalogue_title_level"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_eligibility_rule_version")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_catalogue_eligibility_rule_version_code_version")),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("catalogue_eligibility_rule_version")
    op.drop_column("campaign", "qualification_cutoff")
    for column in ("valid_from", "version", "further"):
        op.drop_column("catalogue_eligibility_rule", column)
