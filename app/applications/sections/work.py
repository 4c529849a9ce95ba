"""工作经历: the employments one after the other, without gaps being asked for and without overlaps."""

from __future__ import annotations

from app.applications.sections.declaration import Attachment, Field, FieldType, Section
from app.applications.sections.rows_rules import no_overlap
from app.words import N_

SECTION = Section(
    code="WORK",
    name=N_("工作经历"),
    order=5,
    repeats=True,
    max_rows=30,
    services=frozenset({"declaration", "recognition", "reconfirmation"}),
    intro=N_("从参加工作起按时间填写，各段时间不要重叠；目前的一段不填结束时间。"),
    summary=("start", "end", "unit", "post"),
    rows_rules=(no_overlap("start", "end"),),
    fields=(
        Field(
            "start",
            N_("开始时间"),
            FieldType.MONTH,
            True,
            not_in_future=True,
            hint=N_("填写年和月，例如 2012-07。"),
        ),
        Field(
            "end",
            N_("结束时间"),
            FieldType.MONTH,
            not_in_future=True,
            not_before="start",
            hint=N_("至今仍在岗的不填；最多一段至今。"),
        ),
        Field("unit", N_("单位"), required=True),
        Field("dept", N_("部门")),
        Field("post", N_("岗位/职务"), required=True),
        Field("specialty", N_("从事何专业技术工作"), required=True),
        Field(
            "is_pro",
            N_("是否专业技术岗位"),
            FieldType.BOOL,
            True,
            hint=N_("用于计算从事专业技术工作的年限。"),
        ),
        Field("witness", N_("证明人"), max_length=50),
    ),
    attachments=(Attachment("file", "WORK", N_("工作经历证明"), max_files=5),),
)
