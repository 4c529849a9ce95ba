"""The bodies above the units, and the yearly campaigns in which they take applications."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.orm import Base, Json, UtcDateTime

DECLARATION = "declaration"  # 职称申报, of the services of Campaign and Application


class ReviewBody(Base):
    """A body of the review chain. The root, without parent, is the office (职改办). Whether a body has review authority
    over an application follows from `powers`: rows of (series, level) over which it may decide."""

    __tablename__ = "review_body"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(32), unique=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("review_body.id"), index=True)
    division_code: Mapped[str] = mapped_column(sa.String(12), default="")
    approves_units: Mapped[bool] = mapped_column(default=False)
    approves_identities: Mapped[bool] = mapped_column(default=False)
    approves_results: Mapped[bool] = mapped_column(default=False)
    owns_catalogues: Mapped[bool] = mapped_column(default=False)
    phone: Mapped[str] = mapped_column(sa.String(32), default="")
    active: Mapped[bool] = mapped_column(default=True)

    parent = relationship("ReviewBody", remote_side=[id], lazy="raise_on_sql")
    powers = relationship("BodyPower", back_populates="body", lazy="raise_on_sql", cascade="all, delete-orphan")


class BodyPower(Base):
    """评审权: the body decides on titles of this series and level."""

    __tablename__ = "body_power"
    __table_args__ = (sa.UniqueConstraint("body_id", "series_code", "level_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(sa.ForeignKey("review_body.id"))
    series_code: Mapped[str] = mapped_column(sa.String(8))
    level_code: Mapped[str] = mapped_column(sa.String(8))

    body = relationship("ReviewBody", back_populates="powers", lazy="raise_on_sql")


class Campaign(Base):
    """评审计划: one body's yearly window. Texts are versioned by `pledge_version`: what an applicant confirmed is stored
    with the application. Days are working days; `route` prescribes bodies instead of the tree (ids in order)."""

    __tablename__ = "campaign"
    __table_args__ = (
        sa.UniqueConstraint("body_id", "year", "name"),
        sa.CheckConstraint("closes_at > opens_at", name="window"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(sa.ForeignKey("review_body.id"))
    year: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(100))
    service: Mapped[str] = mapped_column(sa.String(16), default=DECLARATION)
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    unit_closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    correction_days: Mapped[int] = mapped_column(default=5)
    notice_days: Mapped[int] = mapped_column(default=5)
    payment_days: Mapped[int] = mapped_column(default=7)
    instructions: Mapped[str] = mapped_column(sa.Text, default="")  # 评审须知
    pledge: Mapped[str] = mapped_column(sa.Text, default="")  # 评审承诺书
    pledge_version: Mapped[str] = mapped_column(sa.String(16), default="1")
    defence_required: Mapped[bool] = mapped_column(default=False)
    seal_required: Mapped[bool] = mapped_column(default=False)
    route: Mapped[list[int] | None] = mapped_column(Json())
    published: Mapped[bool] = mapped_column(default=True)
    qualification_cutoff: Mapped[date | None] = mapped_column(sa.Date)  # 资历截止日; None: the year's last day

    @property
    def counts_until(self) -> date:
        """The day to which years in post are counted."""
        return self.qualification_cutoff or date(self.year, 12, 31)

    body = relationship("ReviewBody", lazy="raise_on_sql")
    scopes = relationship("CampaignScope", back_populates="campaign", lazy="raise_on_sql", cascade="all, delete-orphan")


class CampaignScope(Base):
    """A series and level that the campaign takes, and the fee for it in fen (0: no payment step)."""

    __tablename__ = "campaign_scope"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "series_code", "level_code"),
        sa.CheckConstraint("fee_fen >= 0", name="fee"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    series_code: Mapped[str] = mapped_column(sa.String(8))
    level_code: Mapped[str] = mapped_column(sa.String(8))
    fee_fen: Mapped[int] = mapped_column(default=0)

    campaign = relationship("Campaign", back_populates="scopes", lazy="raise_on_sql")
