"""The office's pages for the reference data: series, levels, titles, specialties, code lists, kinds of material,
texts of SMS, return reasons, and the days of the calendar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.sql.elements import ColumnElement

from app.catalogue import queries
from app.catalogue.lists import CodeList
from app.catalogue.models import (
    CodeEntry,
    MaterialType,
    SmsTemplate,
    Specialty,
    TitleLevel,
    TitleName,
    TitleSeries,
    WorkdayOverride,
)
from app.extensions import db
from app.web import fields
from app.web.reference import ReferenceView, Refusal
from app.web.rows import GridRows
from app.workflow.actor import Actor
from app.workflow.states import Party

LIST_NAMES: dict[CodeList, Any] = {
    CodeList.ETHNIC_GROUP: _l("民族"),
    CodeList.GENDER: _l("性别"),
    CodeList.POLITICAL: _l("政治面貌"),
    CodeList.EDUCATION: _l("学历"),
    CodeList.EDUCATION_MODE: _l("学习形式"),
    CodeList.EDUCATION_GB: _l("学历（国标）"),
    CodeList.DEGREE: _l("学位"),
    CodeList.QUALIFYING: _l("任职资格条件"),
    CodeList.DIVISION: _l("行政区划"),
    CodeList.DIVISION_LIUZHOU: _l("本市区划"),
    CodeList.UNIT_NATURE: _l("单位性质"),
    CodeList.UNIT_LEVEL: _l("单位级别"),
    CodeList.UNIT_AFFILIATION: _l("隶属关系"),
    CodeList.ID_TYPE: _l("证件类型"),
    CodeList.ANNUAL_ASSESSMENT: _l("年度考核等次"),
    CodeList.APPLY_TYPE: _l("申报类型"),
    CodeList.ACHIEVEMENT_GRADE: _l("成果级别"),
    CodeList.ACHIEVEMENT_KIND: _l("成果类别"),
    CodeList.JOURNAL_GRADE: _l("刊物级别"),
    CodeList.RETURN_REASON: _l("退回原因"),
    CodeList.RECUSAL_RELATION: _l("回避关系"),
    CodeList.HONESTY_RECORD: _l("诚信记录"),
    CodeList.BUSINESS_TYPE: _l("业务类型"),
    CodeList.CAMPAIGN_STAGE: _l("评审阶段"),
    CodeList.CE_REQUIREMENT: _l("继续教育要求"),
    CodeList.FEE_DEFAULT: _l("默认收费"),
    CodeList.TITLE_HISTORIC: _l("历史职称名称"),
}


def for_the_office(actor: Actor) -> ColumnElement[bool]:
    """Reference data is kept by the office alone; everybody else meets it in forms."""
    return sa.true() if actor.party is Party.OFFICE else sa.false()


def series_options() -> list[tuple[str, str]]:
    return [(code, each.name) for code, each in queries.code_table(db.session, CodeList.TITLE_SERIES).items()]


def level_options() -> list[tuple[str, str]]:
    return [(code, each.name) for code, each in queries.code_table(db.session, CodeList.TITLE_LEVEL).items()]


def list_options() -> list[tuple[str, Any]]:
    return [(kind.value, name) for kind, name in LIST_NAMES.items()]


def level_names(codes: list[str]) -> str:
    """The names of several levels, as they are read."""
    names = dict(level_options())
    return "、".join(names.get(code, code) for code in codes) or "—"


def named(options: Callable[[], list[tuple[str, Any]]]) -> Callable[[str], Any]:
    """A formatter that shows the name of a code."""
    return lambda code: dict(options()).get(code, code)


LABELS: dict[str, Any] = {
    "code": _l("编码"), "name": _l("名称"), "position": _l("排序"), "retired": _l("已停用"), "local": _l("地方系列"),
    "levels": _l("级别"), "note": _l("说明"), "group": _l("分组"), "rank": _l("高低次序"), "series_code": _l("系列"),
    "track": _l("类别"), "tracks": _l("可申报的类别"), "level_code": _l("级别"), "list": _l("代码表"),
    "parent": _l("上级编码"), "home": _l("所在位置"), "formats": _l("格式"), "occasion": _l("使用场合"),
    "text": _l("短信内容"), "receivers": _l("接收人"), "placeholders": _l("可用的占位符"), "date": _l("日期"),
    "is_workday": _l("按工作日计算"), "route": _l("评价方式"), "reform_doc": _l("改革文件"), "exam_levels": _l("以考代评的级别"),
    "exam_review_levels": _l("考评结合的级别"), "post_grades": _l("对应岗位等级"), "pdf_max_bytes": _l("PDF 上限（字节）"),
    "jpg_max_bytes": _l("图片上限（字节）"),
}  # fmt: skip

POSITION = fields.number(_l("排序"), 0, 99_999, hint=_l("数字小的排在前面。"), default=9999)
RETIRED = fields.flag(_l("停用"), hint=_l("停用后不再供选择，已使用的申报材料和证书不受影响。"))


class CatalogueGrid(ReferenceView):
    """What the catalogue's grids have alike."""

    scope = staticmethod(for_the_office)
    label_columns: ClassVar[dict[str, Any]] = LABELS
    add_title = _l("新增")
    edit_title = _l("修改")
    show_title = _l("查看")
    base_order = ("position", "asc")
    order_columns: ClassVar[list[str]] = ["code", "position"]
    search_columns: ClassVar[list[str]] = ["code", "name", "retired"]
    fixed = frozenset({"code"})

    def saved(self, item: Any) -> None:
        queries.forget()


