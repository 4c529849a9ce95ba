"""现任职称: the titles already held and the employments in them; one of them is the current one."""

from __future__ import annotations

from app.applications.sections.declaration import Attachment, Field, FieldType, Section, grouped, options
from app.applications.sections.problems import ProblemCode
from app.applications.sections.rows_rules import exactly_one
from app.catalogue.lists import CodeList
from app.words import N_

SECTION = Section(
    code="TITLE",
    name=N_("现任职称"),
    order=6,
    repeats=True,
    max_rows=10,
    required_when=(
        "service in reconfirmation,replacement,registration"
        " or service in declaration and level in ASSOC,SENIOR"
        " and apply_type in NORMAL,EXC_EDU,EXC_YEARS,EXC_BOTH,GRASS,EXAM"
        " or apply_type in CONVERT"
    ),
    intro=N_(
        "填写已取得的职称及聘任情况，其中恰好一条是现职称；初次申报、没有职称的可以不填。补办、登记、确认的填写所涉证书。"
    ),
    summary=("title", "level", "date"),
    rows_rules=(exactly_one("is_current", ProblemCode.NO_CURRENT, ProblemCode.TWO_CURRENT),),
    fields=(
        *grouped(
            N_("资格"),
            Field("series", N_("系列"), FieldType.CODE, True, choices=CodeList.TITLE_SERIES),
            Field("title", N_("资格名称"), required=True, hint=N_("填写证书上的名称，例如：工程师。")),
            Field("level", N_("级别"), FieldType.CODE, True, choices=CodeList.TITLE_LEVEL),
            Field("specialty", N_("专业"), required=True),
            Field(
                "date",
                N_("取得时间"),
                FieldType.DATE,
                True,
                not_in_future=True,
                hint=N_("批准文件中评委会通过的日期，例如 2018-11-30。"),
            ),
            Field(
                "way",
                N_("取得方式"),
                FieldType.CODE,
                True,
                choices=options(
                    ("REVIEW", N_("评审")),
                    ("EXAM", N_("考试")),
                    ("EXAM_REVIEW", N_("考评结合")),
                    ("RECOGNIZE", N_("认定")),
                    ("CONFIRM", N_("确认")),
                ),
            ),
            Field("approve_org", N_("批准（评审）机构"), required=True),
            Field("approve_no", N_("批准文号")),
            Field(
                "cert_no",
                N_("证书编号"),
                required_when="service not in replacement",
                max_length=50,
                hint=N_("补办证书时不记得编号的可以不填。"),
            ),
        ),
        *grouped(
            N_("聘任"),
            Field(
                "employ_start",
                N_("聘任起"),
                FieldType.DATE,
                required_when="service in declaration and unit_nature in PSU_FULL,PSU_PART,PSU_SELF",
                not_in_future=True,
                hint=N_("事业单位的申报人必填，例如 2019-01-01。"),
            ),
            Field(
                "employ_end",
                N_("聘任止"),
                FieldType.DATE,
                not_before="employ_start",
                hint=N_("至今仍在聘的不填。"),
            ),
            Field("employ_unit", N_("聘任单位")),
            Field("is_current", N_("是否现职称"), FieldType.BOOL, True, hint=N_("恰好一条选「是」。")),
        ),
    ),
    attachments=(
        Attachment(
            "file",
            "TITLE_CERT",
            N_("职称证书"),
            required_when="service not in replacement,recognition",
            hint=N_("补办证书时如有复印件可以上传。"),
            max_files=5,
        ),
        Attachment("employ_file", "EMPLOY", N_("聘书、聘任文件或岗位聘用合同"), max_files=5),
    ),
)
