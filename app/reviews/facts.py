"""What the workflow asks about opinions, 答辩 and seals."""

from __future__ import annotations

from app.applications.facts import Provider, Question
from app.review_bodies.models import Campaign
from app.reviews.models import Conclusion, Opinion
from app.reviews.queries import own_opinion
from app.reviews.services import defended
from app.units.models import Unit
from app.workflow.facts import Fact


def opinion_complete(question: Question) -> bool:
    """The actor's office has a complete opinion of this round that recommends; a new submission or a return opens it."""
    opinion = own_opinion(question.session, question.application, question.actor)
    return opinion is not None and opinion.complete and opinion.conclusion is Conclusion.AGREE


def defence_held(question: Question) -> bool:
    campaign = question.session.get_one(Campaign, question.application.campaign_id)
    if not campaign.defence_required:
        return True
    opinion = own_opinion(question.session, question.application, question.actor)
    return isinstance(opinion, Opinion) and defended(opinion)


def seal_present(question: Question) -> bool:
    campaign = question.session.get_one(Campaign, question.application.campaign_id)
    if not campaign.seal_required:
        return True
    unit = question.session.get(Unit, question.application.unit_id)
    return unit is not None and unit.seal_file_id is not None


PROVIDERS: dict[Fact, Provider] = {
    Fact.OPINION_COMPLETE: opinion_complete,
    Fact.DEFENCE_HELD: defence_held,
    Fact.SEAL_PRESENT: seal_present,
}
