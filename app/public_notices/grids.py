"""The grid of the notices that a unit or a body has posted."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.catalogue.queries import workday_overrides
from app.catalogue.workdays import working_days_between
from app.days import beijing_day
from app.extensions import business_now, db
from app.public_notices.models import NoticeKind, PublicNotice
from app.public_notices.queries import visible_to
from app.public_notices.wording import KIND_NAMES, METHOD_NAMES
from app.web.rows import GridRows
from app.web.views import Grid, Tab


def days_left(notice: PublicNotice) -> int:
    """Working days that the notice still runs; 0 on its last day's evening and after."""
    today = beijing_day(business_now())
    return working_days_between(max(today, notice.posted_on), notice.closes_on, workday_overrides(db.session))


def is_over(notice: PublicNotice) -> bool:
    return beijing_day(business_now()) > notice.closes_on


def how_long(notice: PublicNotice) -> str:
    """公示中，还剩 2 个工作日 / 最后一天 / 已期满."""
    if is_over(notice):
        return _("已期满")
    left = days_left(notice)
    return _("公示中，还剩 %(n)s 个工作日", n=left) if left else _("公示中，今天是最后一天")


class NoticeRows(GridRows):
    """Rows with the words that the grid shows."""

    def get_values(self, lst: Any, list_columns: Any) -> Any:
        for row in lst:
            yield {
                "title": row.title,
                "kind": KIND_NAMES[row.kind],
                "method": METHOD_NAMES[row.method],
                "posted_on": row.posted_on,
                "closes_on": row.closes_on,
                "running": how_long(row),
                "people": len(row.entries),
            }


class NoticeGrid(Grid):
    """公示管理: a unit's or a body's own notices, all for the office."""

    route_base = "/notices"
    datamodel = NoticeRows(PublicNotice)
    scope = staticmethod(visible_to)
    list_title = _l("公示")
    page_intro = _l("期满且没有未答复的异议，才能上报。")
    base_permissions = ["can_list"]
    tab_column = "kind"
    tabs = (
        Tab("all", _l("全部")),
        Tab("unit", _l("单位公示"), (NoticeKind.UNIT.value,)),
        Tab("result", _l("评审结果公示"), (NoticeKind.RESULT.value,)),
    )
    list_columns = ["title", "kind", "method", "posted_on", "closes_on", "running", "people"]
    label_columns = {
        "title": _l("公示"), "kind": _l("种类"), "method": _l("方式"), "posted_on": _l("张贴日期"),
        "closes_on": _l("截止日期"), "running": _l("进度"), "people": _l("人数"),
    }
    search_columns = ["title", "method", "posted_on"]
    choices = {"method": lambda: [(method.value, str(name)) for method, name in METHOD_NAMES.items()]}
    mobile_columns = ("method", "closes_on", "running", "people")
    order_columns = ["id", "posted_on"]
    base_order = ("posted_on", "desc")

    def row_link(self, row: Any) -> str:
        return url_for("NoticePage.show", token=row.token)
