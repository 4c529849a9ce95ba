"""What is kept and how long, what stands against a deletion, and the states, in words."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app.personal_data.models import DELETION_STATES, DeletionState
from app.personal_data.services import Obstacles

# (what, how long, what happens to it when the account is deleted)
KEPT: tuple[tuple[Any, Any, Any], ...] = (
    (_l("姓名、证件号码、手机号、所在单位"), _l("账号使用期间"), _l("删除")),
    (_l("我的资料库，没有提交过的申报和它的文件"), _l("账号使用期间"), _l("删除")),
    (_l("身份变更、手机找回的申请和证明材料"), _l("账号使用期间"), _l("删除")),
    (_l("站内消息和短信"), _l("账号使用期间"), _l("删除")),
    (_l("提交过的申报材料、审核意见、公示和评审结果"), _l("按评审档案保存，不少于 10 年"), _l("作为档案保存，期满销毁")),
    (_l("缴费记录和票据"), _l("按会计档案保存 30 年"), _l("保存，期满销毁")),
    (_l("证书登记"), _l("长期保存，供查验"), _l("保存")),
    (_l("登录日志、操作日志"), _l("不少于 6 个月"), _l("保存，不含姓名和号码")),
    (_l("同意记录"), _l("不少于 3 年"), _l("保存，不含姓名和号码")),
)


def against(found: Obstacles) -> list[str]:
    """A sentence for each thing that stands against the deletion, with what to do or how long it is kept."""
    sentences = [
        _(
            "您的%(title)s申报（%(number)s）正在办理，办结或撤回后才能注销。",
            title=row.title_name, number=row.number,
        )
        for row in found.under_way
    ]  # fmt: skip
    return sentences + [
        _(
            "您的%(title)s证书（%(number)s）有效，证书登记要长期保存供查验，不能注销；证书失效后可以再申请。",
            title=row.title_name, number=row.number,
        )
        for row in found.certificates
    ]  # fmt: skip


def badge(state: DeletionState) -> Markup:
    name, tone = DELETION_STATES[state]
    return Markup('<span class="badge badge--{}">{}</span>').format(tone, _(name))
