"""Writing opinions, ticking sections, reporting many at once. Single moves are applications.services.fire itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.applications.models import Application
from app.applications.services import fire
from app.audit.services import record
from app.review_bodies.models import Campaign
from app.reviews.models import CheckedSection, Conclusion, Opinion
from app.reviews.queries import has_in_hand, office_of, own_opinion
from app.workflow.actions import Action
from app.workflow.actor import Actor
from app.workflow.machine import MoveRefused
from app.workflow.states import Party

TEXT_MIN, TEXT_MAX = 20, 2000
RECENT_YEARS = 5


class OpinionRefused(Exception):
    """Base of the reasons why an opinion is not saved; carries data, is worded at the edge."""


class NotInHand(OpinionRefused):
    """The application is not (or no longer) with the actor's office."""


class OpinionStale(OpinionRefused):
    """A colleague saved another version meanwhile."""


@dataclass(frozen=True)
class VotesWrong(OpinionRefused):
    """The votes of the group do not add up: all five numbers, agree + against + abstain = present <= expected."""

    expected: int | None
    present: int | None
    cast: int | None


@dataclass(frozen=True)
class OpinionText:
    """What an office writes. A body fills conclusion, text and signed_by only."""

    conclusion: Conclusion = Conclusion.AGREE
    text: str = ""
    defence_at: datetime | None = None
    defence_questions: str = ""
    defence_result: str = ""
    group_leader: str = ""
    group_members: str = ""
    expected: int | None = None
    present: int | None = None
    agree: int | None = None
    against: int | None = None
    abstain: int | None = None
    assessments: list[dict[str, Any]] = field(default_factory=list)
    signed_by: str = ""

    @property
    def votes(self) -> tuple[int | None, ...]:
        return self.expected, self.present, self.agree, self.against, self.abstain


def missing(said: OpinionText, *, party: Party, defence_required: bool) -> tuple[str, ...]:
    """The names of what still lacks before the opinion is complete; () when nothing does."""
    lacks = []
    if len(said.text.strip()) < TEXT_MIN:
        lacks.append("text")
    if not said.signed_by.strip():
        lacks.append("signed_by")
    if party is not Party.UNIT:
        return tuple(lacks)
    if not said.group_leader.strip() or not said.group_members.strip():
        lacks.append("group")
    if any(vote is None for vote in said.votes) or not said.present:
        lacks.append("votes")
    elif said.conclusion is Conclusion.AGREE and not passes(said.agree or 0, said.present):
        lacks.append("majority")
    if not said.assessments:
        lacks.append("assessments")
    if defence_required and not defended(said):
        lacks.append("defence")
    return tuple(lacks)


def passes(agree: int, present: int) -> bool:
    """Two thirds of those present."""
    return agree * 3 >= present * 2


def defended(said: OpinionText | Opinion) -> bool:
    return said.defence_at is not None and bool(said.defence_questions.strip()) and bool(said.defence_result.strip())


def save_opinion(
    session: Session, application: Application, actor: Actor, said: OpinionText, *, version: int, now: datetime
) -> Opinion:
    """Keeps the office's opinion as it is, complete or not; `version` is the one that the page showed, 0 for none.

    Raises NotInHand, VotesWrong or OpinionStale.
    """
    office = office_of(actor)
    if office is None or not has_in_hand(actor, application) or not _hold(session, application):
        raise NotInHand()
    _check_votes(said)
    campaign = session.get_one(Campaign, application.campaign_id)
    lacks = missing(said, party=office[0], defence_required=campaign.defence_required)
    values = asdict(said) | {"complete": not lacks, "author_id": actor.person_id, "saved_at": now}
    opinion = own_opinion(session, application, actor)
    if opinion is None:
        opinion = _write_new(session, application, office, values, version)
    else:
        _write_over(session, opinion, values, version)
    record(session, actor, "save_opinion", "application", application.id, now=now, complete=not lacks)
    return opinion


def _hold(session: Session, application: Application) -> bool:
    """Keeps the application where it is until the transaction ends; its version stays what readers saw."""
    held = session.execute(
        sa.update(Application)
        .where(Application.id == application.id, Application.version == application.version)
        .values(version=application.version)
        .execution_options(synchronize_session=False)
    )
    return held.rowcount == 1


def _check_votes(said: OpinionText) -> None:
    if all(vote is None for vote in said.votes):
        return
    cast = None if None in said.votes else (said.agree or 0) + (said.against or 0) + (said.abstain or 0)
    if cast is None or cast != said.present or (said.present or 0) > (said.expected or 0):
        raise VotesWrong(said.expected, said.present, cast)


def _write_new(
    session: Session, application: Application, office: tuple[Party, int], values: dict[str, Any], version: int
) -> Opinion:
    party, key = office
    opinion = Opinion(
        application_id=application.id, party=party, unit_id=key if party is Party.UNIT else None,
        body_id=key if party is Party.BODY else None, version=1, **values,
    )
    try:
        with session.begin_nested():
            session.add(opinion)
            session.flush()
    except IntegrityError as error:
        raise OpinionStale() from error
    if version != 0:
        raise OpinionStale()
    return opinion


def _write_over(session: Session, opinion: Opinion, values: dict[str, Any], version: int) -> None:
    written = session.execute(
        sa.update(Opinion)
        .where(Opinion.id == opinion.id, Opinion.version == version)
        .values(**values, version=version + 1)
        .execution_options(synchronize_session=False)
    )
    if written.rowcount != 1:
        raise OpinionStale()
    session.refresh(opinion)


def tick_section(
    session: Session, application: Application, actor: Actor, section: str, *, document_version: int, on: bool,
    now: datetime,
) -> None:
    """已核对 of the actor's office at one section, for the version that it read; `on` False takes it away.
    Raises NotInHand."""
    office = office_of(actor)
    if office is None or actor.person_id is None or not has_in_hand(actor, application):
        raise NotInHand()
    party, key = office
    session.execute(
        sa.delete(CheckedSection).where(
            CheckedSection.application_id == application.id, CheckedSection.party == party,
            CheckedSection.office_id == key, CheckedSection.section == section,
        )
    )
    if on:
        session.add(
            CheckedSection(
                application_id=application.id, party=party, office_id=key, section=section,
                document_version=document_version, person_id=actor.person_id, at=now,
            )
        )
        session.flush()


@dataclass(frozen=True)
class Reported:
    """What became of one application of a batch; `refused` None when it was reported."""

    application: Application
    refused: MoveRefused | None = None


def report_all(
    session: Session, applications: Sequence[Application], actor: Actor, *, now: datetime
) -> list[Reported]:
    """上报 for each, each for itself: one that is refused leaves the others alone."""
    done = []
    for application in applications:
        try:
            with session.begin_nested():
                fire(session, application, actor, Action.REPORT, now=now)
        except MoveRefused as refused:
            done.append(Reported(application, refused))
        else:
            done.append(Reported(application))
    return done
