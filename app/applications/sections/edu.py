"""学历学位: every degree and diploma that counts, one of them the basis of the application."""

from __future__ import annotations

from app.applications.sections.declaration import Attachment, Field, FieldType, Section, grouped
from app.applications.sections.problems import ProblemCode
from app.applications.sections.rows_rules import at_most_one, exactly_one
from app.catalogue.lists import CodeList
from app.words import N_

HAS_DEGREE = "degree filled and degree not in 0"

SECTION = Section(
    code="EDU",
    name=N_("学历学位"),
    order=3,
    repeats=True,
    max_rows=10,
    services=frozenset({"declaration", "recognition", "reconfirmation"}),
    intro=N_("从最高学历填起，每个学历一条；其中恰好一条是申报所依据的学历。"),
    summary=("level", "school", "major", "end"),
    rows_rules=(
        at_most_one("is_highest", ProblemCode.TWO_HIGHEST),
        exactly_one("is_apply_basis", ProblemCode.NO_BASIS, ProblemCode.TWO_BASES),
    ),
    fields=(
        *grouped(
            N_("学历"),
            Field("level", N_("学历"), FieldType.CODE, True, choices=CodeList.EDUCATION),
            Field(
                "degree", N_("学位"), FieldType.CODE, choices=CodeList.DEGREE, hint=N_("没有学位的选「无学位」。")
            ),
            Field("mode", N_("学习形式"), FieldType.CODE, True, choices=CodeList.EDUCATION_MODE),
            Field("school", N_("毕业院校"), required=True, hint=N_("填写毕业证书上的全称。")),
            Field("major", N_("所学专业"), required=True),
            Field(
                "start",
                N_("入学时间"),
                FieldType.MONTH,
                True,
                not_in_future=True,
                hint=N_("填写年和月，例如 2008-09。"),
            ),
            Field(
                "end",
                N_("毕业时间"),
                FieldType.MONTH,
                True,
                not_in_future=True,
                after="start",
                hint=N_("填写年和月，例如 2012-07；须晚于入学时间。"),
            ),
        ),
        *grouped(
            N_("证书"),
            Field("cert_no", N_("毕业证书编号"), required=True, max_length=50),
            Field(
                "degree_no",
                N_("学位证书编号"),
                required_when=HAS_DEGREE,
                max_length=50,
                hint=N_("有学位的必填。"),
            ),
            Field("degree_date", N_("学位授予时间"), FieldType.MONTH, not_in_future=True, not_before="start"),
        ),
        *grouped(
            N_("在申报中的作用"),
            Field("is_highest", N_("是否最高学历"), FieldType.BOOL, True, hint=N_("只能有一条选「是」。")),
            Field("is_first", N_("是否参加工作前学历"), FieldType.BOOL),
            Field("is_apply_basis", N_("是否申报依据学历"), FieldType.BOOL, True, hint=N_("恰好一条选「是」。")),
        ),
    ),
    attachments=(
        Attachment("file", "EDU", N_("毕业证书"), required=True, max_files=5),
        Attachment(
            "degree_file",
            "DEGREE",
            N_("学位证书"),
            required_when=f"{HAS_DEGREE} and service in declaration,recognition",
            hint=N_("有学位的必传。"),
            max_files=5,
        ),
        Attachment(
            "verify_file",
            "EDU_VERIFY",
            N_("学历电子注册备案表或认证报告"),
            required_when="service in recognition or service in declaration and end >= 2002-01",
            hint=N_("2002年1月起毕业的必传：国内学历传学信网备案表，境外学历传认证报告。"),
            max_files=5,
        ),
    ),
)
