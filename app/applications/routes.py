"""The way of an application through the review bodies: pure, computed when it is submitted, then stored, so that a
later change of the tree never touches what is under way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Tree = Mapping[int, int | None]  # body -> the body above it; None for the root


class NoWay(Exception):
    """The tree has a ring, or names a body that it does not hold."""

    def __init__(self, body_id: int) -> None:
        super().__init__(str(body_id))
        self.body_id = body_id


def climb(tree: Tree, body_id: int) -> tuple[int, ...]:
    """The body and all above it, up to the root; raises NoWay."""
    path: list[int] = []
    here: int | None = body_id
    while here is not None:
        if here in path or here not in tree:
            raise NoWay(here)
        path.append(here)
        here = tree[here]
    return tuple(path)


def route(
    tree: Tree, reports_to: int, campaign_body: int, prescribed: Sequence[int] | None = None
) -> tuple[int, ...]:
    """The bodies in their order, each once, the campaign's last.

    It starts at the body to which the unit reports and climbs up to, and excluding, the first that is or contains
    the campaign's body. What a campaign prescribes is taken instead. Raises NoWay.
    """
    if prescribed:
        return (*dict.fromkeys(body for body in prescribed if body != campaign_body), campaign_body)
    above = climb(tree, campaign_body)
    before: list[int] = []
    for body in climb(tree, reports_to):
        if body in above:
            break
        before.append(body)
    return (*before, campaign_body)
