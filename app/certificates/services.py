"""Issuing, printing, revoking certificates, and answering who looks one up."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.applications.models import Application
from app.applications.services import fire
from app.audit.services import record
from app.catalogue.lists import CodeList
from app.catalogue.models import Specialty, TitleLevel
from app.catalogue.queries import code_name
from app.certificates.models import Certificate, CertificateCounter, CertificateStatus
from app.certificates.numbering import certificate_number
from app.days import beijing_day
from app.files.models import StoredFile
from app.gateways.documents import CertificateData, DocumentPrinter
from app.gateways.storage import Storage
from app.meetings import queries as meetings
from app.messages.services import tell
from app.review_bodies.models import ReviewBody
from app.workflow.actions import Action
from app.workflow.actor import Actor
from app.workflow.case import Move
from app.workflow.machine import MoveRefused

REGION = "4502"  # 柳州市; another city passes its own division code
TOKEN_BYTES = 18
SPECIMEN = "演示样本"
GENDERS = {"1": "男", "2": "女"}
BORN = re.compile(r"(\d{4})年(\d{1,2})月")


class CertificateRefused(Exception):
    """Base of what cannot be issued or printed; worded at the edge."""


class DecisionMissing(CertificateRefused):
    """The application has no result of a meeting, or stands on no approval document."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


class PhotoMissing(CertificateRefused):
    """There is no photo to print."""


class NotValid(CertificateRefused):
    """A replaced or revoked certificate is not printed, and not revoked again."""


@dataclass(frozen=True)
class Issued:
    """What issuing in bulk did: the certificates, and by application number why each other one was not issued."""

    certificates: tuple[Certificate, ...] = ()
    refused: Mapping[str, MoveRefused | CertificateRefused] = field(default_factory=dict)


def issue(
    session: Session, application: Application, actor: Actor, *, now: datetime, region: str = REGION
) -> Certificate:
    """The certificate of an approved application, its facts frozen as they are now; tells the holder.

    Raises DecisionMissing, NumbersUsedUp, and the machine's refusals.
    """
    fire(session, application, actor, Action.ISSUE, now=now)
    decision, approval = meetings.decision_on(session, application), meetings.approval_of(session, application)
    if decision is None or approval is None:
        raise DecisionMissing(application.number)
    meeting, paper = decision[1], approval.document
    person = session.get_one(Person, application.applicant_id)
    issued_on = beijing_day(now)
    level = session.get_one(TitleLevel, application.level_code)
    specialty = session.get(Specialty, application.specialty_code)
    certificate = Certificate(
        number=certificate_number(
            region=region, year=issued_on.year, series_code=application.series_code, level_rank=level.rank,
            serial=_next_serial(session, issued_on.year),
        ),
        token=secrets.token_urlsafe(TOKEN_BYTES),
        application_id=application.id,
        person_id=person.id,
        name=person.name,
        gender=GENDERS.get(person.gender or "", ""),
        born=f"{person.birth_date.year}年{person.birth_date.month}月" if person.birth_date else "",
        id_no_masked=person.id_no_masked,
        series_name=code_name(session, CodeList.TITLE_SERIES, application.series_code),
        specialty_name=specialty.name if specialty else application.specialty_code,
        title_name=application.title_name,
        level_name=level.name,
        obtained_on=meeting.held_on,
        committee=session.get_one(ReviewBody, meeting.body_id).name,
        authority=paper.authority,
        approval_no=paper.number,
        issued_on=issued_on,
        photo_file_id=_photo_id(session, application),
        created_at=now,
    )
    session.add(certificate)
    session.flush()
    tell(session, person, template="CERT", now=now, application_id=application.id, title=application.title_name)
    return certificate


def issue_all(
    session: Session, applications: Sequence[Application], actor: Actor, *, now: datetime, region: str = REGION
) -> Issued:
    """Issues one by one; one that fails is named and does not hold up the others."""
    made: list[Certificate] = []
    refused: dict[str, MoveRefused | CertificateRefused] = {}
    for application in applications:
        number = application.number
        try:
            with session.begin_nested():
                made.append(issue(session, application, actor, now=now, region=region))
        except (MoveRefused, CertificateRefused) as error:
            session.expire(application)  # it was read inside the savepoint that is undone
            refused[number] = error
    return Issued(tuple(made), refused)


