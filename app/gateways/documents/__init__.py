"""Printed documents: the protocol, and what each document says as plain values; one file per technology.
Not here: when something may be printed and where the values come from (certificates, applications, notices).

The words of the documents themselves are Chinese always: they are official forms, not pages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol


class DocumentError(Exception):
    """The document could not be printed; nothing half-right is ever returned."""


class MissingGlyphs(DocumentError):
    """The font lacks these characters: no certificate is better than one with a hole in the name.

    The other documents print 〓 in their place, as printers do.
    """

    def __init__(self, characters: str) -> None:
        super().__init__(" ".join(f"U+{ord(character):04X}" for character in characters))
        self.characters = characters


@dataclass(frozen=True)
class CertificateData:
    """专业技术资格证书.

    `id_number_masked` is printed as given; `remark` is e.g. 补发, with the old number; `specimen` is a word
    across the page, e.g. 演示样本.
    """

    number: str
    holder_name: str
    sex: str
    born_on: date
    id_number_masked: str
    series: str
    specialty: str
    title: str
    level: str
    obtained_by: str
    obtained_on: date
    review_body: str
    approving_authority: str
    approval_number: str
    issued_on: date
    verify_url: str
    photo_jpeg: bytes = field(repr=False)
    seal_png: bytes | None = field(default=None, repr=False)
    remark: str = ""
    specimen: str | None = None


@dataclass(frozen=True)
class MaterialFile:
    """`pages` None for a picture; `size` in bytes; `belongs_to` names the row, e.g. 本科 or 项目 1."""

    kind: str
    name: str
    size: int
    pages: int | None = None
    belongs_to: str = ""


@dataclass(frozen=True)
class MaterialSection:
    """One 表; `missing` are whole phrases, empty when the section is complete."""

    name: str
    rows: int
    files: tuple[MaterialFile, ...] = ()
    missing: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True)
class MaterialListData:
    """材料清单. `printed_at` and `submitted_at` are aware and printed in Beijing time; without a submission every page is
    marked 未提交."""

    application_number: str
    year: int
    applicant_name: str
    unit: str
    review_body: str
    series: str
    specialty: str
    title: str
    sections: tuple[MaterialSection, ...]
    printed_at: datetime
    submission: int = 0
    submitted_at: datetime | None = None
    check_code: str = ""


@dataclass(frozen=True)
class PublicNoticeRow:
    """One applicant of a 公示表; texts as they shall be read, a newline is one. No ID number, no phone."""

    name: str
    sex: str
    born: str
    started_work: str
    education: str
    present_title: str
    appointed: str
    practice: str
    applied_for: str
    apply_type: str
    assessments: str
    further_education: str
    achievements: str
    publications: str


@dataclass(frozen=True)
class PublicNoticeSheetData:
    """公示表. `result` is empty while the notice runs: then the sheet leaves room for it."""

    unit: str
    year: int
    campaign: str
    rows: tuple[PublicNoticeRow, ...]
    starts_on: date
    ends_on: date
    working_days: int
    department: str
    telephone: str
    email: str
    printed_at: datetime
    address: str = ""
    result: str = ""


@dataclass(frozen=True)
class SubmissionReceiptData:
    """申报回执. `digest` is the SHA-256 of the submitted snapshot; `next_step` a whole sentence."""

    application_number: str
    year: int
    campaign: str
    applicant_name: str
    id_number_masked: str
    unit: str
    review_body: str
    series: str
    specialty: str
    title: str
    apply_type: str
    version: int
    sections: int
    files: int
    pages: int
    digest: str
    submitted_at: datetime
    next_step: str
    progress_url: str


@dataclass(frozen=True)
class PaymentReceiptData:
    """评审费缴费凭据. `amount_fen` in fen; `paid_at` is aware and printed in Beijing time."""

    receipt_number: str
    order_number: str
    transaction: str
    application_number: str
    title: str
    review_body: str
    payer: str
    id_number_masked: str
    payee: str
    amount_fen: int
    paid_at: datetime


class DocumentPrinter(Protocol):
    """Each returns a PDF, the same bytes for the same data; raises DocumentError.

    `certificate` fits one page whatever the lengths of the values, and raises MissingGlyphs.
    """

    def certificate(self, data: CertificateData) -> bytes: ...
    def material_list(self, data: MaterialListData) -> bytes: ...
    def public_notice_sheet(self, data: PublicNoticeSheetData) -> bytes: ...
    def submission_receipt(self, data: SubmissionReceiptData) -> bytes: ...
    def payment_receipt(self, data: PaymentReceiptData) -> bytes: ...
