"""What is applied for: what a campaign offers, the application that is started, and choosing anew while it is a draft.
Not here: what is filled in afterwards (saving) and the way to the reviewers (submitting)."""

from app.applications.choosing.changing import NotADraft, change
from app.applications.choosing.offered import (
    CampaignClosed,
    Choices,
    Chosen,
    NotOffered,
    NotStarted,
    apply_types,
    choices,
    choose,
)
from app.applications.choosing.starting import (
    AlreadyStarted,
    PledgeChanged,
    free_years,
    in_the_way,
    pledge_digest,
    start,
)

__all__ = [
    "AlreadyStarted",
    "CampaignClosed",
    "Choices",
    "Chosen",
    "NotADraft",
    "NotOffered",
    "NotStarted",
    "PledgeChanged",
    "apply_types",
    "change",
    "choices",
    "choose",
    "free_years",
    "in_the_way",
    "pledge_digest",
    "start",
]