class TitleSeriesGrid(CatalogueGrid):
    datamodel = GridRows(TitleSeries)
    route_base = "/catalogue/series"
    list_title = _l("职称系列")
    list_columns: ClassVar[list[str]] = ["name", "code", "levels", "local", "retired", "position"]
    show_columns: ClassVar[list[str]] = [
        "code", "name", "local", "levels", "exam_levels", "exam_review_levels", "route", "reform_doc", "note", "retired",
    ]
    formatters_columns: ClassVar[dict[str, Any]] = dict.fromkeys(
        ("levels", "exam_levels", "exam_review_levels"), level_names
    )
    fields: ClassVar[dict[str, Any]] = {
        "code": fields.code(_l("编码"), 8),
        "name": fields.text(_l("名称"), 40),
        "local": fields.flag(_l("地方系列")),
        "levels": fields.words(_l("级别编码"), hint=_l("如 SENIOR、ASSOC、MID，用顿号隔开。")),
        "exam_levels": fields.words(_l("以考代评的级别编码")),
        "exam_review_levels": fields.words(_l("考评结合的级别编码")),
        "route": fields.text(_l("评价方式"), 60, required=False),
        "reform_doc": fields.text(_l("改革文件"), 60, required=False),
        "note": fields.text(_l("说明"), 200, required=False),
        "position": POSITION,
        "retired": RETIRED,
    }

    def save(self, item: Any, form: Any) -> None:
        known = {code for code, _name in level_options()}
        for name in ("levels", "exam_levels", "exam_review_levels"):
            if unknown := set(getattr(item, name)) - known:
                raise Refusal(_("没有级别“%(code)s”，请先在“级别”中新增，或更正编码。", code="、".join(sorted(unknown))))


class TitleLevelGrid(CatalogueGrid):
    datamodel = GridRows(TitleLevel)
    route_base = "/catalogue/levels"
    list_title = _l("职称级别")
    list_columns: ClassVar[list[str]] = ["name", "code", "group", "rank", "retired"]
    show_columns: ClassVar[list[str]] = ["code", "name", "group", "rank", "post_grades", "retired"]
    fields: ClassVar[dict[str, Any]] = {
        "code": fields.code(_l("编码"), 8),
        "name": fields.text(_l("名称"), 20),
        "group": fields.text(_l("分组"), 10, required=False),
        "rank": fields.number(_l("高低次序"), 0, 99, hint=_l("数字大的级别高。")),
        "post_grades": fields.text(_l("对应岗位等级"), 40, required=False),
        "position": POSITION,
        "retired": RETIRED,
    }


