"""临床（专业）工作量: the work of one year a row. Which figures count depends on the specialty, so none is required."""

from __future__ import annotations

from app.applications.sections.declaration import Attachment, Field, FieldType, Section, grouped
from app.applications.sections.parts import past_year
from app.applications.sections.problems import ProblemCode
from app.applications.sections.rows_rules import no_repeat
from app.words import N_


def count(code: str, label: str, maximum: int, hint: str = "", not_above: str = "") -> Field:
    return Field(code, label, FieldType.INT, minimum=0, maximum=maximum, hint=hint, not_above=not_above)


SECTION = Section(
    code="MEDWORK",
    name=N_("临床（专业）工作量"),
    order=20,
    repeats=True,
    max_rows=30,
    services=frozenset({"declaration"}),
    series=frozenset({"04"}),
    required_when="series in 04",
    intro=N_("任现职以来每年一条。只填与本专业有关的数字，没有的不填；每年都要上传医务科盖章的证明。"),
    summary=("year", "outpatient", "op_total", "nursing_weeks", "report"),
    rows_rules=(no_repeat("year", ProblemCode.YEAR_TWICE),),
    fields=(
        *grouped(
            N_("门诊和病房"),
            past_year(N_("例如 2025；每年只填一条。")),
            count("outpatient_units", N_("门诊单元（半天）"), 800, N_("半天且接诊不少于15人次为1个单元（按科目设定）。")),
            count("outpatient", N_("门诊人次"), 100_000),
            count("inpatient", N_("出院（参与或作为治疗组长）人数"), 100_000),
        ),
        *grouped(
            N_("手术和抢救"),
            count("op_total", N_("手术/操作例数"), 100_000),
            count("op_34", N_("其中三四级手术"), 100_000, N_("不大于手术/操作例数。"), not_above="op_total"),
            count("rescue", N_("危急重症抢救例数"), 100_000),
            count("consult", N_("会诊例数"), 100_000),
        ),
        *grouped(
            N_("医技、护理和带教"),
            count("report", N_("签发报告份数（医技）"), 1_000_000, N_("影像、检验、病理等医技科室填写。")),
            count("nursing_weeks", N_("临床护理周数"), 53, N_("护理人员填写，一年最多53周。")),
            count("teach_hours", N_("带教学时"), 5_000),
        ),
    ),
    attachments=(
        Attachment(
            "file", "MEDWORK", N_("临床工作量证明（医务科盖章）"), required=True, max_files=5,
            hint=N_("由医务科（护理部）出具并盖章。"),
        ),
    ),
)
