"""Filling in a whole application at a browser, as an engineer, a doctor and a teacher do it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.applications.conftest import jpeg, pdf
from tests.applications.sections.complete import SUMMARY_TEXT
from tests.journeys.people import Visitor, shot


@dataclass(frozen=True)
class Row:
    """One row of a section: what is typed, chosen and answered at which label, and the files by the id of their input."""

    section: str
    typed: dict[str, str]
    chosen: dict[str, str] = field(default_factory=dict)
    answered: dict[str, str] = field(default_factory=dict)
    files: tuple[tuple[str, str], ...] = ()


def fill(applicant: Visitor, number: str, career: str, *, social_no: str = "") -> None:
    """Everything that the sections ask for, each page left when it says that it is complete."""
    applicant.sees("缺项清单")
    basic(applicant, number, social_no)
    applicant.open(f"/my/{number}/APPLY/")
    applicant.fill("从事本专业年限", "14")
    applicant.press("保存")
    applicant.sees("「申报信息」已保存，内容完整。")
    for row in (*COMMON, *OWN[career]):
        fill_row(applicant, number, row)
    applicant.open(f"/my/{number}/SUMMARY/")
    applicant.fill("总结正文", SUMMARY_TEXT)
    shot(applicant, "12-SUMMARY")
    applicant.press("保存")
    applicant.sees("「专业技术工作总结」已保存，内容完整。")
    applicant.open(f"/my/{number}/ATTACH/")
    applicant.upload("f-achieve", "业绩.pdf", pdf(8))
    for code in ("social", "contract") if social_no else ("lesson",) if career == "mathematics" else ():
        applicant.upload(f"f-{code}", "证明.pdf", pdf(1))
    shot(applicant, "12-ATTACH")
    applicant.open(f"/my/{number}/")
    applicant.sees("没有缺项")
    shot(applicant, "13-tasks-complete")


def basic(applicant: Visitor, number: str, social_no: str) -> None:
    applicant.open(f"/my/{number}/BASIC/")
    applicant.choose("民族", "壮族")
    applicant.choose("政治面貌", "群众")
    applicant.fill("参加工作时间", "201207")
    applicant.fill("现从事岗位", "专业技术")
    if social_no:
        applicant.fill("社保编号（单位参保）", social_no)
    applicant.press("保存")
    applicant.sees("已保存，还差")
    applicant.page.wait_for_load_state("load")
    applicant.page.set_input_files(
        "#photo-file", {"name": "照片.jpg", "mimeType": "image/jpeg", "buffer": jpeg(600, 900)}
    )
    applicant.press("使用这张照片")
    applicant.sees("证件照已上传。")
    applicant.upload("f-id_front", "正面.jpg", jpeg())
    applicant.upload("f-id_back", "背面.jpg", jpeg())
    shot(applicant, "11-basic")


def fill_row(applicant: Visitor, number: str, row: Row) -> None:
    applicant.open(f"/my/{number}/{row.section}/")
    applicant.follow("添加一条")
    for label, text in row.typed.items():
        applicant.fill(label, text)
    for label, option in row.chosen.items():
        applicant.choose(label, option)
    for question, answer in row.answered.items():
        applicant.pick(question, answer)
    shot(applicant, f"12-{row.section}")
    applicant.press("保存")
    applicant.sees("已保存，还差" if row.files else "这一条已保存，内容完整。")
    for control, name in row.files:
        applicant.upload(control, name, pdf(2) if name.endswith(".pdf") else jpeg())


COMMON = (
    Row("EDU",
        {"毕业院校": "广西大学", "所学专业": "专业", "入学时间": "2008-09", "毕业时间": "2012年6月",
         "毕业证书编号": "105931201205001234", "学位证书编号": "1059342012001234"},
        {"学历": "大学本科", "学位": "工学学士学位", "学习形式": "普通全日制"},
        {"是否最高学历": "是", "是否申报依据学历": "是"},
        (("f-file", "毕业证.jpg"), ("f-degree_file", "学位证.jpg"), ("f-verify_file", "备案表.jpg"))),
    Row("WORK",
        {"开始时间": "2012-07", "单位": "现单位", "岗位/职务": "专业技术人员", "从事何专业技术工作": "本专业"},
        answered={"是否专业技术岗位": "是"}),
    Row("CE", {"年度": "2025", "公需科目学时": "30", "专业科目学时": "62.5"}, answered={"是否合格": "是"},
        files=(("f-file", "学时证明.jpg"),)),
    Row("ASSESS", {"年度": "2025", "考核单位": "现单位"}, {"等次": "合格"}),
)  # fmt: skip


def title(series: str, name: str) -> Row:
    return Row(
        "TITLE",
        {"资格名称": name, "专业": "本专业", "取得时间": "20181130", "批准（评审）机构": "柳州市职改办",
         "证书编号": "4502201805001", "聘任起": "2019-01-01"},
        {"系列": series, "级别": "中级", "取得方式": "评审"}, {"是否现职称": "是"}, (("f-file", "职称证.jpg"),),
    )  # fmt: skip


OWN = {
    "mechanics": (
        title("工程技术人员", "工程师"),
        Row("PROJECT",
            {"名称": "电池包轻量化", "下达或委托单位": "现单位", "开始时间": "2020-03", "本人排名": "1", "总人数": "5",
             "承担的具体工作": "方案设计", "完成情况及效果（经济、社会效益）": "减重12%", "见合并PDF第几页": "3-5"},
            {"类别": "产品研发", "级别": "单位级", "本人角色": "主持", "状态": "结题"}),
    ),
    "cardiology": (
        title("卫生技术人员", "主治医师"),
        Row("LICENSE",
            {"资格名称": "医师执业证书", "编号": "110450200001", "发证机关": "柳州市卫生健康委员会", "取得日期": "20130516",
             "注册（执业）单位": "现单位", "执业范围/学段学科": "内科专业"},
            {"类别": "执业资格"}, files=(("f-file", "执业证.jpg"),)),
        Row("MEDWORK",
            {"年度": "2025", "门诊单元（半天）": "146", "门诊人次": "3190", "出院（参与或作为治疗组长）人数": "415",
             "手术/操作例数": "131", "其中三四级手术": "66", "危急重症抢救例数": "43"},
            files=(("f-file", "工作量.jpg"),)),
        Row("CASE",
            {"住院号/门诊号": "ZY0417", "主要诊断": "急性前壁心肌梗死", "入院日期": "20240411", "出院日期": "20240426"},
            {"本人角色": "抢救主持", "类型": "危重"}, {"已隐去患者姓名、证件号": "是"}, (("f-file", "病案.pdf"),)),
        Row("PAPER",
            {"题目": "县域胸痛急救协同的效果", "刊物名称": "临床心血管杂志", "CN刊号": "cn45-9994/r", "ISSN": "99900041",
             "发表时间": "202311", "卷期页码": "第31卷第11期", "作者排名": "1", "见合并PDF第几页": "1-4"},
            {"收录级别": "中国科技核心（统计源）"}),
    ),
    "mathematics": (
        title("中小学教师", "一级教师"),
        Row("LICENSE",
            {"资格名称": "教师资格证书", "编号": "20094500001", "发证机关": "柳州市教育局", "取得日期": "2012-06-20",
             "执业范围/学段学科": "初中数学"},
            {"类别": "教师资格"}, files=(("f-file", "教师资格证.jpg"),)),
        Row("TEACH",
            {"学年（学期）": "2024-2025学年第1学期", "课程": "数学", "授课班级": "八年级（3）班", "周课时": "12.5", "周数": "18",
             "见合并PDF第几页": "6"},
            {"教学考核等次": "优秀"}),
        Row("CLASSTEACHER",
            {"开始时间": "2022-09", "班级": "2022级（3）班", "成效": "班级获城区先进班集体。", "见合并PDF第几页": "7"},
            {"职务": "班主任"}),
    ),
}  # fmt: skip