def _next_serial(session: Session, year: int) -> int:
    raised = (
        sa.update(CertificateCounter)
        .where(CertificateCounter.year == year)
        .values(last=CertificateCounter.last + 1)
        .returning(CertificateCounter.last)
        .execution_options(synchronize_session=False)
    )
    serial = session.scalar(raised)
    if serial is None:
        try:
            with session.begin_nested():
                session.execute(sa.insert(CertificateCounter).values(year=year, last=0))
        except IntegrityError:
            pass  # the year's first certificate was issued by somebody else in this moment
        serial = session.scalar(raised)
    assert serial is not None
    return serial


def _photo_id(session: Session, application: Application) -> int | None:
    return session.scalar(
        sa.select(StoredFile.id)
        .where(
            StoredFile.application_id == application.id,
            StoredFile.section == "BASIC",
            StoredFile.kind == "PHOTO",
            StoredFile.replaced_at.is_(None),
        )
        .order_by(StoredFile.id.desc())
        .limit(1)
    )


def print_pdf(
    session: Session, certificate: Certificate, actor: Actor, printer: DocumentPrinter, storage: Storage, *,
    verify_url: str, specimen: bool, now: datetime,
) -> bytes:
    """The PDF; counts the print. Raises NotValid, PhotoMissing, DocumentError, NoSuchObject, StorageUnavailable."""
    if certificate.status is not CertificateStatus.VALID:
        raise NotValid()
    photo = session.get(StoredFile, certificate.photo_file_id) if certificate.photo_file_id else None
    born = BORN.fullmatch(certificate.born)
    if photo is None or born is None:
        raise PhotoMissing()
    with storage.open(photo.storage_key) as stream:
        picture = stream.read()
    data = CertificateData(
        number=certificate.number,
        holder_name=certificate.name,
        sex=certificate.gender,
        born_on=date(int(born.group(1)), int(born.group(2)), 1),
        id_number_masked=certificate.id_no_masked,
        series=certificate.series_name,
        specialty=certificate.specialty_name,
        title=certificate.title_name,
        level=certificate.level_name,
        obtained_by=certificate.way,
        obtained_on=certificate.obtained_on,
        review_body=certificate.committee,
        approving_authority=certificate.authority,
        approval_number=certificate.approval_no,
        issued_on=certificate.issued_on,
        verify_url=verify_url,
        photo_jpeg=picture,
        specimen=SPECIMEN if specimen else None,
    )
    pdf = printer.certificate(data)
    session.execute(
        sa.update(Certificate)
        .where(Certificate.id == certificate.id)
        .values(printed=Certificate.printed + 1)
        .execution_options(synchronize_session=False)
    )
    record(session, actor, "print", "certificate", certificate.id, now=now)
    return pdf


def revoke(session: Session, certificate: Certificate, actor: Actor, *, reason: str, now: datetime) -> None:
    """撤销. Raises NotValid, and the machine's refusals."""
    claimed = session.execute(
        sa.update(Certificate)
        .where(Certificate.id == certificate.id, Certificate.status == CertificateStatus.VALID)
        .values(status=CertificateStatus.REVOKED, status_reason=reason)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:
        raise NotValid()
    session.refresh(certificate)
    if certificate.application_id is not None:
        application = session.get_one(Application, certificate.application_id, populate_existing=True)
        fire(session, application, actor, Action.REVOKE, now=now, move=Move(reason=reason))
    record(session, actor, "revoke", "certificate", certificate.id, now=now)


def looked_up(session: Session, certificate: Certificate | None, *, by: str, address: str, now: datetime) -> None:
    """Writes down that somebody asked, and whether there was an answer; `by` is number or token, never its value."""
    record(
        session, None, "verify", "certificate", certificate.id if certificate else "", now=now, address=address,
        result=certificate.status.value if certificate else "not_found", by=by,
    )
