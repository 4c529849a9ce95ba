"""What was submitted: written once as canonical JSON, sealed whole, with a digest over the plain text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import keyring
from app.applications.checklist import Checklist
from app.applications.models import Application, Snapshot
from app.files.models import StoredFile

CONTEXT = "snapshot"
CHECK_CODE = 12


@dataclass(frozen=True)
class Submitted:
    """One submission, opened: its number (1, 2 …), digest, time and content."""

    number: int
    digest: str
    at: datetime
    content: Mapping[str, Any]

    @property
    def check_code(self) -> str:
        """What a printed receipt is compared by."""
        return check_code(self.digest)


def check_code(digest: str) -> str:
    """The digest's first twelve digits, in groups that can be read out: 7f3a-92c1-04be."""
    start = digest[:CHECK_CODE].upper()
    return "-".join(start[at : at + 4] for at in range(0, len(start), 4))


def canonical(content: Mapping[str, Any]) -> bytes:
    """The same bytes for the same content."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def write(session: Session, checklist: Checklist, *, now: datetime) -> Snapshot:
    """Freezes the checklist's content as the next snapshot of its application."""
    application = checklist.application
    last = session.scalar(
        sa.select(sa.func.max(Snapshot.number)).where(Snapshot.application_id == application.id)
    )
    plain = canonical(content_of(checklist))
    row = Snapshot(
        application_id=application.id,
        number=(last or 0) + 1,
        content=keyring.current().seal(CONTEXT, plain),
        digest=hashlib.sha256(plain).hexdigest(),
        at=now,
    )
    session.add(row)
    application.submitted_sections = {state.section.code: state.version for state in checklist.sections}
    session.flush()
    return row


def content_of(checklist: Checklist) -> dict[str, Any]:
    """All that a reviewer decides on, as plain values."""
    application, person, unit = (
        checklist.application,
        checklist.application.applicant,
        checklist.application.unit,
    )
    return {
        "number": application.number,
        "campaign": application.campaign_id,
        "title": [application.series_code, application.specialty_code, application.title_code],
        "apply_type": application.apply_type,
        "pledge": [application.pledge_version, application.pledge_digest, application.pledge_at.isoformat()],
        "person": {
            "name": person.name,
            "id_type": person.id_type,
            "id_no": person.id_no,
            "phone": person.phone,
            "gender": person.gender,
            "birth_date": person.birth_date.isoformat() if person.birth_date else None,
        },
        "unit": {"id": unit.id, "name": unit.name, "uscc": unit.uscc} if unit else None,
        "sections": [
            {
                "code": state.section.code,
                "version": state.version,
                "values": state.values,
                "rows": state.rows,
                "files": [file_facts(file) for file in state.files],
            }
            for state in checklist.sections
        ],
    }


def file_facts(file: StoredFile) -> dict[str, Any]:
    return {
        "public_id": file.public_id,
        "kind": file.kind,
        "row_id": file.row_id,
        "name": file.name,
        "size": file.size,
        "pages": file.pages,
        "media_type": file.media_type,
        "sha256": file.sha256,
    }


def list_of(session: Session, application: Application) -> list[Snapshot]:
    """All submissions, the newest first, still sealed."""
    query = sa.select(Snapshot).where(Snapshot.application_id == application.id)
    return list(session.scalars(query.order_by(Snapshot.number.desc())))


def open_snapshot(row: Snapshot) -> Submitted:
    """Raises keyring.Unreadable if it was changed."""
    plain = keyring.current().open(CONTEXT, bytes(row.content))
    return Submitted(row.number, row.digest, row.at, json.loads(plain))
