"""What was done to an application, and what was answered: its moves as the applicant reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications.models import Application, HistoryRow, ReturnedSection, WithdrawalRequest
from app.applications.sections.registry import BY_CODE
from app.applications.wording.progress import STAGE_OF, STAGES, holder_name, next_step, state_name
from app.applications.wording.times import moment
from app.workflow.actions import Action
from app.workflow.states import NAMES, Holder, Party, State
from app.workflow.transitions import TRANSITIONS

LABELS = {row.action: row.label for row in TRANSITIONS}
BACKWARD = frozenset({State.RETURNED, State.DECLINED, State.REJECTED, State.FAILED, State.LAPSED, State.REVOKED})
# What an office tells another: the applicant reads that it was done, not why.
INTERNAL = frozenset({Action.RETURN_TO_UNIT, Action.ENTRUST})
RETURN_ANSWERS = {
    Action.GRANT_RETURN: _l("单位已同意退还"),
    Action.DECLINE_RETURN: _l("单位不同意退还"),
    Action.RETURN_TO_APPLICANT: _l("单位已退回材料"),
    Action.DECLINE: _l("单位已作出不予推荐的结论"),
}


def what(row: HistoryRow) -> str:
    """What was done, in the manual's word."""
    if row.action is Action.RECORD_RESULT:
        return _(NAMES[row.to_state].applicant)
    return _(LABELS[row.action])


def who(row: HistoryRow) -> str:
    if row.party is Party.APPLICANT:
        return _("本人")
    return row.office or {Party.CLOCK: _("系统"), Party.PAYMENT: _("支付平台")}.get(row.party, "")


def return_requests(rows: Sequence[HistoryRow]) -> list[tuple[HistoryRow, HistoryRow | None, str]]:
    """Every 申请退还 with the move that answered it (None: it waits), and the answer in words; oldest first."""
    found: list[tuple[HistoryRow, HistoryRow | None, str]] = []
    for place, row in enumerate(rows):
        if row.action is Action.REQUEST_RETURN:
            answer = next((later for later in rows[place + 1 :] if later.action in RETURN_ANSWERS), None)
            found.append((row, answer, str(RETURN_ANSWERS[answer.action]) if answer else _("已申请退还，请等待单位处理。")))
    return found


def withdrawal_answer(asked: WithdrawalRequest) -> str:
    """How a request to withdraw stands."""
    if asked.answered_at is None:
        return _("待评审机构答复")
    if asked.granted is None:
        return _("材料已另行办理，这次申请不再处理")
    return _("已同意撤回") if asked.granted else _("不同意撤回")


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
