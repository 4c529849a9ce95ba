"""What the tree of bodies answers about a move: whether a body may decide on this series and level."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.review_bodies.queries import has_authority
from app.workflow.facts import Fact

if TYPE_CHECKING:
    from app.applications.facts import Question


def review_authority(question: Question) -> bool:
    """The body that has the application decides on its series and level."""
    return _decides(question, question.application.holder_body_id)


def target_authority(question: Question) -> bool:
    """So does the body to which the move entrusts it."""
    return _decides(question, question.move.target_body_id)


def _decides(question: Question, body_id: int | None) -> bool:
    application = question.application
    return body_id is not None and has_authority(
        question.session, body_id, application.series_code, application.level_code
    )


PROVIDERS: dict[Fact, Callable[[Question], bool]] = {
    Fact.REVIEW_AUTHORITY: review_authority,
    Fact.TARGET_AUTHORITY: target_authority,
}
