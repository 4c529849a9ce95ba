"""Issued certificates and who looked them up."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.orm import Base, Choice, UtcDateTime


class CertificateStatus(StrEnum):
    VALID = "valid"
    REPLACED = "replaced"
    REVOKED = "revoked"


class Certificate(Base):
    """What a certificate says, frozen at issue. `token` stands in its QR code and is not guessable; the number can be
    read out by anybody, so a look-up by number also asks for the name."""

    __tablename__ = "certificate"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(32), unique=True)
    token: Mapped[str] = mapped_column(sa.String(32), unique=True)
    application_id: Mapped[int | None] = mapped_column(sa.ForeignKey("application.id"), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(50))
    gender: Mapped[str] = mapped_column(sa.String(4), default="")
    born: Mapped[str] = mapped_column(sa.String(16), default="")  # 1988年4月
    id_no_masked: Mapped[str] = mapped_column(sa.String(32), default="")
    series_name: Mapped[str] = mapped_column(sa.String(50))
    specialty_name: Mapped[str] = mapped_column(sa.String(50))
    title_name: Mapped[str] = mapped_column(sa.String(50))
    level_name: Mapped[str] = mapped_column(sa.String(16))
    way: Mapped[str] = mapped_column(sa.String(16), default="评审")
    obtained_on: Mapped[date] = mapped_column(sa.Date)
    committee: Mapped[str] = mapped_column(sa.String(100))
    authority: Mapped[str] = mapped_column(sa.String(100))
    approval_no: Mapped[str] = mapped_column(sa.String(60))
    issued_on: Mapped[date] = mapped_column(sa.Date)
    photo_file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    status: Mapped[CertificateStatus] = mapped_column(
        Choice(CertificateStatus, "status"), default=CertificateStatus.VALID
    )
    status_reason: Mapped[str] = mapped_column(sa.String(500), default="")
    printed: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CertificateCounter(Base):
    """The last serial number given out in a year; raised by an UPDATE in the transaction of the issue, so that two
    issues wait for each other and a failed one leaves no gap."""

    __tablename__ = "certificate_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)
