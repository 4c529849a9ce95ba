"""The tables of the reference data. Codes are stable and never reused; a row that is no longer valid is
retired, not deleted, because applications and certificates point to it for ever."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Mapper, declared_attr, mapped_column, relationship

from app.orm import Base, Choice, Json, UtcDateTime


class KeptBy(enum.StrEnum):
    """Who answers for a row: the files that come with a version, or the office, which they never undo."""

    FILE = "file"
    OFFICE = "office"


class Confidence(enum.StrEnum):
    """How sure the source of a row is; only rules of high confidence may be made blocking."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Reference(Base):
    """What every row of reference data has: its place in the list, whether it is retired, who keeps it."""

    __abstract__ = True

    position: Mapped[int] = mapped_column(sa.Integer, default=9999)
    retired: Mapped[bool] = mapped_column(sa.Boolean, default=False)

    @declared_attr
    def kept_by(cls) -> Mapped[KeptBy]:
        return mapped_column(Choice(KeptBy, "kept_by"), default=KeptBy.OFFICE)


class TitleSeries(Reference):
    """职称系列: the national ones and those that the region keeps."""

    __tablename__ = "catalogue_title_series"

    code: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(40))
    initials: Mapped[str] = mapped_column(sa.String(64), default="")
    local: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    levels: Mapped[list[str]] = mapped_column(Json(), default=list)
    exam_levels: Mapped[list[str]] = mapped_column(Json(), default=list)
    exam_review_levels: Mapped[list[str]] = mapped_column(Json(), default=list)
    route: Mapped[str] = mapped_column(sa.String(60), default="")
    reform_doc: Mapped[str] = mapped_column(sa.String(60), default="")
    note: Mapped[str] = mapped_column(sa.String(200), default="")

    def __str__(self) -> str:
        return self.name


class TitleLevel(Reference):
    """级别: 正高级 … 员级, and 无职称."""

    __tablename__ = "catalogue_title_level"

    code: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(20))
    initials: Mapped[str] = mapped_column(sa.String(64), default="")
    group: Mapped[str] = mapped_column(sa.String(10), default="")
    rank: Mapped[int] = mapped_column(sa.Integer)
    post_grades: Mapped[str] = mapped_column(sa.String(40), default="")

    def __str__(self) -> str:
        return self.name


class TitleName(Reference):
    """拟评资格: the same words mean different levels in different series, so show all three together."""

    __tablename__ = "catalogue_title_name"
    __table_args__ = (sa.Index("ix_catalogue_title_name_narrowing", "series_code", "track", "level_code"),)

    code: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    series_code: Mapped[str] = mapped_column(sa.ForeignKey("catalogue_title_series.code"))
    track: Mapped[str] = mapped_column(sa.String(40))
    level_code: Mapped[str] = mapped_column(sa.ForeignKey("catalogue_title_level.code"))
    name: Mapped[str] = mapped_column(sa.String(40))
    confidence: Mapped[Confidence] = mapped_column(
        Choice(Confidence, "confidence"), default=Confidence.MEDIUM
    )

    series: Mapped[TitleSeries] = relationship(lazy="joined", innerjoin=True)
    level: Mapped[TitleLevel] = relationship(lazy="joined", innerjoin=True)

    def __str__(self) -> str:
        return self.name


class Specialty(Reference):
    """专业; `tracks` are the tracks of TitleName to which it may lead."""

    __tablename__ = "catalogue_specialty"

    code: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    series_code: Mapped[str] = mapped_column(sa.ForeignKey("catalogue_title_series.code"), index=True)
    group: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(60))
    initials: Mapped[str] = mapped_column(sa.String(64), default="")
    tracks: Mapped[list[str]] = mapped_column(Json(), default=list)
    confidence: Mapped[Confidence] = mapped_column(
        Choice(Confidence, "confidence"), default=Confidence.MEDIUM
    )

    series: Mapped[TitleSeries] = relationship(lazy="joined", innerjoin=True)

    def __str__(self) -> str:
        return self.name


class CodeEntry(Reference):
    """One code of one list (民族, 学历, 行政区划, 退回原因 …); `extra` holds what only that list has."""

    __tablename__ = "catalogue_code_entry"
    __table_args__ = (sa.UniqueConstraint("list", "code"),)

    id: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    list: Mapped[str] = mapped_column(sa.String(32))
    code: Mapped[str] = mapped_column(sa.String(32))
    name: Mapped[str] = mapped_column(sa.String(120))
    parent: Mapped[str] = mapped_column(sa.String(32), default="")
    initials: Mapped[str] = mapped_column(sa.String(64), default="")
    extra: Mapped[dict[str, Any]] = mapped_column(Json(), default=dict)

    def __str__(self) -> str:
        return self.name


class RuleContent:
    """What a rule of eligibility says in one of its versions. `further` holds codes of `lists.Further`; the version
    holds from `valid_from` on (None: since ever)."""

    series_code: Mapped[str] = mapped_column(sa.ForeignKey("catalogue_title_series.code"))
    target_level: Mapped[str] = mapped_column(sa.ForeignKey("catalogue_title_level.code"))
    education_any_of: Mapped[list[str]] = mapped_column(Json(), default=list)
    required_current_level: Mapped[str] = mapped_column(sa.ForeignKey("catalogue_title_level.code"))
    min_years: Mapped[int] = mapped_column(sa.Integer, default=0)
    further: Mapped[list[str]] = mapped_column(Json(), default=list, server_default="[]")
    note: Mapped[str] = mapped_column(sa.String(200), default="")
    source: Mapped[str] = mapped_column(sa.String(200), default="")
    confidence: Mapped[Confidence] = mapped_column(
        Choice(Confidence, "confidence"), default=Confidence.MEDIUM
    )
    version: Mapped[int] = mapped_column(sa.Integer, default=1, server_default="1")
    valid_from: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)


