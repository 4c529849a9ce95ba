"""Reading what offices said about an application, and the numbers of a home page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from app.applications.models import Application, HistoryRow, ReturnedSection
from app.applications.queries import business_of, visible_to, withdrawal_asked
from app.public_notices import queries as notices
from app.review_bodies.models import BodyPower, Campaign, ReviewBody
from app.reviews.models import CheckedSection, Conclusion, Opinion
from app.units.models import Unit
from app.workflow.actor import Actor
from app.workflow.states import Holder, Party, State


def office_of(actor: Actor) -> tuple[Party, int] | None:
    """(party, id) under which the office's opinion and ticks are kept; the office's own are those of the root body."""
    if actor.party is Party.UNIT and actor.unit_id is not None:
        return Party.UNIT, actor.unit_id
    if actor.party in (Party.BODY, Party.OFFICE) and actor.body_id is not None:
        return Party.BODY, actor.body_id
    return None


def has_in_hand(actor: Actor, application: Application) -> bool:
    """Whether the application is with the actor's office for review now."""
    if actor.party is Party.UNIT:
        return application.holder is Holder.UNIT and application.unit_id == actor.unit_id
    return (
        application.holder is Holder.BODY
        and application.state is State.BODY_REVIEW
        and actor.body_id is not None
        and application.holder_body_id == actor.body_id
    )


def own_opinion(session: Session, application: Application, actor: Actor) -> Opinion | None:
    """The opinion of the actor's office, complete or not."""
    office = office_of(actor)
    if office is None:
        return None
    return session.scalar(sa.select(Opinion).where(Opinion.application_id == application.id, *_by(office)))


def _by(office: tuple[Party, int]) -> tuple[ColumnElement[bool], ...]:
    party, key = office
    if party is Party.UNIT:
        return Opinion.party == Party.UNIT, Opinion.unit_id == key
    return Opinion.party == Party.BODY, Opinion.body_id == key


def other_opinions(session: Session, application: Application, actor: Actor) -> list[tuple[str, Opinion]]:
    """(office's name, opinion): the complete opinions of the offices below the actor's, the unit's first; the office sees
    all. A unit sees none but its own."""
    if actor.party is Party.UNIT:
        return []
    rows = session.execute(
        sa.select(sa.func.coalesce(ReviewBody.name, Unit.name), Opinion)
        .outerjoin(Unit, Unit.id == Opinion.unit_id)
        .outerjoin(ReviewBody, ReviewBody.id == Opinion.body_id)
        .where(
            Opinion.application_id == application.id,
            Opinion.complete,
            sa.func.coalesce(Opinion.body_id, 0) != (actor.body_id or 0),
        )
        .order_by(Opinion.id)
    )
    return [(name, opinion) for name, opinion in rows]


def opinions_of(session: Session, application: Application) -> dict[tuple[Party, int], str]:
    """The text of the complete opinion of each office, by party and the id of the unit or body."""
    rows = session.execute(
        sa.select(Opinion.party, sa.func.coalesce(Opinion.body_id, Opinion.unit_id), Opinion.text).where(
            Opinion.application_id == application.id, Opinion.complete
        )
    )
    return {(party, office): text for party, office, text in rows}


def checked_sections(session: Session, application: Application, actor: Actor) -> dict[str, int]:
    """Section -> version of its document at which the actor's office ticked it."""
    office = office_of(actor)
    if office is None:
        return {}
    rows = session.execute(
        sa.select(CheckedSection.section, CheckedSection.document_version).where(
            CheckedSection.application_id == application.id,
            CheckedSection.party == office[0],
            CheckedSection.office_id == office[1],
        )
    )
    return {section: version for section, version in rows}


@dataclass(frozen=True)
class Past:
    """One move as the history shows it, with the sections it sent back."""

    row: HistoryRow
    sections: tuple[ReturnedSection, ...]


def history(session: Session, application: Application) -> list[Past]:
    """All moves, the oldest first."""
    rows = session.scalars(
        sa.select(HistoryRow).where(HistoryRow.application_id == application.id).order_by(HistoryRow.version)
    ).all()
    returned: dict[int, list[ReturnedSection]] = {}
    for item in session.scalars(
        sa.select(ReturnedSection).where(ReturnedSection.application_id == application.id).order_by(ReturnedSection.id)
    ):
        returned.setdefault(item.history_id, []).append(item)
    return [Past(row, tuple(returned.get(row.id, ()))) for row in rows]


