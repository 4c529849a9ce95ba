"""Counting votes: pure rules of 评审会议."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Votes:
    """The count for one candidate; None where nothing was entered yet."""

    agree: int | None = None
    against: int | None = None
    abstain: int | None = None

    @property
    def complete(self) -> bool:
        return None not in (self.agree, self.against, self.abstain)

    @property
    def total(self) -> int:
        return (self.agree or 0) + (self.against or 0) + (self.abstain or 0)


def needed(present: int) -> int:
    """赞成票须达到出席人数的三分之二: the votes needed, rounded up."""
    return -(-2 * present // 3)


def quorate(present: int, expected: int) -> bool:
    """出席人数须达到应到人数的三分之二, and nobody comes who is not a member."""
    return needed(expected) <= present <= expected and present > 0


def passed(votes: Votes, present: int) -> bool:
    """Whether complete votes carry the candidate."""
    return (votes.agree or 0) >= needed(present)
