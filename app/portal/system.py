"""系统状态, for the system administrator: which gateways are at work, what waits, what failed. Never a secret."""

from __future__ import annotations

import platform
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from redis.exceptions import RedisError
from rq.registry import FailedJobRegistry

from app.extensions import db
from app.messages.models import Channel, Message, MessageStatus
from app.web.views import TaskView

# What stands behind each gateway, in words; one that is not named here shows the name of its class.
WORDS: dict[str, Any] = {
    "OutboxOnlySms": _l("演示：不发短信，只存入发件箱"), "SimulatedCashier": _l("演示：模拟收银台"),
    "FolderStorage": _l("本机文件夹"), "TypstPrinter": _l("本机生成 PDF（Typst）"),
    "StructureOnly": _l("只检查格式和结构"), "Clamd": _l("病毒查杀服务（ClamAV）"),
}


def _word(gateway: object) -> Any:
    return WORDS.get(type(gateway).__name__, type(gateway).__name__)


class SystemView(TaskView):
    route_base = "/system"
    default_view = "show"

    @expose("/")
    @has_access
    def show(self) -> Any:
        gateways = current_app.extensions["gateways"]
        return self.page(
            "portal/system.html",
            gateways=[
                (_("短信"), _word(gateways.sms)),
                (_("支付"), _word(gateways.payment)),
                (_("文件存放"), _word(gateways.storage)),
                (_("文书与签章"), _word(gateways.documents)),
                (_("文件检查"), _word(gateways.scanner)),
            ],
            finds_malware=gateways.scanner.finds_malware,
            work=[*_queue(), *_messages()],
            site=[
                (_("运行环境"), _("演示") if current_app.config["DEMO"] else _("正式")),
                (_("数据库"), {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[db.engine.dialect.name]),
                (_("平台版本"), current_app.config.get("VERSION", "0.1")),
                ("Python", platform.python_version()),
            ],
        )


def _queue() -> list[tuple[str, Any]]:
    """How many jobs wait and how many failed; a dash while Redis is away."""
    queue = current_app.extensions["queue"]
    try:
        return [(_("排队的任务"), len(queue)), (_("失败的任务"), len(FailedJobRegistry(queue=queue)))]
    except RedisError:
        return [(_("任务队列"), _("Redis 连接不上，任务暂停；恢复后会自动继续。"))]


def _messages() -> list[tuple[str, int]]:
    counts = dict(
        db.session.execute(
            sa.select(Message.status, sa.func.count())
            .where(Message.channel == Channel.SMS, Message.status != MessageStatus.SENT)
            .group_by(Message.status)
        ).all()
    )
    return [
        (_("待发短信"), counts.get(MessageStatus.WAITING, 0)),
        (_("发送失败的短信"), counts.get(MessageStatus.FAILED, 0)),
    ]
