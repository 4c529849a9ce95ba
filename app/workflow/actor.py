"""Who acts: the account, the party it acts for, and where that party stands. Built at the edge, passed to every
service; the services know no request and no current user."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.workflow.states import Party


@dataclass(frozen=True)
class Actor:
    """`person_id` is the account's person row (None for the payment provider and the clock).

    `unit_id` is set for staff of a unit, `body_id` for staff of a review body; the office's is the root body.
    `address` is the network address, for the audit log only.
    """

    party: Party
    person_id: int | None = None
    unit_id: int | None = None
    body_id: int | None = None
    name: str = ""
    address: str = ""
    permissions: frozenset[tuple[str, str]] = field(default_factory=frozenset, repr=False)

    def may(self, permission: str, view: str) -> bool:
        """Whether one of the account's roles grants `permission` on `view`; says nothing about rows."""
        return (permission, view) in self.permissions


CLOCK = Actor(party=Party.CLOCK, name="系统")
PAYMENT = Actor(party=Party.PAYMENT, name="支付平台")
