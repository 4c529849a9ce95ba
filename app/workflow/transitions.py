"""TRANSITIONS: the one table of what may happen to an application, by whom, under which guards.

A row is read as the sentence "from these states, this party may do this, if these guards hold; then the application
is in that state, held by those". Nothing else in the project decides about states.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.words import N_
from app.workflow import guards as g
from app.workflow.actions import Action
from app.workflow.events import Event
from app.workflow.states import Holder, Party, State

if TYPE_CHECKING:
    from app.workflow.case import Case, Move
    from app.workflow.guards import Guard

S = State


@dataclass(frozen=True)
class Transition:
    action: Action
    sources: frozenset[State]
    by: frozenset[Party]
    event: Event
    to: State | Callable[[Case, Move], State]
    held_by: Holder | Callable[[Case, Move], Holder]
    guards: tuple[Guard, ...] = ()
    label: str = ""  # the manual's word, on buttons and in the history


def _after_finish(case: Case, move: Move) -> State:
    return S.AWAITING_PAYMENT if case.fee_fen else S.READY


def _holder_after_finish(case: Case, move: Move) -> Holder:
    return Holder.APPLICANT if case.fee_fen else Holder.BODY


def _result(case: Case, move: Move) -> State:
    return S.PASSED if move.passed else S.FAILED


def _holder_after_result(case: Case, move: Move) -> Holder:
    return Holder.BODY if move.passed else Holder.NOBODY


def _row(
    action: Action,
    sources: State | tuple[State, ...],
    by: Party | tuple[Party, ...],
    event: Event,
    to: State | Callable[[Case, Move], State],
    held_by: Holder | Callable[[Case, Move], Holder],
    *guards: Guard,
    label: str,
) -> Transition:
    source_set = frozenset(sources if isinstance(sources, tuple) else (sources,))
    parties = frozenset(by if isinstance(by, tuple) else (by,))
    return Transition(action, source_set, parties, event, to, held_by, guards, label)


A, P, H = Action, Party, Holder

TRANSITIONS: tuple[Transition, ...] = (
    # the applicant
    _row(A.SUBMIT, (S.DRAFT, S.RETURNED), P.APPLICANT, Event.SUBMITTED, S.UNIT_REVIEW, H.UNIT,
         g.unit_set, g.sections_complete, g.marked_sections_changed, g.submission_open, label=N_("提交申报")),
    _row(A.CANCEL, (S.DRAFT, S.RETURNED), P.APPLICANT, Event.CANCELLED, S.CANCELLED, H.NOBODY,
         label=N_("取消申报")),
    _row(A.REQUEST_RETURN, S.UNIT_REVIEW, P.APPLICANT, Event.RETURN_REQUESTED, S.UNIT_REVIEW, H.UNIT,
         g.reason_given, g.no_request_pending, label=N_("申请退还")),
    # the unit
    _row(A.GRANT_RETURN, S.UNIT_REVIEW, P.UNIT, Event.RETURN_GRANTED, S.RETURNED, H.APPLICANT,
         g.request_pending, label=N_("同意退还")),
    _row(A.DECLINE_RETURN, S.UNIT_REVIEW, P.UNIT, Event.RETURN_DECLINED, S.UNIT_REVIEW, H.UNIT,
         g.request_pending, g.reason_given, label=N_("不同意退还")),
    _row(A.RETURN_TO_APPLICANT, S.UNIT_REVIEW, P.UNIT, Event.RETURNED, S.RETURNED, H.APPLICANT,
         g.sections_named, label=N_("退回个人")),
    _row(A.DECLINE, S.UNIT_REVIEW, P.UNIT, Event.DECLINED, S.DECLINED, H.NOBODY, g.reason_given,
         label=N_("不予推荐")),
    _row(A.REPORT, S.UNIT_REVIEW, P.UNIT, Event.REPORTED, S.BODY_REVIEW, H.BODY,
         g.no_request_pending, g.opinion_complete, g.defence_held, g.seal_present, g.notice_closed,
         g.no_open_objection, label=N_("上报")),
    # the review bodies
    _row(A.RETURN_TO_UNIT, S.BODY_REVIEW, P.BODY, Event.RETURNED_TO_UNIT, S.UNIT_REVIEW, H.UNIT,
         g.reason_given, label=N_("退回单位")),
    _row(A.RETURN_TO_APPLICANT, S.BODY_REVIEW, P.BODY, Event.RETURNED, S.RETURNED, H.APPLICANT,
         g.sections_named, label=N_("退回个人")),
    _row(A.REPORT, S.BODY_REVIEW, P.BODY, Event.REPORTED, S.BODY_REVIEW, H.BODY,
         g.no_authority_here, g.next_body_exists, g.opinion_complete, label=N_("上报")),
    _row(A.ENTRUST, S.BODY_REVIEW, P.BODY, Event.ENTRUSTED, S.BODY_REVIEW, H.BODY,
         g.letter_given, g.target_authority, label=N_("委托评审")),
    _row(A.FINISH, S.BODY_REVIEW, P.BODY, Event.FINISHED, _after_finish, _holder_after_finish,
         g.authority_here, g.opinion_complete, label=N_("完结")),
    _row(A.REJECT, S.BODY_REVIEW, P.BODY, Event.REJECTED, S.REJECTED, H.NOBODY,
         g.authority_here, g.reason_given, label=N_("初审不通过")),
    # the fee
    _row(A.SETTLE, S.AWAITING_PAYMENT, P.PAYMENT, Event.PAID, S.READY, H.BODY, g.amount_matches,
         label=N_("缴费成功")),
    _row(A.WAIVE, S.AWAITING_PAYMENT, P.BODY, Event.WAIVED, S.READY, H.BODY, g.reason_given,
         label=N_("免缴")),
    _row(A.LAPSE, S.AWAITING_PAYMENT, P.CLOCK, Event.LAPSED, S.LAPSED, H.NOBODY,
         g.payment_term_over, label=N_("逾期未缴费")),
    _row(A.RESTORE, S.LAPSED, P.BODY, Event.RESTORED, S.AWAITING_PAYMENT, H.APPLICANT,
         g.reason_given, label=N_("恢复缴费")),
    # the meeting and after
    _row(A.CONVENE, S.READY, P.BODY, Event.CONVENED, S.IN_MEETING, H.BODY, g.meeting_planned,
         label=N_("列入评审会议")),
    _row(A.RECORD_RESULT, S.IN_MEETING, P.BODY, Event.RESULT_RECORDED, _result, _holder_after_result,
         g.result_given, g.meeting_closed, label=N_("登记评审结果")),
    _row(A.PUBLISH, S.PASSED, P.BODY, Event.PUBLISHED, S.PUBLICISED, H.BODY, label=N_("公示评审结果")),
    _row(A.UPHOLD_OBJECTION, S.PUBLICISED, P.BODY, Event.OBJECTION_UPHELD, S.FAILED, H.NOBODY,
         g.reason_given, label=N_("异议成立")),
    _row(A.APPROVE, S.PUBLICISED, P.OFFICE, Event.APPROVED, S.APPROVED, H.OFFICE,
         g.result_notice_closed, g.no_open_objection, g.approval_document, label=N_("批准")),
    _row(A.ISSUE, S.APPROVED, (P.OFFICE, P.BODY), Event.ISSUED, S.CERTIFIED, H.NOBODY, label=N_("发证")),
    _row(A.REVOKE, S.CERTIFIED, P.OFFICE, Event.REVOKED, S.REVOKED, H.NOBODY, g.reason_given,
         label=N_("撤销证书")),
    _row(A.WITHDRAW, (S.BODY_REVIEW, S.AWAITING_PAYMENT, S.READY, S.IN_MEETING), P.BODY, Event.WITHDRAWN,
         S.WITHDRAWN, H.NOBODY, g.withdrawal_requested, g.reason_given, label=N_("撤回申报")),
)
