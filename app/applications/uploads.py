"""Uploads of an application: which are taken where, how much in all, and what a new one replaces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.applications import saving
from app.applications.checklist import SectionState
from app.applications.models import Application, Snapshot
from app.applications.queries import visible_to
from app.applications.sections.declaration import Attachment, Section
from app.files import services as files
from app.files.models import StoredFile
from app.gateways.scanner import Scanner
from app.gateways.storage import FileRefused, Storage
from app.workflow.actor import Actor
from app.workflow.states import EDITABLE, Party

MiB = 1024 * 1024
QUOTA_BYTES = 200 * MiB
# What was replaced stays for the snapshots that name it; this bounds it.
TOTAL_BYTES = 600 * MiB


class QuotaFull(FileRefused):
    """All files of the application together would exceed `limit`; `used` is what they have now."""

    def __init__(self, limit: int, used: int) -> None:
        super().__init__(f"{used} of {limit}")
        self.limit, self.used = limit, used


class TooManyFiles(FileRefused):
    """The place already holds `most` files."""

    def __init__(self, most: int) -> None:
        super().__init__(str(most))
        self.most = most


class NoSuchPlace(Exception):
    """No such section, attachment or saved row; at the edge a 404."""


@dataclass(frozen=True)
class Place:
    """Where a file belongs in an application."""

    section: Section
    attachment: Attachment
    row_id: str = ""

    @property
    def formats(self) -> tuple[files.Format, ...]:
        return tuple(files.Format(name) for name in self.attachment.formats)


def place(session: Session, application: Application, section: str, attachment: str, row_id: str) -> Place:
    """The place that an address names; raises NoSuchPlace."""
    try:
        declared = saving.section_of(session, application, section)
        item = declared.attachment(attachment)
    except (saving.UnknownSection, KeyError) as error:
        raise NoSuchPlace from error
    if (item in declared.row_attachments) != bool(row_id):
        raise NoSuchPlace
    return Place(declared, item, row_id)


def keep(
    session: Session,
    application: Application,
    actor: Actor,
    where: Place,
    stream: BinaryIO,
    *,
    name: str,
    storage: Storage,
    scanner: Scanner,
    now: datetime,
) -> StoredFile:
    """Judges and keeps one upload; a place for one file replaces the file that was there.

    Raises FileRefused in one of its kinds, QuotaFull and TooManyFiles included, saving.Locked, NoSuchPlace (the row
    is not saved yet), StorageUnavailable or ScannerUnavailable; nothing of the refused file stays.
    """
    held = _held(session, application, where)
    if where.attachment.max_files > 1 and len(held) >= where.attachment.max_files:
        raise TooManyFiles(where.attachment.max_files)
    size = stream.seek(0, 2)
    stream.seek(0)
    require_room(session, application, size)
    stored = files.keep(
        session,
        storage,
        scanner,
        stream,
        name=name,
        kind=where.attachment.kind,
        owner=files.Owner(application_id=application.id, section=where.section.code, row_id=where.row_id),
        formats=where.formats,
        uploaded_by_id=actor.person_id,
        now=now,
    )
    try:
        state = _claim_place(session, application, where, now)
    except Exception:  # whatever refused it: bytes that no row will name do not stay
        storage.delete(stored.storage_key)
        raise
    if where.attachment.max_files == 1:
        for old in _held(session, application, where):
            if old.id != stored.id:
                old.replaced_at = now
    saving.file_changed(session, application, state, now)
    return stored


def remove(session: Session, application: Application, file: StoredFile, *, now: datetime) -> None:
    """Takes a file out of use; a snapshot may still name it. Raises saving.Locked, NoSuchPlace."""
    if file.application_id != application.id or file.section is None or file.replaced_at is not None:
        raise NoSuchPlace
    state = _claimed(session, application, file.section, now)
    file.replaced_at = now
    saving.file_changed(session, application, state, now)


def removed_file(session: Session, application: Application, public_id: str) -> StoredFile | None:
    """The file of the application that was taken out of use and whose place has room for it again; else None."""
    file = session.scalar(
        sa.select(StoredFile).where(
            StoredFile.public_id == public_id,
            StoredFile.application_id == application.id,
            StoredFile.replaced_at.is_not(None),
        )
    )
    if file is None or file.section is None:
        return None
    try:
        where = _place_of(session, application, file)
    except NoSuchPlace:
        return None
    return file if len(_held(session, application, where)) < where.attachment.max_files else None


def restore(session: Session, application: Application, public_id: str, *, now: datetime) -> StoredFile:
    """Brings a removed file back to its place. Raises saving.Locked, QuotaFull, and NoSuchPlace when it is not there to
    bring back, or its place has been filled or its row deleted since."""
    file = removed_file(session, application, public_id)
    if file is None:
        raise NoSuchPlace
    where = _place_of(session, application, file)
    state = _claim_place(session, application, where, now)
    _total, used = _sizes(session, application)  # its bytes are counted in the total already
    if used + file.size > QUOTA_BYTES:
        raise QuotaFull(QUOTA_BYTES, used)
    file.replaced_at = None
    saving.file_changed(session, application, state, now)
    return file


def _claim_place(session: Session, application: Application, where: Place, now: datetime) -> SectionState:
    """The section, claimed for a change; raises NoSuchPlace if the row has been deleted since the page was opened."""
    state = _claimed(session, application, where.section.code, now)
    if where.row_id and state.row(where.row_id) is None:
        raise NoSuchPlace
    return state


def _claimed(session: Session, application: Application, section: str, now: datetime) -> SectionState:
    try:
        return saving.claim_for_change(session, application, section, now)[1]
    except saving.UnknownSection as error:
        raise NoSuchPlace from error


def visible_file(session: Session, actor: Actor, public_id: str) -> StoredFile | None:
    """The file of an application that `actor` sees; None for all others, whether they exist or not.

    While the applicant is changing the application, what was uploaded since the last submission is nobody else's.
    """
    query = (
        sa.select(StoredFile)
        .join(Application, Application.id == StoredFile.application_id)
        .where(StoredFile.public_id == public_id, visible_to(actor))
    )
    if actor.party is not Party.APPLICANT:
        submitted = sa.select(sa.func.max(Snapshot.at)).where(Snapshot.application_id == Application.id)
        query = query.where(
            sa.or_(
                Application.state.not_in(EDITABLE), StoredFile.uploaded_at <= submitted.scalar_subquery()
            )
        )
    return session.scalar(query)


def _held(session: Session, application: Application, where: Place) -> list[StoredFile]:
    return list(
        session.scalars(
            sa.select(StoredFile).where(
                StoredFile.application_id == application.id,
                StoredFile.section == where.section.code,
                StoredFile.row_id == where.row_id,
                StoredFile.kind == where.attachment.kind,
                StoredFile.replaced_at.is_(None),
            )
        )
    )


def require_room(session: Session, application: Application, size: int) -> None:
    """Raises QuotaFull if `size` bytes more are too much for the application."""
    total, used = _sizes(session, application)
    if used + size > QUOTA_BYTES or total + size > TOTAL_BYTES:
        raise QuotaFull(QUOTA_BYTES, used)


def _sizes(session: Session, application: Application) -> tuple[int, int]:
    """Bytes of all that was ever uploaded, and of what is in use."""
    total, used = session.execute(
        sa.select(
            sa.func.coalesce(sa.func.sum(StoredFile.size), 0),
            sa.func.coalesce(sa.func.sum(StoredFile.size).filter(StoredFile.replaced_at.is_(None)), 0),
        ).where(StoredFile.application_id == application.id)
    ).one()
    return int(total), int(used)


def _place_of(session: Session, application: Application, file: StoredFile) -> Place:
    """Where a file belongs; raises NoSuchPlace when the application has no such section or material any more."""
    try:
        section = saving.section_of(session, application, file.section or "")
    except saving.UnknownSection as error:
        raise NoSuchPlace from error
    for item in section.row_attachments if file.row_id else section.section_attachments:
        if item.kind == file.kind:
            return Place(section, item, file.row_id)
    raise NoSuchPlace
