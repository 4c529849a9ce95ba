"""申报信息: what was chosen at the start and what follows from it; only the years in the specialty are typed."""

from __future__ import annotations

from app.applications.sections.declaration import Facts, Field, FieldType, Section, Source, options
from app.catalogue.lists import CodeList
from app.words import N_

FROM_START = N_("由「开始申报」时的选择带入；提交前可在「修改申报信息」更改。")
FROM_CAMPAIGN = N_("由评审计划设定。")
NOT_PUBLIC = frozenset({"PRIV", "FOREIGN", "HMT", "INDIV", "COOP"})
# 破格类别, by the 申报类型 that asks for the section EXC.
EXCEPTIONS = {"EXC_EDU": "EDUCATION", "EXC_YEARS": "YEARS", "EXC_BOTH": "BOTH", "SKIP": "SKIP"}
WAYS = {"CONVERT": "CONVERT", "EXAM": "EXAM_REVIEW", "INIT": "RECOGNIZE"}


def derived(facts: Facts) -> dict[str, str | bool]:
    """What the type of the application and the nature of the unit say, by field."""
    return {
        "way": WAYS.get(facts.apply_type, "REVIEW"),
        "is_unpublic": facts.unit_nature in NOT_PUBLIC,
        "is_exceptional": facts.apply_type in EXCEPTIONS,
        "is_grass": facts.apply_type == "GRASS",
        "is_greenway": facts.apply_type == "GREEN",
        "exception_kind": EXCEPTIONS.get(facts.apply_type, ""),
    }


def _told(code: str, label: str, type: FieldType = FieldType.TEXT, hint: str = FROM_START, **more: object) -> Field:
    return Field(code, label, type, source=Source.APPLICATION, hint=hint, **more)  # type: ignore[arg-type]


SECTION = Section(
    code="APPLY",
    name=N_("申报信息"),
    order=2,
    services=frozenset({"declaration", "recognition", "reconfirmation"}),
    intro=N_("开始申报时的选择已自动带入；请填写从事本专业的年限。"),
    fields=(
        _told("campaign", N_("申报年度批次")),
        _told("review_body", N_("评审会")),
        _told("series", N_("申报系列"), FieldType.CODE, choices=CodeList.TITLE_SERIES),
        _told("specialty", N_("申报专业")),
        _told("level", N_("拟评级别"), FieldType.CODE, choices=CodeList.TITLE_LEVEL),
        _told("qualification", N_("拟评资格名称")),
        _told("apply_type", N_("申报类型"), FieldType.CODE, choices=CodeList.APPLY_TYPE),
        _told(
            "way",
            N_("取得方式"),
            FieldType.CODE,
            choices=options(
                ("REVIEW", N_("评审")),
                ("EXAM_REVIEW", N_("考评结合")),
                ("RECOGNIZE", N_("认定")),
                ("CONVERT", N_("转评")),
            ),
        ),
        Field(
            "years_in_specialty",
            N_("从事本专业年限"),
            FieldType.INT,
            True,
            minimum=0,
            maximum=60,
            hint=N_("填写整年数，算到资历截止日，例如 8。"),
        ),
        _told("is_unpublic", N_("是否非公单位"), FieldType.BOOL),
        _told("is_exceptional", N_("是否破格"), FieldType.BOOL),
        _told("is_grass", N_("是否基层定向"), FieldType.BOOL),
        _told("is_greenway", N_("是否绿色通道"), FieldType.BOOL),
        _told("defense", N_("是否需要答辩"), FieldType.BOOL, FROM_CAMPAIGN),
        _told("final_years", N_("资历截止日"), FieldType.DATE, FROM_CAMPAIGN),
    ),
)