class TitleNameGrid(CatalogueGrid):
    datamodel = GridRows(TitleName)
    route_base = "/catalogue/titles"
    list_title = _l("拟评资格")
    list_columns: ClassVar[list[str]] = ["name", "code", "series_code", "track", "level_code", "retired"]
    show_columns: ClassVar[list[str]] = ["code", "name", "series_code", "track", "level_code", "retired"]
    search_columns: ClassVar[list[str]] = ["name", "series_code", "level_code", "retired"]
    choices: ClassVar[dict[str, Any]] = {"series_code": series_options, "level_code": level_options}
    formatters_columns: ClassVar[dict[str, Any]] = {
        "series_code": named(series_options), "level_code": named(level_options),
    }
    fields: ClassVar[dict[str, Any]] = {
        "code": fields.code(_l("编码"), 12),
        "series_code": fields.choice(_l("系列"), series_options),
        "track": fields.text(_l("类别"), 40, hint=_l("与专业的“可申报的类别”对应，例如：教师。")),
        "level_code": fields.choice(_l("级别"), level_options),
        "name": fields.text(_l("名称"), 40),
        "position": POSITION,
        "retired": RETIRED,
    }


class SpecialtyGrid(CatalogueGrid):
    datamodel = GridRows(Specialty)
    route_base = "/catalogue/specialties"
    list_title = _l("专业")
    list_columns: ClassVar[list[str]] = ["name", "code", "series_code", "group", "tracks", "retired"]
    show_columns: ClassVar[list[str]] = ["code", "name", "series_code", "group", "tracks", "retired"]
    search_columns: ClassVar[list[str]] = ["name", "series_code", "retired"]
    choices: ClassVar[dict[str, Any]] = {"series_code": series_options}
    formatters_columns: ClassVar[dict[str, Any]] = {"series_code": named(series_options)}
    fields: ClassVar[dict[str, Any]] = {
        "code": fields.code(_l("编码"), 12),
        "series_code": fields.choice(_l("系列"), series_options),
        "group": fields.text(_l("分组"), 40),
        "name": fields.text(_l("名称"), 60),
        "tracks": fields.words(_l("可申报的类别"), hint=_l("与拟评资格的“类别”一致，多项用顿号隔开。")),
        "position": POSITION,
        "retired": RETIRED,
    }


class CodeGrid(CatalogueGrid):
    datamodel = GridRows(CodeEntry)
    route_base = "/catalogue/codes"
    list_title = _l("代码表")
    conflict_message = _l("这个代码表里已有这个编码，请换一个编码。")
    list_columns: ClassVar[list[str]] = ["name", "code", "list", "parent", "retired", "position"]
    show_columns: ClassVar[list[str]] = ["list", "code", "name", "parent", "retired"]
    search_columns: ClassVar[list[str]] = ["list", "code", "name", "retired"]
    base_order = None
    order_columns: ClassVar[list[str]] = ["id"]
    choices: ClassVar[dict[str, Any]] = {"list": list_options}
    formatters_columns: ClassVar[dict[str, Any]] = {"list": named(list_options)}
    fixed = frozenset({"list", "code"})
    fields: ClassVar[dict[str, Any]] = {
        "list": fields.choice(_l("代码表"), list_options),
        "code": fields.code(_l("编码"), 32),
        "name": fields.text(_l("名称"), 120),
        "parent": fields.text(_l("上级编码"), 32, required=False),
        "position": POSITION,
        "retired": RETIRED,
    }

    def save(self, item: Any, form: Any) -> None:
        item.extra = item.extra or {}


def return_reasons(actor: Actor) -> ColumnElement[bool]:
    return sa.and_(for_the_office(actor), CodeEntry.list == CodeList.RETURN_REASON.value)


