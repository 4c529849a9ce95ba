"""职业（执业）资格: licences to practise and vocational certificates; some series cannot do without."""

from __future__ import annotations

from app.applications.sections.declaration import Attachment, Field, FieldType, Section, options
from app.applications.sections.parts import DATE_HINT
from app.applications.sections.tracks import MEDICINE, NURSING, PUBLIC_HEALTH
from app.words import N_

SECTION = Section(
    code="LICENSE",
    name=N_("职业（执业）资格"),
    order=7,
    repeats=True,
    max_rows=20,
    services=frozenset({"declaration", "recognition", "reconfirmation"}),
    required_when=(
        "service in declaration and series in 22,24,25"
        f" or service in declaration and series in 04 and track in {MEDICINE},{PUBLIC_HEALTH},{NURSING}"
        " or apply_type in SKILL"
    ),
    intro=N_(
        "医师、护士填执业证书，教师填教师资格证书，高技能人才填技能等级证书，每个证书一条。其他系列没有的可以不填。"
    ),
    summary=("name", "no", "date"),
    fields=(
        Field(
            "kind", N_("类别"), FieldType.CODE, True,
            choices=options(
                ("PRACTICE", N_("执业资格")),
                ("TEACHER", N_("教师资格")),
                ("VOCATION", N_("职业资格")),
                ("SKILL3", N_("高级工（三级）")),
                ("SKILL2", N_("技师（二级）")),
                ("SKILL1", N_("高级技师（一级）")),
                ("POSTDOC", N_("博士后证书")),
                ("OTHER", N_("其他")),
            ),
            hint=N_("医师、护士、公证员等选「执业资格」，教师选「教师资格」。"),
        ),
        Field("name", N_("资格名称"), required=True, hint=N_("填写证书上的名称，例如：医师执业证书。")),
        Field("no", N_("编号"), required=True, max_length=50, hint=N_("填写证书上的编号。")),
        Field("org", N_("发证机关"), required=True, hint=N_("例如：柳州市卫生健康委员会。")),
        Field("date", N_("取得日期"), FieldType.DATE, True, not_in_future=True, hint=DATE_HINT),
        Field("reg_unit", N_("注册（执业）单位"), hint=N_("证书上注册的执业机构，没有的不填。")),
        Field("scope", N_("执业范围/学段学科"), hint=N_("例如：内科专业；教师填学段和学科，例如：初中数学。")),
        Field(
            "valid_to", N_("有效期至"), FieldType.DATE, not_before="date", hint=N_("长期有效的不填，例如 2028-03-14。")
        ),
    ),
    attachments=(
        Attachment(
            "file", "LICENSE", N_("职业（执业）资格证书"), required=True, max_files=5,
            hint=N_("有变更、注册记录的，连同记录页一起上传。"),
        ),
    ),
)
