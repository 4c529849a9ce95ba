"""The states of an application (申报件), who can hold it, and who can act on it.

Each state has two names: the staff's and the applicant's; both are wording only, the stored value is stable.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from app.words import N_


class State(StrEnum):
    DRAFT = "draft"
    RETURNED = "returned"
    UNIT_REVIEW = "unit_review"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    BODY_REVIEW = "body_review"
    REJECTED = "rejected"
    AWAITING_PAYMENT = "awaiting_payment"
    LAPSED = "lapsed"
    READY = "ready"
    IN_MEETING = "in_meeting"
    PASSED = "passed"
    FAILED = "failed"
    PUBLICISED = "publicised"
    APPROVED = "approved"
    CERTIFIED = "certified"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"


class Holder(StrEnum):
    """Who has the application now; `BODY` always goes with the id of one review body."""

    APPLICANT = "applicant"
    UNIT = "unit"
    BODY = "body"
    OFFICE = "office"
    NOBODY = "nobody"


class Party(StrEnum):
    """On whose behalf somebody acts. The office is the root review body, so it may act as a body too."""

    APPLICANT = "applicant"
    UNIT = "unit"
    BODY = "body"
    OFFICE = "office"
    PAYMENT = "payment"
    CLOCK = "clock"
    STAFF = "staff"  # system, security and audit administrators: no part in any application


class StateNames(NamedTuple):
    staff: str
    applicant: str
    tone: str  # colour of the badge: plain, info, violet, warn, danger, ok


NAMES: dict[State, StateNames] = {
    State.DRAFT: StateNames(N_("填报中"), N_("填报中"), "plain"),
    State.RETURNED: StateNames(N_("已退回个人"), N_("需要修改"), "danger"),
    State.UNIT_REVIEW: StateNames(N_("待单位审核"), N_("单位审核中"), "info"),
    State.CANCELLED: StateNames(N_("已取消"), N_("已取消"), "plain"),
    State.DECLINED: StateNames(N_("不予推荐"), N_("单位不予推荐"), "danger"),
    State.BODY_REVIEW: StateNames(N_("待评审机构审核"), N_("评审机构审核中"), "violet"),
    State.REJECTED: StateNames(N_("初审不通过"), N_("初审不通过"), "danger"),
    State.AWAITING_PAYMENT: StateNames(N_("待缴费"), N_("请缴费"), "warn"),
    State.LAPSED: StateNames(N_("逾期未缴费"), N_("逾期未缴费"), "danger"),
    State.READY: StateNames(N_("待上会"), N_("等待评审会议"), "info"),
    State.IN_MEETING: StateNames(N_("评审中"), N_("评审中"), "violet"),
    State.PASSED: StateNames(N_("评审通过"), N_("评审通过"), "ok"),
    State.FAILED: StateNames(N_("评审未通过"), N_("评审未通过"), "danger"),
    State.PUBLICISED: StateNames(N_("结果公示中"), N_("结果公示中"), "violet"),
    State.APPROVED: StateNames(N_("已批准"), N_("已批准，等待发证"), "ok"),
    State.CERTIFIED: StateNames(N_("已发证"), N_("已取得证书"), "ok"),
    State.REVOKED: StateNames(N_("已撤销"), N_("证书已撤销"), "danger"),
    State.WITHDRAWN: StateNames(N_("已撤回"), N_("已撤回"), "plain"),
}

EDITABLE = frozenset({State.DRAFT, State.RETURNED})
FINAL = frozenset(
    {State.CANCELLED, State.DECLINED, State.REJECTED, State.FAILED, State.REVOKED, State.WITHDRAWN}
)