class ReturnReasonGrid(CatalogueGrid):
    datamodel = GridRows(CodeEntry)
    scope = staticmethod(return_reasons)
    route_base = "/catalogue/return-reasons"
    list_title = _l("退回原因")
    page_intro = _l("审核人退回材料时可以选用的原因，申报人会看到。")
    list_columns: ClassVar[list[str]] = ["name", "code", "retired", "position"]
    show_columns: ClassVar[list[str]] = ["code", "name", "retired"]
    order_columns: ClassVar[list[str]] = ["id"]
    search_columns: ClassVar[list[str]] = ["name", "retired"]
    fields: ClassVar[dict[str, Any]] = {
        "code": fields.code(_l("编码"), 8),
        "name": fields.text(_l("原因"), 120),
        "position": POSITION,
        "retired": RETIRED,
    }

    def save(self, item: Any, form: Any) -> None:
        item.list, item.extra = CodeList.RETURN_REASON.value, item.extra or {}


class MaterialTypeGrid(CatalogueGrid):
    datamodel = GridRows(MaterialType)
    route_base = "/catalogue/materials"
    list_title = _l("材料种类")
    base_permissions: ClassVar[list[str] | None] = ["can_list", "can_show", "can_edit"]
    exclude_route_methods = {"download", "delete", "add"}
    list_columns: ClassVar[list[str]] = ["name", "code", "home", "formats", "note", "retired"]
    show_columns: ClassVar[list[str]] = [
        "code", "name", "home", "formats", "jpg_max_bytes", "pdf_max_bytes", "note", "retired",
    ]
    fields: ClassVar[dict[str, Any]] = {
        "name": fields.text(_l("名称"), 60),
        "note": fields.text(_l("说明"), 200, required=False),
        "position": POSITION,
        "retired": RETIRED,
    }


class SmsTemplateGrid(CatalogueGrid):
    datamodel = GridRows(SmsTemplate)
    route_base = "/catalogue/sms-templates"
    list_title = _l("短信模板")
    base_permissions: ClassVar[list[str] | None] = ["can_list", "can_show", "can_edit"]
    exclude_route_methods = {"download", "delete", "add"}
    list_columns: ClassVar[list[str]] = ["occasion", "code", "text", "placeholders"]
    show_columns: ClassVar[list[str]] = ["code", "occasion", "receivers", "text", "placeholders"]
    search_columns: ClassVar[list[str]] = ["code", "occasion"]
    fields: ClassVar[dict[str, Any]] = {
        "text": fields.long_text(
            _l("短信内容"), 300, required=True, hint=_l("花括号里的占位符会换成实际内容，只能使用本模板列出的占位符。")
        ),
    }

    def save(self, item: Any, form: Any) -> None:
        import string

        try:
            used = {name for _text, name, _spec, _conv in string.Formatter().parse(item.text) if name is not None}
        except ValueError as error:
            raise Refusal(_("花括号没有成对，请检查占位符，例如 {code}。")) from error
        if unknown := used - set(item.placeholders):
            raise Refusal(
                _("不能使用占位符“%(name)s”，本模板只能用：%(known)s。",
                  name="、".join(sorted(unknown)) or "{}", known="、".join(item.placeholders))
            )


class WorkdayGrid(CatalogueGrid):
    datamodel = GridRows(WorkdayOverride)
    route_base = "/catalogue/workdays"
    list_title = _l("节假日调整")
    page_intro = _l("公示期等期限按工作日计算；法定节假日之外的调休、地方节日在这里登记。")
    conflict_message = _l("这一天已经登记过，请直接修改那一条。")
    list_columns: ClassVar[list[str]] = ["date", "is_workday", "note"]
    show_columns: ClassVar[list[str]] = ["date", "is_workday", "note"]
    search_columns: ClassVar[list[str]] = ["date"]
    order_columns: ClassVar[list[str]] = ["id", "date"]
    base_order = ("date", "desc")
    fixed = frozenset()
    fields: ClassVar[dict[str, Any]] = {
        "date": fields.day(_l("日期")),
        "is_workday": fields.flag(_l("这一天上班（按工作日计算）"), hint=_l("不勾选表示放假。")),
        "note": fields.text(_l("说明"), 100, required=False),
    }
