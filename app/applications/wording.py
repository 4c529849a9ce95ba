"""Sentences about applications: refused moves and saves, deadlines, where an application is and what was done.
The only module of the package, beside sections/wording.py and the dossier, that knows a language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from math import ceil

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications import choosing, saving
from app.applications.models import Application, HistoryRow, ReturnedSection, WithdrawalRequest
from app.applications.sections.registry import BY_CODE
from app.applications.services import Stale
from app.applications.standing import Standing
from app.applications.withdrawing import AlreadyAsked
from app.days import BEIJING
from app.workflow.actions import Action
from app.workflow.machine import GuardRefused, MoveRefused, NotHolder, NotOffered
from app.workflow.states import NAMES, Holder, Party, State
from app.workflow.transitions import TRANSITIONS

GUARDS = {
    "unit_set": _l("您现在不属于任何已通过审核的单位。请先在「单位调整」中输入机构秘钥。"),
    "sections_complete": _l("还有表没有填写完整，请按缺项清单补齐后再提交。"),
    "marked_sections_changed": _l("退回的表还没有全部修改，请逐项修改并保存后再提交。"),
    "submission_open": _l("现在不在申报时间内，不能提交。请与评审机构联系。"),
    "reason_given": _l("请填写原因。"),
    "no_request_pending": _l("您已经申请过退还，请等待单位处理。"),
}
LABELS = {row.action: row.label for row in TRANSITIONS}
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


def moment(at: datetime) -> str:
    """11月30日 18:00, in Beijing."""
    local = at.astimezone(BEIJING)
    return _("%(month)d月%(day)d日 %(time)s", month=local.month, day=local.day, time=f"{local:%H:%M}")


def day_words(at: datetime) -> str:
    """2026年11月30日, in Beijing."""
    local = at.astimezone(BEIJING)
    return _("%(year)d年%(month)d月%(day)d日", year=local.year, month=local.month, day=local.day)


def left(at: datetime, now: datetime) -> str:
    """How long until `at`, in words."""
    rest = at - now
    if rest <= timedelta():
        return _("已截止")
    if rest < timedelta(hours=1):
        return _("还剩 %(minutes)d 分钟", minutes=max(1, int(rest.total_seconds() // 60)))
    if rest < timedelta(hours=24):
        return _("还剩 %(hours)d 小时", hours=int(rest.total_seconds() // 3600))
    return _("还剩 %(days)d 天", days=rest.days)


def deadline(at: datetime, now: datetime) -> str:
    return _("%(moment)s 截止，%(left)s", moment=moment(at), left=left(at, now))


LAST_HOUR = timedelta(hours=1)


def closing(at: datetime, now: datetime, opened: bool) -> str:
    """For whoever is filling in: that submission is closed or soon will be; empty as long as there is time. `at` is the
    deadline, `opened` whether the campaign receives applications at all."""
    if now > at:
        return _("申报已于 %(moment)s 截止，现在不能提交。填写的内容仍会保存。", moment=moment(at))
    if not opened:
        return _("这个评审会现在不受理提交。填写的内容仍会保存。")
    if at - now < LAST_HOUR:
        minutes = max(1, ceil((at - now) / timedelta(minutes=1)))
        return _("申报 %(moment)s 截止，还剩 %(n)d 分钟，请尽快检查并提交。", moment=moment(at), n=minutes)
    return ""


def withdrawal_answer(asked: WithdrawalRequest) -> str:
    """How a request to withdraw stands."""
    if asked.answered_at is None:
        return _("待评审机构答复")
    if asked.granted is None:
        return _("材料已另行办理，这次申请不再处理")
    return _("已同意撤回") if asked.granted else _("不同意撤回")


def since(at: datetime, now: datetime) -> str:
    days = ceil((now - at) / timedelta(days=1)) - 1
    return _("今天") if days < 1 else _("已 %(days)d 天", days=days)


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


TONES = {
    State.RETURNED: "danger", State.AWAITING_PAYMENT: "warn", State.LAPSED: "danger", State.FAILED: "danger",
    State.DECLINED: "danger", State.REJECTED: "danger", State.REVOKED: "danger", State.PASSED: "ok",
    State.PUBLICISED: "ok", State.APPROVED: "ok", State.CERTIFIED: "ok", State.CANCELLED: "plain",
    State.WITHDRAWN: "plain",
}  # fmt: skip


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


def what(row: HistoryRow) -> str:
    """What was done, in the manual's word."""
    if row.action is Action.RECORD_RESULT:
        return _(NAMES[row.to_state].applicant)
    return _(LABELS[row.action])


