"""Everybody who logs in, and the sessions in which they do."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.orm import Base, Choice, Sealed, UtcDateTime
from app.workflow.states import Party


class Person(Base):
    """One account: an applicant, or a member of staff of a unit, a review body, the office, or the administration.

    ID number and phone exist three times: sealed (to be read when needed), as a digest (to be found), and masked (to
    be shown in grids). `user_id` leads to FAB's user, whose user name is opaque for applicants.
    """

    __tablename__ = "person"
    __table_args__ = (
        # one phone, one applicant; a clerk may use the phone with which she applies herself
        sa.Index(
            "uq_person_applicant_phone",
            "phone_digest",
            unique=True,
            sqlite_where=sa.text("kind = 'applicant'"),
            postgresql_where=sa.text("kind = 'applicant'"),
        ),
        sa.Index("ix_person_unit_kind", "unit_id", "kind", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("ab_user.id"), unique=True)
    kind: Mapped[Party] = mapped_column(Choice(Party, "kind"))
    name: Mapped[str] = mapped_column(sa.String(50))
    id_type: Mapped[str | None] = mapped_column(sa.String(16))
    id_no: Mapped[str | None] = mapped_column(Sealed("person.id_no"))
    id_no_digest: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    id_no_masked: Mapped[str] = mapped_column(sa.String(32), default="")
    phone: Mapped[str | None] = mapped_column(Sealed("person.phone"))
    phone_digest: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    phone_masked: Mapped[str] = mapped_column(sa.String(16), default="")
    gender: Mapped[str | None] = mapped_column(sa.String(1))
    birth_date: Mapped[date | None] = mapped_column(sa.Date)
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    body_id: Mapped[int | None] = mapped_column(sa.ForeignKey("review_body.id"), index=True)
    joined_unit_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    consent_version: Mapped[str | None] = mapped_column(sa.String(16))
    consent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    generation: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    user = relationship("User", lazy="raise_on_sql")
    unit = relationship("Unit", foreign_keys=[unit_id], lazy="raise_on_sql")
    body = relationship("ReviewBody", foreign_keys=[body_id], lazy="raise_on_sql")


class LoginSession(Base):
    """One log-in. The cookie holds a random token of which only the digest is stored; `generation` is the person's at
    log-in: raising the person's ends every session at once."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    generation: Mapped[int]
    window: Mapped[str] = mapped_column(sa.String(8))  # person | org
    address: Mapped[str] = mapped_column(sa.String(45))
    agent: Mapped[str] = mapped_column(sa.String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str | None] = mapped_column(sa.String(16))  # logout | password | phone | identity | device | roles | closed


class UsualPlace(Base):
    """A network and a browser in it from which a member of staff logs in without an SMS code. Without a digest of the
    browser's token: any browser there. Two rows for one place are possible and do no harm."""

    __tablename__ = "usual_place"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    network: Mapped[str] = mapped_column(sa.String(43))  # the longest IPv6 address with its prefix
    device_digest: Mapped[str | None] = mapped_column(sa.String(64))
    agent: Mapped[str] = mapped_column(sa.String(200), default="")
    learned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Consent(Base):
    """Each consent to the privacy statement of a version, and when it was withdrawn. The one that holds also stands at
    the person."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    version: Mapped[str] = mapped_column(sa.String(16))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SeededGrant(Base):
    """A permission that a role was once given by a version of the platform; it is not given a second time, so that
    what an administrator takes away stays away."""

    __tablename__ = "seeded_grant"
    __table_args__ = (sa.UniqueConstraint("role", "permission", "view"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(sa.String(64))
    permission: Mapped[str] = mapped_column(sa.String(100))
    view: Mapped[str] = mapped_column(sa.String(250))
