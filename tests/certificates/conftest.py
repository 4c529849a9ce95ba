from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.accounts.roles import Role
from app.applications.models import Application
from app.certificates import services
from app.certificates.models import Certificate
from app.files.models import StoredFile
from app.files.services import Format, Owner, keep
from app.meetings.models import ApprovalDocument, ApprovedName, Candidate, Meeting
from app.workflow.actor import Actor
from app.workflow.states import Party, State
from tests.factories import City, application, city, person


@dataclass
class Approved:
    """An approved application of `applicant` with a photo, and the office that may issue."""

    town: City
    applicant: Person
    application: Application
    office: Actor
    paper: ApprovalDocument
    meeting: Meeting


def photo(app, session: Session, row: Application, now) -> StoredFile:
    picture = io.BytesIO()
    Image.new("RGB", (295, 413), "steelblue").save(picture, "JPEG")
    picture.seek(0)
    gateways = app.extensions["gateways"]
    return keep(
        session, gateways.storage, gateways.scanner, picture, name="photo.jpg", kind="PHOTO",
        owner=Owner(application_id=row.id, section="BASIC"), formats=(Format.JPG,), uploaded_by_id=None, now=now,
    )


def approve(session: Session, town: City, row: Application, paper: ApprovalDocument, meeting: Meeting) -> None:
    """Rows as the meeting and the office leave them."""
    session.add_all(
        [
            Candidate(meeting_id=meeting.id, application_id=row.id, agree=9, against=0, abstain=0, passed=True),
            ApprovedName(document_id=paper.id, application_id=row.id),
        ]
    )
    session.flush()


@pytest.fixture
def approved(app, session, clock) -> Approved:
    town = city(session)
    applicant = person(session, Role.APPLICANT, serial=1)
    row = application(session, town, applicant, state=State.APPROVED)
    meeting = Meeting(
        body_id=town.committee.id, name="评审会", held_on=date(2026, 12, 18), place="三楼", members_expected=9,
        members_present=9, closed_at=clock.now(), created_at=clock.now(),
    )
    paper = ApprovalDocument(
        number="柳职改〔2026〕12号", title="通知", dated=date(2026, 12, 30), authority="柳州市职改办", created_at=clock.now()
    )
    session.add_all([meeting, paper])
    session.flush()
    approve(session, town, row, paper, meeting)
    photo(app, session, row, clock.now())
    session.commit()
    office = Actor(Party.OFFICE, body_id=town.office.id, name=town.office.name)
    return Approved(town, applicant, row, office, paper, meeting)


@pytest.fixture
def issued(session, approved, clock) -> Certificate:
    certificate = services.issue(session, approved.application, approved.office, now=clock.now())
    session.commit()
    return certificate
