"""Which CSV files there are, which columns they have and where each goes: as the loader reads it.
Order matters: a file stands below those to which it points."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.catalogue.lists import CodeList, Further
from app.catalogue.models import (
    BusinessMaterial,
    CodeEntry,
    Confidence,
    EligibilityRule,
    InitialRecognitionRule,
    MaterialType,
    Reference,
    SmsTemplate,
    Specialty,
    TitleLevel,
    TitleName,
    TitleSeries,
)


class Kind(StrEnum):
    TEXT = "text"
    INT = "int"
    FLAG = "flag"
    CODES = "codes"  # several in one cell, separated by |
    CONDITION = "condition"  # in the language of catalogue/conditions.py


@dataclass(frozen=True)
class Column:
    """One column of a file. `to` is the attribute that takes it: its own name if None, nowhere if empty."""

    header: str
    kind: Kind = Kind.TEXT
    filled: bool = False
    to: str | None = None
    links: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    pattern: str = ""

    @property
    def attribute(self) -> str:
        return self.header if self.to is None else self.to


@dataclass(frozen=True)
class File:
    """One CSV file; `fixed` are values that all its rows get."""

    name: str
    model: type[Reference]
    columns: tuple[Column, ...]
    fixed: tuple[tuple[str, Any], ...] = ()

    @property
    def is_code_list(self) -> bool:
        return self.model is CodeEntry


CONFIDENCE = Column("confidence", filled=True, allowed=tuple(Confidence))
CODE = Column("code", filled=True, pattern=r"[A-Za-z0-9_-]{1,32}")
NAME = Column("name", filled=True)
NOTE = Column("note")
LEVEL = ("title_level",)
SERIES = ("title_series", "title_series_local")
TOKENS = Column("education_any_of", Kind.CODES, filled=True, links=("qualification_token",))


def number(header: str, filled: bool = True) -> Column:
    return Column(header, Kind.INT, filled)


def flag(header: str) -> Column:
    return Column(header, Kind.FLAG, filled=True)


def code_list(
    kind: CodeList, *more: Column, name: str = "", code: Column = CODE, label: Column = NAME
) -> File:
    """A file that is one list of CodeEntry; columns beyond code, name and parent go to `extra`."""
    return File(name or kind.value, CodeEntry, (code, label, *more), (("list", kind.value),))


def parent(file: str) -> Column:
    return Column("parent", links=(file,))


FILES: tuple[File, ...] = (
    code_list(CodeList.ETHNIC_GROUP, Column("roman"), Column("alpha"), name="ethnic_group_gbt3304"),
    code_list(CodeList.GENDER, name="gender_gbt2261_1"),
    code_list(CodeList.POLITICAL, Column("short", filled=True), name="political_gbt4762"),
    code_list(
        CodeList.EDUCATION_GB,
        parent("education_gbt4658"),
        flag("counts_as_qualification"),
        NOTE,
        name="education_gbt4658",
    ),
    code_list(
        CodeList.EDUCATION,
        number("rank"),
        Column("gbt4658", filled=True, links=("education_gbt4658",)),
        name="education_simple",
    ),
    code_list(CodeList.EDUCATION_MODE, flag("fulltime")),
    code_list(CodeList.DEGREE, parent("degree_gbt6864"), Column("source"), name="degree_gbt6864"),
    code_list(
        CodeList.QUALIFYING,
        Column("kind", filled=True, allowed=("degree", "education", "exam", "skill", "other")),
        number("rank", filled=False),
        Column("derive", filled=True),
        NOTE,
    ),
    code_list(
        CodeList.DIVISION, parent("division_gbt2260"), number("level"), flag("is_gb"), name="division_gbt2260"
    ),
    code_list(
        CodeList.DIVISION_LIUZHOU,
        Column("parent", filled=True, links=("division_gbt2260",)),
        number("level"),
        Column("level_name"),
    ),
    code_list(CodeList.UNIT_NATURE, Column("group", filled=True)),
    code_list(CodeList.UNIT_LEVEL),
    code_list(CodeList.UNIT_AFFILIATION, name="unit_affiliation_gbt12404"),
    code_list(
        CodeList.ID_TYPE,
        Column("pattern", filled=True),
        Column("checksum", filled=True, allowed=("gb11643", "none")),
        NOTE,
    ),
    code_list(CodeList.ANNUAL_ASSESSMENT, Column("applies_to"), flag("passes")),
    code_list(CodeList.APPLY_TYPE, Column("description")),
    code_list(CodeList.ACHIEVEMENT_GRADE, number("rank")),
    code_list(CodeList.ACHIEVEMENT_KIND, Column("section", filled=True)),
    code_list(CodeList.JOURNAL_GRADE, number("rank")),
    code_list(CodeList.RETURN_REASON),
    code_list(CodeList.RECUSAL_RELATION),
    code_list(CodeList.HONESTY_RECORD, number("years"), name="honesty_record_kind"),
    code_list(CodeList.BUSINESS_TYPE, Column("service"), Column("meaning")),
    code_list(
        CodeList.CAMPAIGN_STAGE,
        Column("kind", filled=True, allowed=("deadline", "term")),
        number("value"),
        Column("unit", filled=True, allowed=("calendar_day", "working_day")),
        Column("counts_from", filled=True),
        NOTE,
    ),
    code_list(
        CodeList.CE_REQUIREMENT,
        number("hours_per_year"),
        Column("source"),
        label=Column("item", filled=True, to="name"),
    ),
    File(
        "title_level",
        TitleLevel,
        (CODE, NAME, Column("group"), number("rank"), Column("post_grades")),
    ),
    code_list(
        CodeList.FEE_DEFAULT,
        number("amount_fen"),
        code=Column("level_code", filled=True, to="code", links=LEVEL),
        label=Column("comment", filled=True, to="name"),
    ),
    code_list(
        CodeList.TITLE_HISTORIC,
        parent("title_gbt8561_2001"),
        Column("level_code", links=LEVEL),
        name="title_gbt8561_2001",
    ),
    File(
        "title_series",
        TitleSeries,
        (
            CODE,
            NAME,
            *(
                Column(header, Kind.FLAG, filled=True, to=f"levels.{level}")
                for header, level in (
                    ("has_senior", "SENIOR"),
                    ("has_associate_senior", "ASSOC"),
                    ("has_mid", "MID"),
                    ("has_assistant", "ASSIST"),
                    ("has_technician", "TECH"),
                )
            ),
            Column("route", filled=True),
            Column("exam_levels", Kind.CODES, links=LEVEL),
            Column("exam_review_levels", Kind.CODES, links=LEVEL),
            Column("reform_doc"),
            Column("confidence", filled=True, to="", allowed=tuple(Confidence)),
            NOTE,
        ),
        (("local", False),),
    ),
    File(
        "title_series_local",
        TitleSeries,
        (CODE, NAME, NOTE),
        (
            ("local", True),
            ("levels", []),
            ("exam_levels", []),
            ("exam_review_levels", []),
            ("route", ""),
            ("reform_doc", ""),
        ),
    ),
    File(
        "title_name",
        TitleName,
        (
            CODE,
            Column("series_code", filled=True, links=SERIES),
            Column("track", filled=True),
            Column("level_code", filled=True, links=LEVEL),
            NAME,
            CONFIDENCE,
        ),
    ),
    File(
        "specialty",
        Specialty,
        (
            CODE,
            Column("series_code", filled=True, links=SERIES),
            Column("group", filled=True),
            NAME,
            Column("track", Kind.CODES, filled=True, to="tracks"),
            CONFIDENCE,
        ),
    ),
    File(
        "eligibility_rule",
        EligibilityRule,
        (
            CODE,
            Column("series_code", filled=True, links=SERIES),
            Column("target_level", filled=True, links=LEVEL),
            TOKENS,
            Column("required_current_level", filled=True, links=LEVEL),
            number("min_years"),
            Column("further", Kind.CODES, allowed=tuple(Further)),
            NOTE,
            Column("source", filled=True),
            CONFIDENCE,
        ),
    ),
    File(
        "initial_recognition_rule",
        InitialRecognitionRule,
        (
            CODE,
            TOKENS,
            Column("education_note", filled=True),
            Column("result_level", filled=True, links=LEVEL),
            number("min_months"),
            NOTE,
            CONFIDENCE,
        ),
    ),
    File(
        "material_type",
        MaterialType,
        (
            CODE,
            NAME,
            Column("home", filled=True, pattern=r"[A-Z]+(\.[a-z_]+)?"),
            Column("formats", Kind.CODES, filled=True, allowed=("jpg", "pdf")),
            number("jpg_max_bytes", filled=False),
            number("pdf_max_bytes", filled=False),
            NOTE,
        ),
    ),
    File(
        "business_material",
        BusinessMaterial,
        (
            CODE,
            Column("business", filled=True, links=("business_type",)),
            Column("material", filled=True, links=("material_type",)),
            flag("required"),
            Column("required_when", Kind.CONDITION),
            NOTE,
        ),
    ),
    File(
        "sms_template",
        SmsTemplate,
        (
            CODE,
            Column("receiver", Kind.CODES, filled=True, to="receivers"),
            Column("when", filled=True, to="occasion"),
            Column("text", filled=True),
            Column("placeholders", Kind.CODES),
        ),
    ),
)
