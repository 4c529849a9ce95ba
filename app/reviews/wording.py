"""The sentences of a review: why an action is closed and what to do, what an opinion still lacks, refused moves."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications.services import Stale
from app.public_notices.wording import day
from app.reviews import services as s
from app.reviews.models import Conclusion
from app.workflow.actions import Action
from app.workflow.machine import GuardRefused, MoveRefused, NotHolder, NotOffered

# guard -> what to do before the action opens
GUARD_WORDS: dict[str, Any] = {
    "no_request_pending": _l("申报人申请了退还，请先同意或不同意，再上报。"),
    "opinion_complete": _l("审核意见还没有填完整，或结论不是同意，请先填写并保存意见。"),
    "defence_held": _l("本次评审要求答辩，请先在意见里填写答辩时间、问题和结果。"),
    "seal_present": _l("本次评审要求电子签章，请先到「单位信息」上传公章图片。"),
    "notice_closed": _l("还没有公示，请先发起公示，期满后再上报。"),
    "no_open_objection": _l("公示收到的异议还没有处理完：请先答复；异议成立的，请退回或不予推荐。"),
    "review_authority": _l("本机构对这个系列和级别没有评审权，请上报。"),
    "no_authority_here": _l("本机构有评审权，请用「完结」，不需要再上报。"),
    "next_body_exists": _l("这份材料没有上一级机构可报，请联系职改办。"),
    "request_pending": _l("申报人没有申请退还。"),
    "reason_given": _l("请填写理由。"),
    "sections_named": _l("请至少勾选一个要退回的部分，并为每个勾选的部分写明原因。"),
    "letter_given": _l("请上传委托评审函（pdf 或 jpg）。"),
    "target_authority": _l("所选的机构对这个系列和级别没有评审权，请另选一个。"),
    "withdrawal_requested": _l("申报人没有申请撤回。"),
}
LACKS: dict[str, Any] = {
    "text": _l("审核意见至少写 20 个字"),
    "signed_by": _l("填写负责人"),
    "group": _l("填写审议小组的组长和成员"),
    "votes": _l("填写审议小组的五个人数"),
    "majority": _l("同意票不足实到人数的三分之二，不能推荐，请核对票数或改为不同意"),
    "assessments": _l("至少填写一年的考核结果"),
    "defence": _l("填写答辩时间、问题和结果（本次评审要求答辩）"),
}
DONE: dict[Action, Any] = {
    Action.REPORT: _l("%(name)s 的材料已上报。"),
    Action.FINISH: _l("%(name)s 的材料已完结。"),
    Action.RETURN_TO_APPLICANT: _l("%(name)s 的材料已退回个人，短信已通知。"),
    Action.RETURN_TO_UNIT: _l("%(name)s 的材料已退回单位。"),
    Action.DECLINE: _l("%(name)s 不予推荐，已告知本人。"),
    Action.REJECT: _l("%(name)s 初审不通过，本年度不能再报。"),
    Action.GRANT_RETURN: _l("已同意把材料退还给 %(name)s。"),
    Action.DECLINE_RETURN: _l("已告知 %(name)s 不同意退还。"),
    Action.ENTRUST: _l("%(name)s 的材料已委托评审。"),
    Action.WITHDRAW: _l("%(name)s 的申报已撤回，已通知本人。"),
}
CONCLUSIONS = {Conclusion.AGREE: _l("同意"), Conclusion.DISAGREE: _l("不同意")}


def why_closed(guard: str, closes_on: date | None = None) -> str:
    """Why an action is not open, and what to do; `closes_on` is the last day of the notice that runs."""
    if guard == "notice_closed" and closes_on is not None:
        return _("公示还没有结束（到 %(day)s），期满后再上报。", day=day(closes_on))
    return str(GUARD_WORDS.get(guard, _("现在还不能办理，请刷新页面后再看。")))


def refused(error: MoveRefused, closes_on: date | None = None) -> str:
    """Why a move was not made, and what to do."""
    match error:
        case Stale():
            return _("材料已被他人处理，请刷新后再看。")
        case GuardRefused():
            return why_closed(error.guard, closes_on)
        case NotHolder() | NotOffered():
            return _("材料现在不在您这里，不能这样办理；请刷新后再看。")
        case _:
            return _("没有办理，请刷新页面后再试。")


def opinion_refused(error: s.OpinionRefused) -> str:
    match error:
        case s.NotInHand():
            return _("材料已不在您这里，意见不能再改；请刷新后再看。")
        case s.OpinionStale():
            return _("这份意见已被同事修改，请先核对下面已保存的内容；您填写的仍在表中，再点保存会覆盖同事的修改。")
        case s.VotesWrong() if error.cast is None:
            return _("五个人数要一起填：应到、实到、同意、反对、弃权。")
        case s.VotesWrong() if error.cast != error.present:
            return _("同意、反对、弃权合计 %(cast)s 票，实到 %(present)s 人，请核对。", cast=error.cast, present=error.present)
        case s.VotesWrong():
            return _("实到 %(present)s 人，多于应到 %(expected)s 人，请核对。", present=error.present, expected=error.expected)
        case _:
            return _("没有保存，请刷新页面后再试。")
