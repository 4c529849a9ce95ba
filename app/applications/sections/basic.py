"""基本信息: who applies. Identity and unit values are shown here but stored elsewhere."""

from __future__ import annotations

from app.applications.sections.declaration import Attachment, Field, FieldType, Section, Source, options
from app.catalogue.lists import CodeList
from app.words import N_

FROM_ACCOUNT = N_("由注册信息带入；如需更改，请到「修改注册信息」。")
FROM_UNIT = N_("由机构秘钥带入；如有错误，请联系单位经办人，或用「单位调整」更换单位。")
FROM_START = N_("由「开始申报」时的选择带入；提交前可在「修改申报信息」更改。")
PERSONAL, CONTACT, AT_WORK, BESIDES = N_("个人情况"), N_("联系方式"), N_("工作情况"), N_("其他信息")

SECTION = Section(
    code="BASIC",
    name=N_("基本信息"),
    order=1,
    substantive=False,
    intro=N_("姓名、证件号码和单位信息已自动带入；请填写其余各项，保存后上传照片和证件图片。"),
    fields=(
        Field("name", N_("姓名"), required=True, source=Source.PERSON, max_length=50, hint=FROM_ACCOUNT),
        Field("former_name", N_("曾用名"), max_length=50),
        Field(
            "gender",
            N_("性别"),
            FieldType.CODE,
            True,
            choices=CodeList.GENDER,
            source=Source.PERSON,
            hint=FROM_ACCOUNT,
        ),
        Field(
            "id_type",
            N_("证件类型"),
            FieldType.CODE,
            True,
            choices=CodeList.ID_TYPE,
            source=Source.PERSON,
            hint=FROM_ACCOUNT,
        ),
        Field("id_no", N_("证件号码"), FieldType.IDNO, True, source=Source.PERSON, hint=FROM_ACCOUNT),
        Field("birth_date", N_("出生日期"), FieldType.DATE, True, source=Source.PERSON, hint=FROM_ACCOUNT),
        Field("review_body", N_("评审会"), required=True, source=Source.APPLICATION, hint=FROM_START),
        Field("qualification", N_("拟评资格"), required=True, source=Source.APPLICATION, hint=FROM_START),
        Field(
            "ethnic",
            N_("民族"),
            FieldType.CODE,
            True,
            choices=CodeList.ETHNIC_GROUP,
            hint=N_("可输入名称或拼音首字母查找，例如 zz。"),
            group=PERSONAL,
        ),
        Field("political", N_("政治面貌"), FieldType.CODE, True, choices=CodeList.POLITICAL, group=PERSONAL),
        Field(
            "native_place",
            N_("籍贯"),
            FieldType.DIVISION,
            choices=CodeList.DIVISION,
            hint=N_("选到县（市、区）。"),
            group=PERSONAL,
        ),
        Field("mobile", N_("手机号码"), FieldType.MOBILE, True, source=Source.PERSON, hint=FROM_ACCOUNT),
        Field("email", N_("电子邮箱"), FieldType.EMAIL, max_length=100, hint=N_("例如 name@example.com。"), group=CONTACT),
        Field("address", N_("通讯地址"), max_length=200, group=CONTACT),
        Field(
            "work_start",
            N_("参加工作时间"),
            FieldType.MONTH,
            True,
            not_in_future=True,
            min_age=16,
            hint=N_("填写年和月，例如 2012-07；须年满16周岁以后。"),
            group=AT_WORK,
        ),
        Field("unit_name", N_("工作单位"), required=True, source=Source.UNIT, hint=FROM_UNIT),
        Field("unit_uscc", N_("统一社会信用代码"), FieldType.USCC, True, source=Source.UNIT, hint=FROM_UNIT),
        Field(
            "unit_nature",
            N_("单位性质"),
            FieldType.CODE,
            True,
            choices=CodeList.UNIT_NATURE,
            source=Source.UNIT,
            hint=FROM_UNIT,
        ),
        Field(
            "unit_level",
            N_("单位级别"),
            FieldType.CODE,
            True,
            choices=CodeList.UNIT_LEVEL,
            source=Source.UNIT,
            hint=FROM_UNIT,
        ),
        Field(
            "unit_division",
            N_("单位所在地"),
            FieldType.DIVISION,
            True,
            choices=CodeList.DIVISION_LIUZHOU,
            source=Source.UNIT,
            hint=FROM_UNIT,
        ),
        Field("dept", N_("所在部门"), group=AT_WORK),
        Field("admin_post", N_("行政职务"), max_length=50, hint=N_("没有行政职务的不填。"), group=AT_WORK),
        Field("post", N_("现从事岗位"), required=True, hint=N_("例如：汽车零部件设计。"), group=AT_WORK),
        Field(
            "health",
            N_("身体状况"),
            FieldType.CODE,
            choices=options(
                ("GOOD", N_("健康")),
                ("FAIR", N_("一般")),
                ("CHRONIC", N_("有慢性病")),
                ("DISABLED", N_("残疾")),
            ),
            group=BESIDES,
        ),
        Field("hukou", N_("户籍所在地"), FieldType.DIVISION, choices=CodeList.DIVISION, group=BESIDES),
        Field("archive_org", N_("人事档案存放单位"), group=BESIDES),
        Field(
            "social_no",
            N_("社保编号（单位参保）"),
            required_when="unit_nature in PRIV,FOREIGN,HMT,INDIV,COOP",
            max_length=50,
            hint=N_("非公有制单位的申报人必填，填写单位参保的社保编号。"),
            group=BESIDES,
        ),
    ),
    attachments=(
        Attachment(
            "photo",
            "PHOTO",
            N_("证件照"),
            ("jpg",),
            required=True,
            hint=N_("近期免冠证件照，建议宽高比5:7，宽不少于295像素。"),
        ),
        Attachment(
            "id_front",
            "IDCARD_F",
            N_("身份证人像面"),
            ("jpg",),
            required=True,
            hint=N_("其他证件上传印有个人信息的一页。"),
        ),
        Attachment(
            "id_back",
            "IDCARD_B",
            N_("身份证国徽面"),
            ("jpg",),
            required_when="id_type not in PASSPORT",
            hint=N_("其他证件上传另一面；护照不必上传。"),
        ),
    ),
)
