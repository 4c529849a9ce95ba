"""获奖情况: prizes and honours."""

from __future__ import annotations

from app.applications.sections.declaration import Field, FieldType, Section, grouped, options
from app.applications.sections.parts import (
    MERGED,
    OWN_OR_MERGED,
    PDF_PAGE,
    own_file,
    past_month,
    rank,
    total_people,
)
from app.catalogue.lists import CodeList
from app.words import N_

SECTION = Section(
    code="AWARD",
    name=N_("获奖情况"),
    order=13,
    repeats=True,
    min_rows=0,
    max_rows=50,
    services=frozenset({"declaration"}),
    required_when="",
    intro=OWN_OR_MERGED,
    summary=("name", "grade", "level", "date"),
    merged=MERGED,
    fields=(
        *grouped(
            N_("奖项"),
            Field("name", N_("获奖项目或荣誉"), required=True, max_length=200, hint=N_("按证书上的名称填写。")),
            Field(
                "kind", N_("类别"), FieldType.CODE, True,
                choices=options(
                    ("SCITECH", N_("科技奖")),
                    ("TEACHING", N_("教学成果奖")),
                    ("ENGINEERING", N_("优秀工程")),
                    ("DESIGN", N_("设计奖")),
                    ("CONTEST", N_("竞赛")),
                    ("HONOR", N_("荣誉称号")),
                ),
            ),
            Field("grade", N_("级别"), FieldType.CODE, True, choices=CodeList.ACHIEVEMENT_GRADE),
            Field(
                "level", N_("等级"), FieldType.CODE,
                choices=options(
                    ("SPECIAL", N_("特等")),
                    ("FIRST", N_("一等")),
                    ("SECOND", N_("二等")),
                    ("THIRD", N_("三等")),
                    ("EXCELLENT", N_("优秀")),
                    ("GOLD", N_("金")),
                    ("SILVER", N_("银")),
                    ("BRONZE", N_("铜")),
                    ("NONE", N_("无等级")),
                ),
            ),
            Field("org", N_("授奖单位"), required=True, hint=N_("证书上盖章的单位。")),
            past_month("date", N_("时间")),
        ),
        *grouped(
            N_("本人的名次和证明"),
            rank(N_("排名")),
            total_people(),
            Field("cert_no", N_("证书编号"), max_length=50),
            PDF_PAGE,
        ),
    ),
    attachments=(own_file("AWARD", N_("获奖证书")),),
)