def who(row: HistoryRow) -> str:
    if row.party is Party.APPLICANT:
        return _("本人")
    return row.office or {Party.CLOCK: _("系统"), Party.PAYMENT: _("支付平台")}.get(row.party, "")


BACKWARD = frozenset(
    {State.RETURNED, State.DECLINED, State.REJECTED, State.FAILED, State.LAPSED, State.REVOKED}
)


RETURN_ANSWERS = {
    Action.GRANT_RETURN: _l("单位已同意退还"),
    Action.DECLINE_RETURN: _l("单位不同意退还"),
    Action.RETURN_TO_APPLICANT: _l("单位已退回材料"),
    Action.DECLINE: _l("单位已作出不予推荐的结论"),
}


def return_requests(rows: Sequence[HistoryRow]) -> list[tuple[HistoryRow, HistoryRow | None, str]]:
    """Every 申请退还 with the move that answered it (None: it waits), and the answer in words; oldest first."""
    found: list[tuple[HistoryRow, HistoryRow | None, str]] = []
    for place, row in enumerate(rows):
        if row.action is Action.REQUEST_RETURN:
            answer = next((later for later in rows[place + 1 :] if later.action in RETURN_ANSWERS), None)
            found.append((row, answer, str(RETURN_ANSWERS[answer.action]) if answer else _("已申请退还，请等待单位处理。")))
    return found


# what an office tells another: the applicant reads that it was done, not why
INTERNAL = frozenset({Action.RETURN_TO_UNIT, Action.ENTRUST})


def reasons(returned: Sequence[ReturnedSection]) -> str:
    """学历学位：看不清；工作经历：…"""
    return "；".join(
        _("%(section)s：%(reason)s", section=section_name(item.section), reason=item.reason.rstrip("。；")) for item in returned
    )


def section_name(code: str) -> str:
    """The name of a section; the code where a later release no longer has it."""
    return _(BY_CODE[code].name) if code in BY_CODE else code


def said(row: HistoryRow, returned: Sequence[ReturnedSection], opinion: str = "") -> str:
    """What the applicant reads below a move: why each section came back, the reason, or the office's opinion."""
    if row.action in INTERNAL:
        return ""
    return reasons(returned) or row.reason or opinion


def timeline(
    application: Application,
    rows: Sequence[HistoryRow],
    returned: Mapping[int, Sequence[ReturnedSection]],
    opinions: Mapping[int, str],
) -> list[tuple[str, str, str, str, str]]:
    """The steps for ui.timeline: how it began, every move, where it is now, and what is still to come. `returned` and
    `opinions` belong to moves by their id."""
    steps = [("done", _("开始申报"), _("本人"), moment(application.created_at), "")]
    for row in rows:
        tone = "back" if row.to_state in BACKWARD and row.from_state is not row.to_state else "done"
        note = said(row, returned.get(row.id, ()), opinions.get(row.id, ""))
        steps.append((tone, what(row), who(row), moment(row.at), note))
    if application.holder is not Holder.NOBODY:
        steps.append(("now", state_name(application), holder_name(application), "", next_step(application)))
        at = STAGE_OF[application.state]
        steps += [("todo", str(name), "", "", "") for name in STAGES[at + 1 :]]
    return steps
