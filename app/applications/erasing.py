"""What goes when an applicant's account ends: the library and all that was never submitted. What was submitted is an
archive and stays."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.applications.identity import was_submitted
from app.applications.models import Application, LibraryRow, SectionDocument
from app.files.models import StoredFile


def erase(session: Session, person: Person) -> list[str]:
    """Empties the person's library and drafts, which keep the (erased) name that the account has now. Returns the storage
    keys whose bytes are to be deleted after the commit: not those that a submitted application names too."""
    drafts = sa.select(Application.id).where(Application.applicant_id == person.id, sa.not_(was_submitted()))
    files = sa.delete(StoredFile).where(StoredFile.application_id.in_(drafts)).returning(StoredFile.storage_key)
    keys = set(session.scalars(files.execution_options(synchronize_session=False)))
    keys -= set(session.scalars(sa.select(StoredFile.storage_key).where(StoredFile.storage_key.in_(keys))))
    for change in (
        sa.delete(LibraryRow).where(LibraryRow.person_id == person.id),
        sa.delete(SectionDocument).where(SectionDocument.application_id.in_(drafts)),
        sa.update(Application).where(Application.id.in_(drafts)).values(applicant_name=person.name),
    ):
        session.execute(change.execution_options(synchronize_session=False))
    return sorted(keys)
