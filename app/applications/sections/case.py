"""病案: the cases by which a doctor or nurse is judged. No patient may be recognised in them."""

from __future__ import annotations

from app.applications.sections.declaration import Attachment, Field, FieldType, Section, options
from app.applications.sections.parts import DATE_HINT
from app.applications.sections.tracks import MEDICINE, NURSING
from app.words import N_

SECTION = Section(
    code="CASE",
    name=N_("病案"),
    order=21,
    repeats=True,
    max_rows=30,
    services=frozenset({"declaration"}),
    series=frozenset({"04"}),
    required_when=f"series in 04 and track in {MEDICINE},{NURSING}",
    intro=N_(
        "任现职以来能反映本人水平的病案，每份一条，件数按评委会的要求。上传前必须隐去患者的姓名、证件号、电话和住址。"
    ),
    summary=("diagnosis", "kind", "role", "in_date"),
    fields=(
        Field("no", N_("住院号/门诊号"), required=True, max_length=50, hint=N_("只填号码，不要填患者姓名。")),
        Field("diagnosis", N_("主要诊断"), required=True, hint=N_("出院第一诊断，例如：急性前壁心肌梗死。")),
        Field("icd", N_("ICD-10编码"), max_length=20, hint=N_("例如 I21.0，不清楚的不填。")),
        Field("in_date", N_("入院日期"), FieldType.DATE, True, not_in_future=True, hint=DATE_HINT),
        Field(
            "out_date", N_("出院日期"), FieldType.DATE, True, not_in_future=True, not_before="in_date",
            hint=N_("不早于入院日期；门诊病案两项填同一天。"),
        ),
        Field(
            "role", N_("本人角色"), FieldType.CODE, True,
            choices=options(
                ("ATTENDING", N_("主治")),
                ("SURGEON", N_("主刀")),
                ("ASSISTANT", N_("一助")),
                ("RESCUE", N_("抢救主持")),
                ("NURSE", N_("责任护士")),
            ),
        ),
        Field(
            "kind", N_("类型"), FieldType.CODE, True,
            choices=options(
                ("DIFFICULT", N_("疑难")),
                ("CRITICAL", N_("危重")),
                ("SURGERY", N_("手术")),
                ("TYPICAL", N_("典型")),
                ("NURSING", N_("护理")),
            ),
        ),
        Field(
            "desensitized", N_("已隐去患者姓名、证件号"), FieldType.BOOL, True, must_be_true=True,
            hint=N_("请逐页检查后选「是」；没有隐去的不能提交。"),
        ),
    ),
    attachments=(
        Attachment(
            "file", "CASE", N_("病案扫描"), ("pdf",), required=True, max_files=5,
            hint=N_("在模板中做好后另存为PDF；须隐去患者信息。"),
        ),
    ),
)
