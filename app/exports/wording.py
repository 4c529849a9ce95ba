"""The words for exports: their states, and the filters of a grid as the log keeps them."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.exports.models import ExportState, SheetFormat
from app.web.filters import FilterNotAfter, FilterNotBefore

STATE_NAMES = {
    ExportState.WAITING: _l("等待生成"), ExportState.RUNNING: _l("正在生成"), ExportState.DONE: _l("可以下载"),
    ExportState.FAILED: _l("没有生成"),
}  # fmt: skip
TONES = {
    ExportState.WAITING: "plain", ExportState.RUNNING: "info", ExportState.DONE: "ok", ExportState.FAILED: "danger",
}  # fmt: skip
FORMAT_NAMES = {SheetFormat.XLSX: "Excel（.xlsx）", SheetFormat.CSV: "CSV"}


def conditions_of(grid: Any, tab: Any) -> str:
    """The open tab and the filters of the request as one sentence; what was typed into a private one is left out."""
    said = [_("页签“%(tab)s”", tab=tab.label)] if tab else []
    for filter, values in sorted(grid._filters.get_filters_values(), key=lambda each: (each[0].column_name, each[0].arg_name)):
        label = str(grid.label_columns.get(filter.column_name, filter.column_name))
        said += [_condition(grid, filter, label, value) for value in values]
    return _("；").join(said) or _("全部")


def _condition(grid: Any, filter: Any, label: str, value: str) -> str:
    name = filter.column_name
    if name in grid.private_filters:
        return _("按“%(column)s”筛选（内容不记录）", column=label)
    match filter:
        case FilterNotBefore():
            return _("%(column)s不早于 %(value)s", column=label, value=value)
        case FilterNotAfter():
            return _("%(column)s不晚于 %(value)s", column=label, value=value)
    words = {str(code): str(word) for code, word in grid.choices[name]()} if name in grid.choices else {}
    return _("%(column)s：%(value)s", column=label, value=words.get(value, value))
