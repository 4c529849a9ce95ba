"""What a person asks about the own account: consents, a change of identity, a lost phone, the end of the account.

Every consent that stands at a person becomes the first row of its history.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.orm import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")
ONLY_OPEN = {"unique": True, "sqlite_where": OPEN, "postgresql_where": OPEN}
TABLES = ("consent", "identity_change", "phone_recovery", "deletion_request")


def upgrade() -> None:
    op.create_table("consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent"))
    )
    op.create_index(op.f("ix_consent_person_id"), "consent", ["person_id"])

    op.create_table("deletion_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name_masked", sa.String(length=50), nullable=False),
        sa.Column("id_no_masked", sa.String(length=32), nullable=False),
        sa.Column("state", sa.Enum("open", "done", "refused", "withdrawn", name="state", native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_deletion_request_ended_by_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_deletion_request_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deletion_request"))
    )
    op.create_index(op.f("ix_deletion_request_person_id"), "deletion_request", ["person_id"])
    op.create_index("ix_deletion_request_state", "deletion_request", ["state", "id"])
    op.create_index("uq_deletion_request_open", "deletion_request", ["person_id"], **ONLY_OPEN)

    op.create_table("identity_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("id_type", sa.String(length=16), nullable=False),
        sa.Column("id_no", sa.LargeBinary(), nullable=False),
        sa.Column("id_no_masked", sa.String(length=32), nullable=False),
        sa.Column("old_name", sa.String(length=50), nullable=False),
        sa.Column("old_id_no_masked", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("document_file_id", sa.Integer(), nullable=False),
        sa.Column("proof_file_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.Enum("open", "approved", "refused", "withdrawn", name="state", native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.String(length=100), nullable=False),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_identity_change_decided_by_id_person")),
        sa.ForeignKeyConstraint(["document_file_id"], ["stored_file.id"], name=op.f("fk_identity_change_document_file_id_stored_file")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_identity_change_person_id_person")),
        sa.ForeignKeyConstraint(["proof_file_id"], ["stored_file.id"], name=op.f("fk_identity_change_proof_file_id_stored_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_change"))
    )
    op.create_index(op.f("ix_identity_change_person_id"), "identity_change", ["person_id"])
    op.create_index("ix_identity_change_state", "identity_change", ["state", "id"])
    op.create_index("uq_identity_change_open", "identity_change", ["person_id"], **ONLY_OPEN)

    op.create_table("phone_recovery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proof_file_id", sa.Integer(), nullable=False),
        sa.Column("old_phone_masked", sa.String(length=16), nullable=False),
        sa.Column("phone_masked", sa.String(length=16), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("started_by", sa.String(length=100), nullable=False),
        sa.Column("state", sa.Enum("open", "done", "cancelled", name="state", native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_phone_recovery_ended_by_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_phone_recovery_person_id_person")),
        sa.ForeignKeyConstraint(["proof_file_id"], ["stored_file.id"], name=op.f("fk_phone_recovery_proof_file_id_stored_file")),
        sa.ForeignKeyConstraint(["started_by_id"], ["person.id"], name=op.f("fk_phone_recovery_started_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_recovery"))
    )
    op.create_index(op.f("ix_phone_recovery_person_id"), "phone_recovery", ["person_id"])
    op.create_index("ix_phone_recovery_state", "phone_recovery", ["state", "id"])
    op.create_index("uq_phone_recovery_open", "phone_recovery", ["person_id"], **ONLY_OPEN)

    op.execute(
        "INSERT INTO consent (person_id, version, given_at) SELECT id, consent_version, consent_at FROM person "
        "WHERE consent_version IS NOT NULL AND consent_at IS NOT NULL"
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
