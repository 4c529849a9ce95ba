"""教学工作量: one course of one term a row."""

from __future__ import annotations

from app.applications.sections.computing import Computed, Operation
from app.applications.sections.declaration import Field, FieldType, Section, options
from app.applications.sections.parts import MERGED, OWN_OR_MERGED, PDF_PAGE, own_file
from app.applications.sections.shapes import SCHOOL_TERM
from app.words import N_

MOST_WEEKLY_HOURS, MOST_WEEKS = 40, 25

SECTION = Section(
    code="TEACH",
    name=N_("教学工作量（课时）"),
    order=18,
    repeats=True,
    max_rows=60,
    services=frozenset({"declaration"}),
    series=frozenset({"01", "13", "21", "22"}),
    required_when="series in 01,13,21,22",
    intro=OWN_OR_MERGED,
    summary=("year", "course", "klass", "total"),
    merged=MERGED,
    fields=(
        Field(
            "year", N_("学年（学期）"), required=True, max_length=20, shape=SCHOOL_TERM,
            hint=N_("例如 2024-2025-1，最后一位是学期。")
        ),
        Field("course", N_("课程"), required=True, hint=N_("例如：初中数学。")),
        Field("klass", N_("授课班级"), hint=N_("例如：八年级（3）、（4）班。")),
        Field("students", N_("学生数"), FieldType.INT, minimum=0, maximum=10_000),
        Field(
            "weekly", N_("周课时"), FieldType.DECIMAL, True, minimum=0, maximum=MOST_WEEKLY_HOURS,
            hint=N_("每周上课的课时，例如 12。"),
        ),
        Field(
            "weeks", N_("周数"), FieldType.INT, True, minimum=0, maximum=MOST_WEEKS, hint=N_("本学期上课的周数，例如 18。")
        ),
        Field(
            "total", N_("总课时"), FieldType.DECIMAL, True,
            computed=Computed(Operation.PRODUCT, ("weekly", "weeks")), hint=N_("周课时乘以周数。"),
        ),
        Field(
            "eval", N_("教学考核等次"), FieldType.CODE,
            choices=options(
                ("EXCELLENT", N_("优秀")), ("GOOD", N_("良好")), ("PASS", N_("合格")), ("FAIL", N_("不合格"))
            ),
        ),
        PDF_PAGE,
    ),
    attachments=(own_file("TEACH_HOURS", N_("课时证明")),),
)
