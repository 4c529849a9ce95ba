"""基层服务: teaching, medicine and village service away from the city. That some doctors and teachers of towns need a
year of it cannot be seen from the fields: it is a hint here, no bar."""

from __future__ import annotations

from app.applications.sections.computing import Computed, Operation
from app.applications.sections.declaration import Attachment, Field, FieldType, Section, options
from app.applications.sections.parts import DATE_HINT
from app.catalogue.lists import CodeList
from app.words import N_

SECTION = Section(
    code="GRASS",
    name=N_("基层服务（支教、支医、驻村）"),
    order=11,
    repeats=True,
    max_rows=20,
    services=frozenset({"declaration"}),
    required_when="apply_type in GRASS",
    intro=N_(
        "每段服务一条。执业医师晋升副高级、城镇中小学教师评高级的，一般要求累计服务1年以上；其他人没有的可以不填。"
    ),
    summary=("kind", "place", "start", "end"),
    fields=(
        Field(
            "kind", N_("类型"), FieldType.CODE, True,
            choices=options(
                ("TEACH", N_("支教")),
                ("MEDICAL", N_("支医")),
                ("VILLAGE", N_("驻村")),
                ("SCITECH", N_("科技特派")),
                ("REMOTE", N_("艰苦边远")),
                ("TOWNSHIP", N_("乡镇任职")),
            ),
        ),
        Field("place", N_("服务单位"), required=True, hint=N_("例如：三江县示例镇中心卫生院。")),
        Field(
            "division", N_("所在地"), FieldType.DIVISION, True, choices=CodeList.DIVISION, hint=N_("选到县（市、区）。")
        ),
        Field("start", N_("开始时间"), FieldType.DATE, True, not_in_future=True, hint=DATE_HINT),
        Field(
            "end", N_("结束时间"), FieldType.DATE, True, not_in_future=True, not_before="start",
            hint=N_("尚未结束的填到申报之日，例如 2024-08-31。"),
        ),
        Field(
            "months", N_("累计月数"), FieldType.INT, True, computed=Computed(Operation.MONTHS, ("start", "end")),
            hint=N_("由起止时间算出，不满一个月的不计。"),
        ),
        Field("content", N_("工作内容"), FieldType.TEXTAREA, max_length=500, hint=N_("最多500字。")),
    ),
    attachments=(
        Attachment(
            "file", "GRASSROOTS", N_("基层（支教、支医）服务证明"), required=True, max_files=5,
            hint=N_("须有服务单位或派出单位盖章。"),
        ),
    ),
)
