"""The names of what may be done to an application; transitions.py says when and by whom."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    SUBMIT = "submit"
    CANCEL = "cancel"
    REQUEST_RETURN = "request_return"
    GRANT_RETURN = "grant_return"
    DECLINE_RETURN = "decline_return"
    RETURN_TO_APPLICANT = "return_to_applicant"
    DECLINE = "decline"
    REPORT = "report"
    RETURN_TO_UNIT = "return_to_unit"
    ENTRUST = "entrust"
    FINISH = "finish"
    REJECT = "reject"
    SETTLE = "settle"
    WAIVE = "waive"
    LAPSE = "lapse"
    RESTORE = "restore"
    CONVENE = "convene"
    RECORD_RESULT = "record_result"
    PUBLISH = "publish"
    UPHOLD_OBJECTION = "uphold_objection"
    APPROVE = "approve"
    ISSUE = "issue"
    REVOKE = "revoke"
    WITHDRAW = "withdraw"