class EligibilityRule(RuleContent, Reference):
    """One way in to a level of a series, as it holds now; rows of the same series and level are alternatives."""

    __tablename__ = "catalogue_eligibility_rule"
    __table_args__ = (
        sa.Index("ix_catalogue_eligibility_rule_target", "series_code", "target_level"),
        sa.CheckConstraint("min_years >= 0", name="min_years"),
    )

    code: Mapped[str] = mapped_column(sa.String(20), primary_key=True)

    earlier: Mapped[list[EligibilityRuleVersion]] = relationship(
        order_by="EligibilityRuleVersion.version.desc()", viewonly=True
    )
    series: Mapped[TitleSeries] = relationship(lazy="joined", innerjoin=True)
    level: Mapped[TitleLevel] = relationship(
        foreign_keys="EligibilityRule.target_level", lazy="joined", innerjoin=True
    )

    def __str__(self) -> str:
        return self.code


class EligibilityRuleVersion(RuleContent, Base):
    """What a rule said until `valid_to`; written when an edit or a new file supersedes it, never changed."""

    __tablename__ = "catalogue_eligibility_rule_version"
    __table_args__ = (sa.UniqueConstraint("code", "version"),)

    id: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    code: Mapped[str] = mapped_column(sa.ForeignKey("catalogue_eligibility_rule.code"))
    retired: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    valid_to: Mapped[dt.datetime] = mapped_column(UtcDateTime)

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class InitialRecognitionRule(Reference):
    """初次认定: which education leads to which level after how many months of work."""

    __tablename__ = "catalogue_initial_recognition_rule"
    __table_args__ = (sa.CheckConstraint("min_months >= 0", name="min_months"),)

    code: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    education_any_of: Mapped[list[str]] = mapped_column(Json(), default=list)
    education_note: Mapped[str] = mapped_column(sa.String(60))
    result_level: Mapped[str] = mapped_column(sa.ForeignKey("catalogue_title_level.code"))
    min_months: Mapped[int] = mapped_column(sa.Integer, default=0)
    note: Mapped[str] = mapped_column(sa.String(200), default="")
    confidence: Mapped[Confidence] = mapped_column(
        Choice(Confidence, "confidence"), default=Confidence.MEDIUM
    )

    def __str__(self) -> str:
        return self.education_note


class MaterialType(Reference):
    """A kind of evidence, its one home (SECTION.field, ATTACH, UNIT or BODY) and its formats and limits."""

    __tablename__ = "catalogue_material_type"

    code: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    home: Mapped[str] = mapped_column(sa.String(40))
    formats: Mapped[list[str]] = mapped_column(Json(), default=list)
    jpg_max_bytes: Mapped[int | None] = mapped_column(sa.Integer, default=None)
    pdf_max_bytes: Mapped[int | None] = mapped_column(sa.Integer, default=None)
    note: Mapped[str] = mapped_column(sa.String(200), default="")

    def __str__(self) -> str:
        return self.name


class BusinessMaterial(Reference):
    """A kind of evidence that a business asks for: always, or when `required_when` holds (catalogue/conditions.py);
    otherwise it may be given."""

    __tablename__ = "catalogue_business_material"
    __table_args__ = (sa.UniqueConstraint("business", "material"),)

    code: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    business: Mapped[str] = mapped_column(sa.String(32))  # a code of CodeList.BUSINESS_TYPE
    material: Mapped[str] = mapped_column(sa.ForeignKey("catalogue_material_type.code"))
    required: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    required_when: Mapped[str] = mapped_column(sa.String(200), default="")
    note: Mapped[str] = mapped_column(sa.String(200), default="")

    def __str__(self) -> str:
        return self.code


class SmsTemplate(Reference):
    """The text of one kind of message; `placeholders` are the names that it fills."""

    __tablename__ = "catalogue_sms_template"

    code: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    receivers: Mapped[list[str]] = mapped_column(Json(), default=list)
    occasion: Mapped[str] = mapped_column(sa.String(40))
    text: Mapped[str] = mapped_column(sa.String(300))
    placeholders: Mapped[list[str]] = mapped_column(Json(), default=list)

    def __str__(self) -> str:
        return self.occasion


class WorkdayOverride(Base):
    """A day of which the office says itself whether it is a working day (调休, 壮族三月三 …)."""

    __tablename__ = "catalogue_workday_override"

    id: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    date: Mapped[dt.date] = mapped_column(sa.Date, unique=True)
    is_workday: Mapped[bool] = mapped_column(sa.Boolean)
    note: Mapped[str] = mapped_column(sa.String(100), default="")

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d}"


def pinyin_initials(name: str) -> str:
    """The first letters by which a name is found when typed: 壮族 -> zz."""
    # Imported on first use: its dictionary costs what no start should pay.
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()[:64]


@event.listens_for(Reference, "before_insert", propagate=True)
@event.listens_for(Reference, "before_update", propagate=True)
def _the_office_edited(_mapper: Mapper[Any], _connection: sa.Connection, row: Reference) -> None:
    # The loader writes by Core statements and passes this by; what comes as an object is a person's edit.
    row.kept_by = KeptBy.OFFICE
    if hasattr(row, "initials"):
        row.initials = pinyin_initials(row.name)
