"""Where an application is: its state, who has it, what it waits for and until when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications.models import Application
from app.applications.standing import Standing
from app.applications.wording.times import deadline
from app.workflow.states import NAMES, Holder, State

STAGES = (_l("填报"), _l("单位"), _l("评审机构"), _l("缴费"), _l("评审"), _l("发证"))
STAGE_OF = {
    State.DRAFT: 0, State.RETURNED: 0, State.CANCELLED: 0, State.UNIT_REVIEW: 1, State.DECLINED: 1,
    State.BODY_REVIEW: 2, State.REJECTED: 2, State.WITHDRAWN: 2, State.AWAITING_PAYMENT: 3, State.LAPSED: 3,
    State.READY: 4, State.IN_MEETING: 4, State.PASSED: 4, State.FAILED: 4, State.PUBLICISED: 4,
    State.APPROVED: 5, State.CERTIFIED: 5, State.REVOKED: 5,
}  # fmt: skip
NEXT = {
    State.DRAFT: _l("填完各表后提交到单位审核。"),
    State.RETURNED: _l("修改退回的内容后重新提交到单位。"),
    State.UNIT_REVIEW: _l("单位审核、公示后上报评审机构。"),
    State.BODY_REVIEW: _l("评审机构审核通过后通知缴费；有问题会退回修改。"),
    State.AWAITING_PAYMENT: _l("缴费后等待评审会议。"),
    State.LAPSED: _l("逾期未缴费视为放弃；有正当理由的，请与评审机构联系恢复缴费。"),
    State.READY: _l("等待评审机构安排评审会议。"),
    State.IN_MEETING: _l("评审会议结束后登记结果。"),
    State.PASSED: _l("评审结果将公示。"),
    State.PUBLICISED: _l("公示期满无异议的，由职改办批准。"),
    State.APPROVED: _l("等待发放证书。"),
    State.CERTIFIED: _l("可以打印证书。"),
    State.CANCELLED: _l("这份申报已取消，受理期内可以重新开始。"),
    State.DECLINED: _l("这次申报已经结束，本年度不能再申报；对结论有疑问的，请与单位人事部门联系。"),
    State.REJECTED: _l("这次申报已经结束，本年度不能再申报；对结论有疑问的，请与评审机构联系。"),
    State.FAILED: _l("这次申报已经结束，下一年度可以再次申报。"),
    State.WITHDRAWN: _l("这次申报已经结束，下一年度可以再次申报。"),
    State.REVOKED: _l("证书已撤销；对决定有疑问的，请与职改办联系。"),
}
WAITS = {
    State.DRAFT: _l("等您填完各表并提交"),
    State.RETURNED: _l("等您修改后重新提交"),
    State.UNIT_REVIEW: _l("等单位核对材料、组织公示"),
    State.BODY_REVIEW: _l("等评审机构审核材料"),
    State.AWAITING_PAYMENT: _l("等您缴评审费"),
    State.READY: _l("等评审机构安排评审会议"),
    State.IN_MEETING: _l("等评审会议的结果"),
    State.PASSED: _l("等评审机构公示评审结果"),
    State.PUBLICISED: _l("等公示期满后批准"),
    State.APPROVED: _l("等制作、发放证书"),
}
TERMS = {
    State.DRAFT: _l("提交：%(deadline)s"),
    State.RETURNED: _l("提交：%(deadline)s"),
    State.UNIT_REVIEW: _l("单位上报：%(deadline)s"),
    State.AWAITING_PAYMENT: _l("缴费：%(deadline)s"),
}
TONES = {
    State.RETURNED: "danger", State.AWAITING_PAYMENT: "warn", State.LAPSED: "danger", State.FAILED: "danger",
    State.DECLINED: "danger", State.REJECTED: "danger", State.REVOKED: "danger", State.PASSED: "ok",
    State.PUBLICISED: "ok", State.APPROVED: "ok", State.CERTIFIED: "ok", State.CANCELLED: "plain",
    State.WITHDRAWN: "plain",
}  # fmt: skip


def state_name(application: Application) -> str:
    return _(NAMES[application.state].applicant)


def holder_name(application: Application) -> str:
    """Who has it now, as the applicant reads it."""
    match application.holder:
        case Holder.APPLICANT:
            return _("您本人")
        case Holder.UNIT:
            return application.unit.name if application.unit else ""
        case Holder.BODY:
            return application.holder_body.name if application.holder_body else ""
        case Holder.OFFICE:
            return _("职改办")
        case _:
            return _("已办结")


def tone(application: Application) -> str:
    """The colour of the state's badge: red wants something or is lost, green is won."""
    return TONES.get(application.state, "info")


def next_step(application: Application) -> str:
    return str(NEXT[application.state])


def waits_for(application: Application, standing: Standing, today: date, *, withdrawing: bool = False) -> str:
    """What it waits for now, before all else the answer to a request of the applicant (`withdrawing`: to be let go); ""
    for one that has ended."""
    if withdrawing:
        return _("等评审机构答复您的撤回申请")
    if application.return_requested:
        return _("等单位答复您的退还申请")
    closes = standing.notice_closes
    if closes is not None and closes >= today:
        return _("公示中，%(month)d月%(day)d日期满", month=closes.month, day=closes.day)
    if closes is not None and application.state is State.UNIT_REVIEW:
        return _("公示已期满，等单位填写意见并上报")
    if closes is not None:
        return _("公示已期满，等职改办批准")
    return str(WAITS.get(application.state, ""))


def term(application: Application, standing: Standing, now: datetime) -> str:
    """Until when whoever has it must act; "" without a term."""
    if standing.until is None:
        return ""
    return str(TERMS[application.state]) % {"deadline": deadline(standing.until, now)}


def usually(standing: Standing) -> str:
    """How long this step took others; "" where too little is known."""
    if standing.usual is None:
        return ""
    days = round(standing.usual / timedelta(days=1))
    return _("这一步通常 %(days)d 天左右", days=days) if days else _("这一步通常当天办完")


def stages(application: Application) -> list[tuple[str, str]]:
    """(name, class) of each stage, for the line of steps."""
    at = STAGE_OF[application.state]
    over = application.state is State.CERTIFIED
    return [
        (str(name), "is-done" if place < at or over else "is-now" if place == at else "")
        for place, name in enumerate(STAGES)
    ]
