"""Sentences about applications, one module a subject: refusals, times, progress, history.
Not here: the sentences about the values of a section (sections/wording)."""

from app.applications.wording.history import (
    reasons,
    return_requests,
    timeline,
    who,
    withdrawal_answer,
)
from app.applications.wording.progress import (
    NEXT,
    holder_name,
    next_step,
    stages,
    state_name,
    term,
    tone,
    usually,
    waits_for,
)
from app.applications.wording.refusals import GUARDS, not_saved, not_started, refused
from app.applications.wording.times import closing, day_words, deadline, moment, since

__all__ = [
    "GUARDS",
    "NEXT",
    "closing",
    "day_words",
    "deadline",
    "holder_name",
    "moment",
    "next_step",
    "not_saved",
    "not_started",
    "reasons",
    "refused",
    "return_requests",
    "since",
    "stages",
    "state_name",
    "term",
    "timeline",
    "tone",
    "usually",
    "waits_for",
    "who",
    "withdrawal_answer",
]
