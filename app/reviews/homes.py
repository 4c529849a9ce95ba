"""The first pages of a unit's and a body's staff: five numbers, what waits, and until when."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_appbuilder import expose, permission_name
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _

from app.days import beijing_day
from app.extensions import business_now, db
from app.public_notices.queries import open_objections
from app.reviews import queries
from app.web.scoping import current_actor, current_person
from app.web.theme import link
from app.web.views import TaskView
from app.workflow.states import State

S = State


def _tiles(grid: str, *tiles: tuple[int, str, str, str]) -> list[dict[str, Any]]:
    return [
        {"n": n, "label": label, "tone": tone, "href": url_for(f"{grid}.list", tab=tab)} for n, label, tone, tab in tiles
    ]


def _todo(n: int, title: str, text: str, button: str, href: str, tone: str, ic: str) -> list[dict[str, Any]]:
    """A to-do if there is one; nothing to do is no row, and a page that does not exist no button."""
    if not n or not href:
        return []
    return [{"title": title, "text": text, "button": button, "href": href, "tone": tone, "icon": ic}]


class UnitHomeView(TaskView):
    """单位首页."""

    route_base = "/unit"
    default_view = "home"

    @expose("/")
    @has_access
    @permission_name("home")
    def home(self) -> Any:
        actor, unit = current_actor(), current_person().unit
        n = queries.numbers(db.session, actor, today=beijing_day(business_now()))
        pending, objections = n.of(S.UNIT_REVIEW), open_objections(db.session, actor)
        tiles = _tiles(
            "UnitReviewGrid", (pending, _("待审核"), "info", "pending"), (n.running, _("公示中"), "violet", "running"),
            (n.reportable, _("可以上报"), "ok", "reportable"), (n.requested, _("申请退还"), "warn", "requested"),
            (n.of(S.RETURNED), _("已退回"), "danger", "returned"),
        )
        todos = [
            *_todo(n.reportable, _("%(n)s 人可以上报", n=n.reportable), _("公示期满，意见已填好。"), _("去上报"),
                   url_for("UnitReviewGrid.list", tab="reportable"), "ok", "send"),
            *_todo(n.requested, _("%(n)s 人申请退还", n=n.requested), _("同意或不同意之前不能上报。"), _("去处理"),
                   url_for("UnitReviewGrid.list", tab="requested"), "warn", "message-2"),
            *_todo(objections, _("%(n)s 条异议待答复", n=objections), _("有未答复的异议，不能上报。"), _("去答复"),
                   url_for("NoticeGrid.list"), "danger", "alert-triangle"),
            *_todo(pending, _("%(n)s 人待审核", n=pending), _("逐份核对，退回修改或填写意见。"), _("开始审核"),
                   url_for("UnitReviewGrid.list", tab="pending"), "", "clipboard-check"),
            *_todo(int(unit is not None and unit.seal_file_id is None), _("还没有上传公章"),
                   _("公示表、推荐意见上的电子签章由它生成。"), _("去上传"), link("UnitInfoView.show"), "danger", "rubber-stamp"),
        ]
        return self.page(
            "reviews/home.html", title=unit.name if unit else _("单位首页"), tiles=tiles, todos=todos, unit=True,
            deadlines=queries.deadlines(db.session, actor, now=business_now()), key_href=link("UnitKeyView.show"),
        )


class BodyHomeView(TaskView):
    """评审机构首页; the office has its own."""

    route_base = "/body"
    default_view = "home"

    @expose("/")
    @has_access
    @permission_name("home")
    def home(self) -> Any:
        actor, body = current_actor(), current_person().body
        n = queries.numbers(db.session, actor, today=beijing_day(business_now()))
        grid = "BodyReviewGrid"
        tiles = _tiles(
            grid, (n.in_hand, _("待我审核"), "info", "pending"),
            (n.of(S.RETURNED, S.UNIT_REVIEW), _("已退回"), "danger", "returned"),
            (n.of(S.AWAITING_PAYMENT), _("待缴费"), "warn", "payment"),
            (n.of(S.READY, S.IN_MEETING), _("待上会、评审中"), "violet", "meeting"),
            (n.of(S.PUBLICISED, S.APPROVED), _("结果公示、批准"), "ok", "result"),
        )
        objections = open_objections(db.session, actor)
        todos = [
            *_todo(n.withdrawals, _("%(n)s 人申请撤回申报", n=n.withdrawals), _("同意或不同意，申报人在等答复。"), _("去处理"),
                   url_for(f"{grid}.list", tab="withdrawal"), "warn", "message-2"),
            *_todo(n.in_hand, _("%(n)s 份材料待审核", n=n.in_hand), _("逐份核对，上报、完结或退回。"), _("开始审核"),
                   url_for(f"{grid}.list", tab="pending"), "", "clipboard-check"),
            *_todo(objections, _("%(n)s 条异议待答复", n=objections), _("有未答复的异议，不能批准。"), _("去答复"),
                   url_for("NoticeGrid.list"), "danger", "alert-triangle"),
            *_todo(n.of(S.READY), _("%(n)s 人等待评审会议", n=n.of(S.READY)), _("缴费已完成，可以列入会议。"), _("去安排"),
                   link("MeetingGrid.list"), "ok", "calendar"),
        ]
        return self.page(
            "reviews/home.html", title=body.name if body else _("首页"), tiles=tiles, todos=todos, unit=False,
            deadlines=queries.deadlines(db.session, actor, now=business_now()), key_href="",
        )
