"""业绩成果: projects, research and engineering. The evidence stands in one merged PDF or at the row, never
both."""

from __future__ import annotations

from app.applications.sections.declaration import Field, FieldType, Section, grouped, options
from app.applications.sections.parts import MERGED, PDF_PAGE, own_file
from app.catalogue.lists import CodeList
from app.words import N_

SECTION = Section(
    code="PROJECT",
    name=N_("业绩成果"),
    order=12,
    repeats=True,
    min_rows=0,
    max_rows=50,
    services=frozenset({"declaration"}),
    required_when="",
    intro=N_(
        "填写任现职以来主持或参与的项目、课题、工程。每一条的证明材料可以并入整份申报的一个合并PDF（在「附件上传」中上传），在这里填写页码；也可以在这一条单独上传。两种方式每条只用一种。"
    ),
    summary=("name", "role", "rank", "start"),
    merged=MERGED,
    fields=(
        *grouped(
            N_("项目"),
            Field("name", N_("名称"), required=True, max_length=200),
            Field("no", N_("编号")),
            Field(
                "kind",
                N_("类别"),
                FieldType.CODE,
                True,
                choices=options(
                    ("VERTICAL", N_("纵向课题")),
                    ("HORIZONTAL", N_("横向课题")),
                    ("ENGINEERING", N_("工程项目")),
                    ("UPGRADE", N_("技术改造")),
                    ("PRODUCT", N_("产品研发")),
                    ("PROMOTION", N_("成果推广")),
                    ("OTHER", N_("其他")),
                ),
            ),
            Field("grade", N_("级别"), FieldType.CODE, True, choices=CodeList.ACHIEVEMENT_GRADE),
            Field("source", N_("下达或委托单位"), required=True),
            Field(
                "start",
                N_("开始时间"),
                FieldType.MONTH,
                True,
                not_in_future=True,
                hint=N_("填写年和月，例如 2020-03。"),
            ),
            Field("end", N_("结束时间"), FieldType.MONTH, not_before="start", hint=N_("尚未结束的不填。")),
            Field(
                "fund",
                N_("经费（万元）"),
                FieldType.DECIMAL,
                minimum=0,
                maximum=100_000_000,
                hint=N_("例如 35.5。"),
            ),
            Field(
                "scale",
                N_("规模"),
                FieldType.CODE,
                choices=options(("LARGE", N_("大型")), ("MEDIUM", N_("中型")), ("SMALL", N_("小型"))),
            ),
        ),
        *grouped(
            N_("本人的作用"),
            Field(
                "role",
                N_("本人角色"),
                FieldType.CODE,
                True,
                choices=options(("LEAD", N_("主持")), ("MAIN", N_("主要参与")), ("MEMBER", N_("参与"))),
            ),
            Field("rank", N_("本人排名"), FieldType.INT, True, minimum=1, maximum=999, not_above="total"),
            Field("total", N_("总人数"), FieldType.INT, True, minimum=1, maximum=999),
        ),
        *grouped(
            N_("完成情况和证明"),
            Field(
                "status",
                N_("状态"),
                FieldType.CODE,
                True,
                choices=options(
                    ("ONGOING", N_("在研")),
                    ("CLOSED", N_("结题")),
                    ("ACCEPTED", N_("验收")),
                    ("APPRAISED", N_("鉴定")),
                    ("IN_SERVICE", N_("投产")),
                ),
            ),
            Field("duty", N_("承担的具体工作"), FieldType.TEXTAREA, True, max_length=500, hint=N_("最多500字。")),
            Field(
                "effect",
                N_("完成情况及效果（经济、社会效益）"),
                FieldType.TEXTAREA,
                True,
                max_length=1000,
                hint=N_("最多1000字。"),
            ),
            PDF_PAGE,
        ),
    ),
    attachments=(own_file("PROJECT", N_("本条的证明材料"), ("pdf",)),),
)
