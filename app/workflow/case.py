"""An application as the table sees it, and what an actor says with a move."""

from __future__ import annotations

from dataclasses import dataclass

from app.workflow.states import Holder, State


@dataclass(frozen=True)
class ReturnItem:
    """One section sent back, with the reason that the applicant reads there; `code` is of return_reason."""

    section: str
    reason: str
    code: str = ""


@dataclass(frozen=True)
class Move:
    """What the actor says with an action; only the fields that the action needs are filled."""

    reason: str = ""
    items: tuple[ReturnItem, ...] = ()
    passed: bool | None = None
    target_body_id: int | None = None
    letter_file_id: int | None = None
    meeting_id: int | None = None
    amount_fen: int | None = None


NO_WORDS = Move()


@dataclass(frozen=True)
class Case:
    """An application as the table sees it. `route` is the stored order of bodies; fee in fen."""

    state: State
    holder: Holder
    applicant_id: int
    unit_id: int | None
    holder_body_id: int | None = None
    returned_by_body_id: int | None = None
    deciding_body_id: int | None = None
    route: tuple[int, ...] = ()
    fee_fen: int = 0
    return_requested: bool = False

    @property
    def next_body_id(self) -> int | None:
        """The body after the holder on the route; the first one while no body holds it."""
        if self.holder is not Holder.BODY:
            return self.route[0] if self.route else None
        if self.holder_body_id not in self.route:
            return None
        place = self.route.index(self.holder_body_id)
        return self.route[place + 1] if place + 1 < len(self.route) else None
