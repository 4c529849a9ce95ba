"""What the meeting pages say when something is refused."""

from __future__ import annotations

from flask_babel import gettext as _

from app.applications.services import Stale
from app.meetings import services
from app.meetings.voting import needed
from app.workflow.machine import GuardRefused

GUARDS = {
    "meeting_planned": lambda: _("这次会议已经结束，或不是本机构的会议，请另选会议。"),
    "meeting_closed": lambda: _("会议还没有结束，或结果与表决不符，请先登记表决并结束会议。"),
    "result_notice_closed": lambda: _("评审结果公示还没有期满，请期满后再办理。"),
    "no_open_objection": lambda: _("公示期间的异议还没有处理完，请处理后再办理。"),
    "approval_document": lambda: _("没有列入批准文件，请重新勾选后办理。"),
}


def refused(error: Exception) -> str:
    """A sentence for every refusal of the services and the machine."""
    match error:
        case services.AlreadyClosed():
            return _("会议已经结束，结果不能再改。")
        case services.NothingChosen():
            return _("没有可以办理的人员，请勾选后再办理。")
        case services.NotQuorate():
            return _(
                "应到 %(all)d 人，实到须为 %(least)d 至 %(all)d 人，现在填的是 %(present)d 人，请核对。",
                all=error.expected, least=needed(error.expected), present=error.present,
            )
        case services.VotesDiffer():
            return _(
                "%(name)s的三项合计 %(total)d 票，实到 %(present)d 人，请核对后再保存。",
                name=error.name, total=error.total, present=error.present,
            )
        case services.VotesMissing():
            return _("还有 %(count)d 人没有登记票数：%(names)s。", count=len(error.names), names="、".join(error.names))
        case services.NumberTaken():
            return _("批准文号 %(number)s 已经用过，请核对文号。", number=error.number)
        case services.NobodyApproved():
            return _("勾选的人员都不能批准，没有生成批准文件。")
        case Stale():
            return _("材料刚刚由别人办理过，请看最新状态后再办。")
        case GuardRefused() if error.guard in GUARDS:
            return GUARDS[error.guard]()
        case _:
            return _("这份材料现在不能这样办理，请看最新状态。")
