"""What goes when an applicant's account ends: the requests and their proofs; who decided what stays in the audit log."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.files.models import StoredFile
from app.identities.models import IdentityChange, PhoneRecovery


def erase(session: Session, person: Person) -> list[str]:
    """Deletes the person's changes of identity and recoveries; returns the storage keys of their proofs."""
    requests = [
        *session.scalars(sa.select(IdentityChange).where(IdentityChange.person_id == person.id)),
        *session.scalars(sa.select(PhoneRecovery).where(PhoneRecovery.person_id == person.id)),
    ]
    files = [number for request in requests for number in request.files.values()]
    for request in requests:
        session.delete(request)
    session.flush()
    gone = sa.delete(StoredFile).where(StoredFile.id.in_(files)).returning(StoredFile.storage_key)
    return list(session.scalars(gone.execution_options(synchronize_session=False)))
