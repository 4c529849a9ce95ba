"""Taking an upload: stored aside, judged by its content, kept under a generated key, and its facts written down."""

from __future__ import annotations

import io
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO

from sqlalchemy.orm import Session

from app.files.models import StoredFile
from app.gateways.scanner import Scanner
from app.gateways.scanner.formats import HEAD_BYTES, actual_format
from app.gateways.scanner.formats import Format as Actual
from app.gateways.scanner.jpeg import NotJpeg, clean_jpeg
from app.gateways.scanner.pdf import inspect_pdf
from app.gateways.storage import FileRefused, Storage, TooLarge

MiB = 1024 * 1024
PICTURE_MAX_BYTES = 1 * MiB  # 上传图片要求jpg格式，单张图片大小不超过1兆
PDF_MAX_BYTES = 30 * MiB  # pdf大小限定为30兆
NAME_MAX = 120


class Format(StrEnum):
    JPG = "jpg"
    PDF = "pdf"


MEDIA_TYPES = {Format.JPG: "image/jpeg", Format.PDF: "application/pdf"}
ENDINGS = {Format.JPG: (".jpg", ".jpeg"), Format.PDF: (".pdf",)}
LIMITS = {Format.JPG: PICTURE_MAX_BYTES, Format.PDF: PDF_MAX_BYTES}


class WrongFormat(FileRefused):
    """The content is none of the formats that are taken here; `wanted` says which are, `actual` what it is."""

    def __init__(self, wanted: tuple[Format, ...], actual: Actual) -> None:
        super().__init__("|".join(wanted))
        self.wanted, self.actual = wanted, actual


@dataclass(frozen=True)
class Owner:
    """The one record that a file belongs to."""

    application_id: int | None = None
    unit_id: int | None = None
    person_id: int | None = None
    section: str | None = None
    row_id: str = ""


def shown_name(name: str) -> str:
    """The uploaded name without path, control characters and what a file system or header trips over."""
    text = unicodedata.normalize("NFC", name or "").replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join(ch for ch in text if unicodedata.category(ch)[0] != "C")
    text = re.sub(r'[<>:"|?*;]', "_", text).strip(". ")
    return text[-NAME_MAX:] or "文件"


def agreeing_name(name: str, format: Format) -> str:
    """The shown name with an ending that says what the file is, whatever it was called."""
    text = shown_name(name)
    return text if text.lower().endswith(ENDINGS[format]) else f"{text[-NAME_MAX + 4:]}.{format}"


@dataclass(frozen=True)
class Taken:
    """What was judged and lies in the storage, not yet anybody's: `name` as shown, `sha256` in 64 hex digits."""

    storage_key: str
    name: str
    media_type: str
    size: int
    pages: int | None
    sha256: str


def take(storage: Storage, scanner: Scanner, stream: BinaryIO, *, name: str, formats: tuple[Format, ...]) -> Taken:
    """Judges one upload and puts it into the storage; nothing is left behind when it is refused.

    A picture is stored as re-encoded, without its metadata; a PDF as it came. `stream` can be rewound. Raises FileRefused
    in one of its kinds (TooLarge, WrongFormat, NotJpeg, EncryptedPdf, BrokenPicture, Infected …), StorageUnavailable,
    Busy or ScannerUnavailable.
    """
    head = stream.read(HEAD_BYTES)
    actual = _format(head)
    if actual is None or actual not in formats:
        if Format.JPG in formats:
            raise NotJpeg(actual_format(head), stream.seek(0, io.SEEK_END))
        raise WrongFormat(formats, actual_format(head))
    limit = LIMITS[actual]
    stream.seek(0)
    stored = storage.put(stream, limit)
    try:
        path = storage.path(stored.key)
        assert path is not None, "a remote storage keeps a local copy while it is judged"
        scanner.scan(path)
        pages = None
        if actual is Format.JPG:
            picture = clean_jpeg(path, max_bytes=limit)
            storage.delete(stored.key)
            stored = storage.put(io.BytesIO(picture.data), limit)
        else:
            pages = inspect_pdf(path, max_bytes=limit).pages
    except BaseException:
        storage.delete(stored.key)
        raise
    return Taken(stored.key, agreeing_name(name, actual), MEDIA_TYPES[actual], stored.size, pages, stored.sha256)


def give(
    session: Session, taken: Taken, *, kind: str, owner: Owner, uploaded_by_id: int | None, now: datetime
) -> StoredFile:
    """Writes down whose file a taken one is, in the caller's transaction."""
    row = StoredFile(
        public_id=secrets.token_hex(16),
        storage_key=taken.storage_key,
        kind=kind,
        name=taken.name,
        media_type=taken.media_type,
        size=taken.size,
        pages=taken.pages,
        sha256=taken.sha256,
        application_id=owner.application_id,
        section=owner.section,
        row_id=owner.row_id,
        unit_id=owner.unit_id,
        person_id=owner.person_id,
        uploaded_by_id=uploaded_by_id,
        uploaded_at=now,
    )
    session.add(row)
    session.flush()
    return row


def share(
    session: Session, file: StoredFile, *, owner: Owner, uploaded_by_id: int | None, now: datetime
) -> StoredFile:
    """Writes down that the bytes of `file` are used by another record too, as the same kind: they were judged when they
    came and never change under their key. Each row is taken out of use by itself (`replaced_at`)."""
    taken = Taken(file.storage_key, file.name, file.media_type, file.size, file.pages, file.sha256)
    return give(session, taken, kind=file.kind, owner=owner, uploaded_by_id=uploaded_by_id, now=now)


def keep(
    session: Session,
    storage: Storage,
    scanner: Scanner,
    stream: BinaryIO,
    *,
    name: str,
    kind: str,
    owner: Owner,
    formats: tuple[Format, ...],
    uploaded_by_id: int | None,
    now: datetime,
) -> StoredFile:
    """Takes one upload and gives it to its record at once; raises what `take` raises."""
    taken = take(storage, scanner, stream, name=name, formats=formats)
    return give(session, taken, kind=kind, owner=owner, uploaded_by_id=uploaded_by_id, now=now)


def _format(head: bytes) -> Format | None:
    if head.startswith(b"\xff\xd8\xff"):
        return Format.JPG
    return Format.PDF if head.startswith(b"%PDF-") else None


__all__ = ["Format", "Owner", "Taken", "TooLarge", "WrongFormat", "give", "keep", "share", "shown_name", "take"]
