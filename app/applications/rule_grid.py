"""申报表设置: the office says for each campaign which sections are asked for, and how much."""

from __future__ import annotations

from typing import Any, ClassVar

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from app.applications.models import SectionRule
from app.applications.rules import BadRule, check_rule
from app.applications.sections.registry import BY_CODE
from app.applications.sections.settings import Mode
from app.catalogue.views import for_the_office, level_options, series_options
from app.extensions import db
from app.review_bodies.models import Campaign
from app.web import fields
from app.web.reference import ReferenceView, Refusal
from app.web.rows import GridRows

ROWS_MAX, LENGTH_MAX = 100, 20_000
MODES = {
    Mode.DEFAULT: _l("按默认"), Mode.REQUIRED: _l("必填"), Mode.OPTIONAL: _l("选填"), Mode.OFF: _l("不用"),
}  # fmt: skip
SENTENCES = {
    "section": _l("没有这个表，请从列表中选择。"),
    "always_there": _l("基本信息、申报信息、诚信承诺和附件上传是每份申报都有的，只能选「按默认」。"),
    "rows": _l("这个表不分条填写，请不要填条数。"),
    "length": _l("这个表没有可以限定字数的正文，请不要填字数。"),
    "rows_order": _l("最少条数大于最多条数（没有填的按默认计算），请改正。"),
    "length_order": _l("最少字数大于最多字数（没有填的按默认计算），请改正。"),
    "scope": _l("这个评审计划不受理所选的系列和级别，这条设置不会起作用；请改选，或先设置受理范围。"),
}


def campaign_options() -> list[tuple[int, str]]:
    query = sa.select(Campaign).options(joinedload(Campaign.body)).order_by(Campaign.year.desc(), Campaign.id.desc())
    return [(each.id, f"{each.year} {each.body.name} {each.name}") for each in db.session.scalars(query)]


def section_options() -> list[tuple[str, str]]:
    return [(code, _(each.name)) for code, each in BY_CODE.items()]


def any_of(name: Any, options: list[tuple[str, str]]) -> str:
    """The name of a code; 全部 for none."""
    return dict(options).get(name, name) if name else _("全部")


def bound(value: int | None) -> str:
    return "—" if value is None else str(value)


class SectionRuleGrid(ReferenceView):
    datamodel = GridRows(SectionRule, eager=[joinedload(SectionRule.campaign)])
    scope = staticmethod(for_the_office)
    route_base = "/section-rules"
    list_title = _l("申报表设置")
    add_title, edit_title, show_title = _l("新增设置"), _l("修改设置"), _l("申报表设置")
    page_intro = _l(
        "没有设置的表按默认办理。同一个表有几条设置的，以最具体的一条为准：先看系列，再看级别。修改后，填报中的申报立即按新设置检查；已提交的不受影响。"
    )
    conflict_message = _l("这个评审计划已有这个表、系列和级别的设置，请直接修改那一条。")
    base_order = ("id", "desc")
    list_columns: ClassVar[list[str]] = [
        "section", "campaign.name", "series_code", "level_code", "mode", "min_rows", "max_rows", "min_length", "max_length",
    ]
    show_columns: ClassVar[list[str]] = list_columns
    search_columns: ClassVar[list[str]] = ["section", "series_code", "level_code"]
    order_columns: ClassVar[list[str]] = ["id"]
    mobile_columns = ("campaign.name", "mode")
    choices: ClassVar[dict[str, Any]] = {
        "section": section_options, "series_code": series_options, "level_code": level_options,
    }  # fmt: skip
    label_columns: ClassVar[dict[str, Any]] = {
        "section": _l("表"), "campaign.name": _l("评审计划"), "series_code": _l("系列"), "level_code": _l("级别"),
        "mode": _l("要求"), "min_rows": _l("最少条数"), "max_rows": _l("最多条数"), "min_length": _l("最少字数"),
        "max_length": _l("最多字数"),
    }  # fmt: skip
    formatters_columns: ClassVar[dict[str, Any]] = {
        "section": lambda code: any_of(code, section_options()),
        "series_code": lambda code: any_of(code, series_options()),
        "level_code": lambda code: any_of(code, level_options()),
        "mode": lambda mode: MODES[mode],
        **dict.fromkeys(("min_rows", "max_rows", "min_length", "max_length"), bound),
    }
    fixed = frozenset({"campaign_id", "section", "series_code", "level_code"})
    fields: ClassVar[dict[str, Any]] = {
        "campaign_id": fields.choice(_l("评审计划"), campaign_options, as_number=True, first=_l("请选择")),
        "section": fields.choice(_l("表"), section_options, first=_l("请选择")),
        "series_code": fields.choice(_l("系列"), series_options, first=_l("全部"), required=False),
        "level_code": fields.choice(_l("级别"), level_options, first=_l("全部"), required=False),
        "mode": fields.choice(_l("要求"), lambda: [(mode.value, name) for mode, name in MODES.items()],
                              hint=_l("「按默认」只改条数或字数；「不用」的表申报人看不到。")),
        "min_rows": fields.number(_l("最少条数"), 0, ROWS_MAX, required=False, hint=_l("不填按默认；选填的表填了才检查。")),
        "max_rows": fields.number(_l("最多条数"), 1, ROWS_MAX, required=False, hint=_l("不填按默认。")),
        "min_length": fields.number(_l("正文最少字数"), 0, LENGTH_MAX, required=False, hint=_l("只用于专业技术工作总结。")),
        "max_length": fields.number(_l("正文最多字数"), 1, LENGTH_MAX, required=False, hint=_l("只用于专业技术工作总结。")),
    }

    def save(self, item: SectionRule, form: Any) -> None:
        item.mode = Mode(item.mode)
        try:
            check_rule(db.session, item)
        except BadRule as error:
            raise Refusal(str(SENTENCES[error.problem])) from error
