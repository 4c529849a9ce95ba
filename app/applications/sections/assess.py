"""年度考核: the grade of each year."""

from __future__ import annotations

from app.applications.sections.declaration import Attachment, Field, FieldType, Section
from app.applications.sections.parts import past_year
from app.applications.sections.problems import ProblemCode
from app.applications.sections.rows_rules import no_repeat
from app.catalogue.lists import CodeList
from app.words import N_

SECTION = Section(
    code="ASSESS",
    name=N_("年度考核"),
    order=9,
    repeats=True,
    max_rows=40,
    services=frozenset({"declaration", "recognition"}),
    required_when="service in declaration",
    intro=N_("每年一条，填写近5年或任现职以来各年度的考核结果；没有参加考核的年度选「未参加考核」。"),
    summary=("year", "grade", "unit"),
    rows_rules=(no_repeat("year", ProblemCode.YEAR_TWICE),),
    fields=(
        past_year(N_("考核所属的年度，例如 2025；每年只填一条。")),
        Field("grade", N_("等次"), FieldType.CODE, True, choices=CodeList.ANNUAL_ASSESSMENT),
        Field("unit", N_("考核单位"), required=True, hint=N_("填写当年考核您的单位全称。")),
    ),
    attachments=(
        Attachment("file", "ASSESS", N_("年度考核表"), max_files=5, hint=N_("有考核表的可以上传，须有单位盖章。")),
    ),
)
