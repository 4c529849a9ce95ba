"""The inbox of a person, the outbox of the administration, and the SMS page of the demonstration."""

from __future__ import annotations

import re
from typing import Any

from flask import abort, current_app, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.extensions import business_now, db
from app.messages import queries
from app.messages.models import Message, MessageStatus
from app.orm import mask_phone
from app.web.rows import GridRows
from app.web.scoping import current_actor
from app.web.views import Grid, Tab, TaskView

DEMO_MAX = 50
STATUS_NAMES: dict[MessageStatus, Any] = {
    MessageStatus.WAITING: _l("等待发送"),
    MessageStatus.SENT: _l("已发送"),
    MessageStatus.FAILED: _l("发送失败"),
}


def unread_count() -> int:
    """The number at the bell; asked by the frame of every page of somebody who is logged in."""
    return queries.unread(db.session, current_actor())


class MessageView(TaskView):
    """消息: everybody's own."""

    route_base = "/messages"
    default_view = "list"

    @expose("/")
    @has_access
    @permission_name("read")
    def list(self) -> Any:
        actor = current_actor()
        found = queries.inbox(db.session, actor)
        shell = "person" if actor.unit_id is None and actor.body_id is None else "staff"
        return self.page(
            "messages/inbox.html", shell=shell, messages=found, most=queries.INBOX_MAX,
            unread=any(each.read_at is None for each in found),
        )

    @expose("/read/", methods=["POST"])
    @has_access
    @permission_name("read")
    def read(self) -> Any:
        """Marks everything read that the page had shown."""
        newest = request.form.get("newest", "")
        if not (newest.isascii() and newest.isdigit() and len(newest) < 19):
            abort(400)
        queries.mark_read(db.session, current_actor(), int(newest), now=business_now())
        db.session.commit()
        return self.done(_("已全部标为已读。"), url_for("MessageView.list"))


class MessageGrid(Grid):
    """短信发件箱 for the system administrator: who (masked), when, whether it went out; never what it says."""

    datamodel = GridRows(Message)
    route_base = "/outbox"
    scope = staticmethod(queries.outbox_of)
    list_title = _l("短信发件箱")
    page_intro = _l("只显示发送情况，不显示内容。没有发出的短信每分钟自动重试，最多 5 次。")
    list_columns = ["id", "template", "phone_masked", "status", "tries", "created_at", "sent_at"]
    mobile_columns = ("phone_masked", "status", "created_at")
    label_columns = {
        "id": _l("编号"), "template": _l("模板"), "phone_masked": _l("手机号"), "status": _l("状态"),
        "tries": _l("次数"), "created_at": _l("产生时间"), "sent_at": _l("发送时间"),
    }
    formatters_columns = {"status": lambda status: STATUS_NAMES[status]}
    search_columns = ["phone_masked", "template", "created_at"]
    tab_column = "status"
    tabs = (
        Tab("all", _l("全部")),
        Tab("waiting", _l("等待发送"), (MessageStatus.WAITING.value,)),
        Tab("failed", _l("发送失败"), (MessageStatus.FAILED.value,)),
    )
    base_permissions = ["can_list"]
    exclude_route_methods = Grid.exclude_route_methods | {"show"}


class DemoView(TaskView):
    """演示短信: what would have gone to the phones. Does not exist outside the demonstration."""

    route_base = "/demo/sms"
    default_view = "sms"
    shell = "public"

    @expose("/", methods=["GET", "POST"])
    def sms(self) -> Any:
        """The newest first; the phone to filter by is posted, so that none stands in an address."""
        if not current_app.config["DEMO"]:
            abort(404)
        phone = request.form.get("phone", "").strip()
        masked = mask_phone(phone) if re.fullmatch(r"[0-9]{11}", phone) else phone
        found = queries.latest_sms(db.session, masked[:16], DEMO_MAX)
        answer = current_app.make_response(
            self.page("messages/demo.html", messages=found, masked=masked, names=STATUS_NAMES)
        )
        answer.headers["Cache-Control"] = "no-store"
        return answer
