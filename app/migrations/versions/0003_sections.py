"""What sections need besides their documents: the materials of each business, the administrator's rules, and with each
application the sections that were submitted. The merged PDF of the achievements moves from the projects to 附件上传,
because all sections name pages of it; what was submitted before is written down from the documents as they stand.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
# The sections that there were before this migration.
DECLARED = ("BASIC", "EDU", "WORK", "TITLE", "PROJECT")


def upgrade() -> None:
    op.create_table(
        "catalogue_business_material",
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("business", sa.String(32), nullable=False),
        sa.Column("material", sa.String(20), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("required_when", sa.String(200), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column(
            "kept_by",
            sa.Enum("file", "office", name="kept_by", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["material"], ["catalogue_material_type.code"],
            name=op.f("fk_catalogue_business_material_material_catalogue_material_type"),
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_catalogue_business_material")),
        sa.UniqueConstraint("business", "material", name=op.f("uq_catalogue_business_material_business_material")),
    )
    op.create_table(
        "section_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(16), nullable=False),
        sa.Column("series_code", sa.String(8), nullable=False),
        sa.Column("level_code", sa.String(8), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "default", "required", "optional", "off",
                name="mode", native_enum=False, create_constraint=True, length=32,
            ),
            nullable=False,
        ),
        sa.Column("min_rows", sa.Integer(), nullable=True),
        sa.Column("max_rows", sa.Integer(), nullable=True),
        sa.Column("min_length", sa.Integer(), nullable=True),
        sa.Column("max_length", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "min_rows >= 0 AND max_rows >= 1 AND min_rows <= max_rows", name=op.f("ck_section_rule_rows")
        ),
        sa.CheckConstraint(
            "min_length >= 0 AND max_length >= 1 AND min_length <= max_length", name=op.f("ck_section_rule_length")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_section_rule_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section_rule")),
        sa.UniqueConstraint(
            "campaign_id", "section", "series_code", "level_code",
            name=op.f("uq_section_rule_campaign_id_section_series_code_level_code"),
        ),
    )
    op.add_column("application", sa.Column("submitted_sections", JSON, nullable=True))
    _move_merged_pdf("PROJECT", "ATTACH")
    _write_down_what_was_submitted()


def downgrade() -> None:
    _move_merged_pdf("ATTACH", "PROJECT")
    op.drop_column("application", "submitted_sections")
    op.drop_table("section_rule")
    op.drop_table("catalogue_business_material")


def _move_merged_pdf(from_section: str, to_section: str) -> None:
    file = sa.table("stored_file", sa.column("section"), sa.column("kind"))
    op.execute(
        file.update().where(file.c.section == from_section, file.c.kind == "ACHIEVE").values(section=to_section)
    )


def _write_down_what_was_submitted() -> None:
    """{section: version of its document} of every application that was ever submitted."""
    bind = op.get_bind()
    snapshot = sa.table("application_snapshot", sa.column("application_id"))
    document = sa.table(
        "section_document", sa.column("application_id"), sa.column("section"), sa.column("version")
    )
    file = sa.table("stored_file", sa.column("application_id"), sa.column("section"))
    application = sa.table("application", sa.column("id"), sa.column("submitted_sections", JSON))
    found = {row.application_id: dict.fromkeys(DECLARED, 0) for row in bind.execute(sa.select(snapshot).distinct())}
    for row in bind.execute(sa.select(file.c.application_id).where(file.c.section == "ATTACH").distinct()):
        if row.application_id in found:
            found[row.application_id]["ATTACH"] = 0
    for row in bind.execute(sa.select(document)):
        if row.section in found.get(row.application_id, ()):
            found[row.application_id][row.section] = row.version
    for key, sections in found.items():
        bind.execute(application.update().where(application.c.id == key).values(submitted_sections=sections))
