"""继续教育: the hours of each year. The least hours are those of the 专业技术人员继续教育规定: 90 a year, of which at
least 60 in professional subjects."""

from __future__ import annotations

from app.applications.sections.computing import Computed, Operation
from app.applications.sections.declaration import Attachment, Field, FieldType, Section
from app.applications.sections.parts import past_year
from app.applications.sections.problems import ProblemCode
from app.applications.sections.rows_rules import no_repeat, no_year_left_out
from app.words import N_

LEAST_PUBLIC_HOURS, LEAST_PROFESSIONAL_HOURS, LEAST_HOURS = 30, 60, 90
MOST_HOURS = 2000

SECTION = Section(
    code="CE",
    name=N_("继续教育"),
    order=8,
    repeats=True,
    max_rows=30,
    services=frozenset({"declaration", "recognition"}),
    required_when="service in declaration",
    intro=N_(
        "每年一条，从任现职（或参加工作）的第一年填起，中间各年不缺。每年合计不少于90学时，其中公需科目不少于30学时、专业科目不少于60学时。"
    ),
    summary=("year", "total"),
    rows_rules=(no_repeat("year", ProblemCode.YEAR_TWICE), no_year_left_out("year")),
    fields=(
        past_year(N_("例如 2025；每年只填一条。")),
        Field(
            "public_hours", N_("公需科目学时"), FieldType.DECIMAL, True,
            minimum=LEAST_PUBLIC_HOURS, maximum=MOST_HOURS, hint=N_("不少于30学时，例如 30。"),
        ),
        Field(
            "pro_hours", N_("专业科目学时"), FieldType.DECIMAL, True,
            minimum=LEAST_PROFESSIONAL_HOURS, maximum=MOST_HOURS, hint=N_("不少于60学时，例如 62.5。"),
        ),
        Field(
            "total", N_("合计"), FieldType.DECIMAL, True, minimum=LEAST_HOURS,
            computed=Computed(Operation.SUM, ("public_hours", "pro_hours")), hint=N_("公需与专业之和，不少于90学时。"),
        ),
        Field("cert_no", N_("合格证编号"), max_length=50, hint=N_("没有编号的不填。")),
        Field("result", N_("是否合格"), FieldType.BOOL, True),
    ),
    attachments=(
        Attachment("file", "CE", N_("继续教育合格证/学时证明"), required=True, max_files=5),
    ),
)
