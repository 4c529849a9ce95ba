"""Migrations: the tables are what the models say, and what was stored before goes along."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask_migrate import downgrade, upgrade

from app.accounts.roles import Role
from app.applications.models import Application, SectionDocument, Snapshot
from app.files.models import StoredFile
from app.orm import metadata
from app.workflow.states import State
from tests.factories import application, city, person

OWN = (
    "application", "application_snapshot", "section_document", "section_rule", "stored_file",
    "catalogue_business_material", "export_job",
)  # fmt: skip


def test_the_tables_of_applications_are_what_their_models_say(app, database):
    def own(item, name, kind, _reflected, _other) -> bool:
        return kind != "table" or name in OWN

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": own})
        assert compare_metadata(context, metadata) == []


@pytest.mark.requirement("A8")
def test_what_was_submitted_before_0003_keeps_its_merged_pdf_and_knows_its_sections(app, database, session):
    town = city(session)
    row = application(session, town, person(session, Role.APPLICANT, unit_id=town.unit.id), state=State.UNIT_REVIEW)
    draft = application(session, town, person(session, Role.APPLICANT, unit_id=town.unit.id), number="LZ1")
    now = datetime.now(UTC)
    session.add_all(
        [
            Snapshot(application_id=row.id, number=1, content=b"x", digest="0" * 64, at=now),
            SectionDocument(application_id=row.id, section="PROJECT", document={"rows": []}, version=4, saved_at=now),
            StoredFile(
                public_id="a", storage_key="a", kind="ACHIEVE", name="x", media_type="application/pdf", size=1, pages=8,
                sha256="0" * 64, application_id=row.id, section="ATTACH", uploaded_at=now,
            ),
        ]
    )
    session.commit()
    number, other = row.id, draft.id
    session.close()
    with app.app_context():
        downgrade(revision="0002")
    with database.engine.connect() as connection:
        before = connection.execute(sa.text("SELECT section FROM stored_file")).scalar()
    with app.app_context():
        upgrade(revision="0003")
    assert before == "PROJECT"
    assert session.scalar(sa.select(StoredFile.section)) == "ATTACH"
    assert session.get(Application, number).submitted_sections == {
        "BASIC": 0, "EDU": 0, "WORK": 0, "TITLE": 0, "PROJECT": 4, "ATTACH": 0,
    }  # fmt: skip
    assert session.get(Application, other).submitted_sections is None
