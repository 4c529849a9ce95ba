"""The names of what must be known before a move, answered by the package that knows it.

Each package registers a provider for its facts in create_app; the workflow asks by name and never imports one.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class Fact(StrEnum):
    UNIT_SET = "unit_set"  # the applicant belongs to an approved unit that reports somewhere
    SECTIONS_COMPLETE = "sections_complete"
    MARKED_SECTIONS_CHANGED = "marked_sections_changed"  # every section named in a return was dealt with
    SUBMISSION_OPEN = "submission_open"  # campaign open, or within the correction term of a return
    OPINION_COMPLETE = "opinion_complete"  # of the holder, for this round
    DEFENCE_HELD = "defence_held"  # or not required by the campaign
    SEAL_PRESENT = "seal_present"  # or not required by the campaign
    NOTICE_CLOSED = "notice_closed"  # 公示 over
    NO_OPEN_OBJECTION = "no_open_objection"
    REVIEW_AUTHORITY = "review_authority"  # the holding body may decide on this series and level
    TARGET_AUTHORITY = "target_authority"  # so may the body named in the move
    AMOUNT_MATCHES = "amount_matches"
    PAYMENT_TERM_OVER = "payment_term_over"
    MEETING_PLANNED = "meeting_planned"  # the meeting named in the move takes candidates of this body
    MEETING_CLOSED = "meeting_closed"  # the application's meeting is over and its result recorded
    RESULT_NOTICE_CLOSED = "result_notice_closed"
    APPROVAL_DOCUMENT = "approval_document"  # 批准文号 that names the application
    WITHDRAWAL_REQUESTED = "withdrawal_requested"


class Facts(Protocol):
    """Answers a fact about one application now; asks the database only for what is asked of it."""

    def holds(self, fact: Fact) -> bool: ...