def body_name(session: Session, body_id: int | None) -> str:
    """The name of a body; "" for none."""
    return (session.scalar(sa.select(ReviewBody.name).where(ReviewBody.id == body_id)) or "") if body_id else ""


def agreed() -> ColumnElement[bool]:
    """The condition on Application that its unit's opinion is complete and recommends it."""
    return (
        sa.select(Opinion.id)
        .where(
            Opinion.application_id == Application.id,
            Opinion.party == Party.UNIT,
            Opinion.complete,
            Opinion.conclusion == Conclusion.AGREE,
        )
        .exists()
    )


def reportable(today: date) -> ColumnElement[bool]:
    """可以上报: with the unit, opinion and notice done, nothing pending. What the campaign asks besides (答辩, 签章) is asked
    when 上报 is pressed."""
    return sa.and_(
        Application.state == State.UNIT_REVIEW, ~Application.return_requested, agreed(), notices.closed(today),
        ~notices.objected(),
    )


@dataclass(frozen=True)
class Numbers:
    """The counts of a home page; `by_state` of everything visible."""

    by_state: dict[State, int]
    running: int = 0
    reportable: int = 0
    requested: int = 0
    in_hand: int = 0
    withdrawals: int = 0

    def of(self, *states: State) -> int:
        return sum(self.by_state.get(state, 0) for state in states)


def numbers(session: Session, actor: Actor, *, today: date) -> Numbers:
    """All counts in one grouped statement."""

    def counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)

    unit_review = Application.state == State.UNIT_REVIEW
    unit = actor.party is Party.UNIT
    rows = session.execute(
        sa.select(
            Application.state,
            sa.func.count(),
            counted(sa.and_(unit_review, notices.running(today))) if unit else sa.literal(0),
            counted(reportable(today)) if unit else sa.literal(0),
            counted(sa.and_(unit_review, Application.return_requested)),
            counted(
                sa.and_(Application.state == State.BODY_REVIEW, Application.holder_body_id == (actor.body_id or 0))
            ),
            sa.literal(0) if unit else counted(sa.and_(withdrawal_asked(), business_of(actor.body_id or 0))),
        )
        .where(visible_to(actor))
        .group_by(Application.state)
    ).all()
    return Numbers(
        {row[0]: row[1] for row in rows},
        running=sum(row[2] for row in rows),
        reportable=sum(row[3] for row in rows),
        requested=sum(row[4] for row in rows),
        in_hand=sum(row[5] for row in rows),
        withdrawals=sum(row[6] for row in rows),
    )


@dataclass(frozen=True)
class Deadline:
    """One campaign on a home page, with how many wait at the actor's office."""

    name: str
    closes_at: datetime
    unit_closes_at: datetime
    waiting: int
    body: str


def deadlines(session: Session, actor: Actor, *, now: datetime, limit: int = 8) -> Sequence[Deadline]:
    """The campaigns that are still open to units, the nearest end first."""
    state = State.UNIT_REVIEW if actor.party is Party.UNIT else State.BODY_REVIEW
    waiting = (
        sa.select(sa.func.count())
        .where(Application.campaign_id == Campaign.id, Application.state == state, visible_to(actor))
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(Campaign.name, Campaign.closes_at, Campaign.unit_closes_at, waiting, ReviewBody.name)
        .join(ReviewBody, ReviewBody.id == Campaign.body_id)
        .where(Campaign.published, Campaign.opens_at <= now, Campaign.unit_closes_at >= now)
        .order_by(Campaign.unit_closes_at, Campaign.id)
        .limit(limit)
    )
    return [Deadline(*row) for row in rows]


def bodies_with_power(session: Session, application: Application) -> list[tuple[int, str]]:
    """(id, name) of the bodies that may be entrusted with the application."""
    rows = session.execute(
        sa.select(ReviewBody.id, ReviewBody.name)
        .join(BodyPower, BodyPower.body_id == ReviewBody.id)
        .where(
            ReviewBody.active,
            ReviewBody.id != (application.holder_body_id or 0),
            BodyPower.series_code == application.series_code,
            BodyPower.level_code == application.level_code,
        )
        .order_by(ReviewBody.name)
    )
    return [(key, name) for key, name in rows]
