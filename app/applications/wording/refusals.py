"""Why something was not done, and what to do: refused moves, saves and starts."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications import choosing, saving
from app.applications.services import Stale
from app.applications.withdrawing import AlreadyAsked
from app.workflow.actions import Action
from app.workflow.machine import GuardRefused, MoveRefused, NotHolder, NotOffered

GUARDS = {
    "unit_set": _l("您现在不属于任何已通过审核的单位。请先在「单位调整」中输入机构秘钥。"),
    "sections_complete": _l("还有表没有填写完整，请按缺项清单补齐后再提交。"),
    "marked_sections_changed": _l("退回的表还没有全部修改，请逐项修改并保存后再提交。"),
    "submission_open": _l("现在不在申报时间内，不能提交。请与评审机构联系。"),
    "reason_given": _l("请填写原因。"),
    "no_request_pending": _l("您已经申请过退还，请等待单位处理。"),
}


def refused(error: MoveRefused) -> str:
    """Why a move of the applicant was not made, and what to do."""
    match error:
        case Stale():
            return _("这份材料刚刚在别处办理过，请看清现在的状态后再办理。")
        case GuardRefused(guard=guard) if guard in GUARDS:
            return str(GUARDS[guard])
        case AlreadyAsked():
            return _("您已经申请过撤回，请等待评审机构答复。")
        case NotOffered(action=Action.WITHDRAW):
            return _("这份申报现在不能申请撤回，请看清现在的状态。")
        case NotOffered(action=Action.SUBMIT):
            return _("这份材料已经提交，不必再次提交。")
        case NotOffered() | NotHolder():
            return _("这份材料现在的状态不能这样办理，请看清现在的状态后再办理。")
        case _:
            return _("现在不能办理，请刷新页面后再试。")


def not_saved(error: saving.NotSaved) -> str:
    """Why nothing was saved, and what to do."""
    match error:
        case saving.Locked(submitted=True):
            return _(
                "材料已提交到单位，不能再修改，这次填写的内容没有保存。需要修改的，请在「办理进度」申请退还。"
            )
        case saving.Locked():
            return _("这个表没有被退回，不能修改。只有退回的表可以修改。")
        case saving.Conflict():
            return _(
                "这个表已在别的窗口修改过，这里填写的内容还没有保存。请点「保存」，对照后选择保留哪一份。"
            )
        case saving.TooMuch(most=most) if most is not None:
            return _("这个表最多填写 %(most)d 条，请先删除不用的。", most=most)
        case saving.TooMuch():
            return _("这个表的文字太多，没有保存，请缩短后再保存。")
        case _:
            return _("没有找到这个表，请返回申报清单重新打开。")


def not_started(error: choosing.NotStarted) -> str:
    """Why no application was started, and what to do."""
    match error:
        case choosing.AlreadyStarted(number=number):
            return _(
                "您今年已有一份职称申报（编号 %(number)s），一年只能申报一次。请继续办理那一份；"
                "要换评审会或资格的，先取消它再重新开始。",
                number=number,
            )
        case choosing.CampaignClosed():
            return _("这个评审会现在不受理申报，请选择正在受理的评审会。")
        case choosing.NotADraft():
            return _("材料已经提交过，不能再更改评审会、专业和资格。需要更改的，请联系单位或评审机构。")
        case choosing.PledgeChanged():
            return _("承诺书刚刚更新，请重新阅读并确认后再继续。")
        case choosing.NotOffered(field="specialty"):
            return _("这个评审会不受理所选专业，请重新选择专业。")
        case choosing.NotOffered(field="apply_type"):
            return _("请选择申报类型。")
        case _:
            return _("所选专业不能申报这个资格，请重新选择拟评资格。")
