"""Where an application stands: since when, until when, and how long others usually waited at this step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.applications import neighbours
from app.applications.facts import deadline_of
from app.applications.models import Application, HistoryRow
from app.workflow.actions import Action
from app.workflow.states import EDITABLE, Holder, Party, State

STAYING = frozenset({Action.REQUEST_RETURN, Action.DECLINE_RETURN})  # moves after which the same office has it
ELSEWHERE = frozenset(
    {State.UNIT_REVIEW, State.BODY_REVIEW, State.READY, State.IN_MEETING, State.PASSED, State.PUBLICISED, State.APPROVED}
)
OPENING = frozenset({Action.SUBMIT, Action.RETURN_TO_UNIT})  # after these every opinion is written anew
SAMPLE, FEWEST = 100, 5


@dataclass(frozen=True)
class Standing:
    """`since` it is with its holder. `until` is the term of whoever has it, `notice_closes` the last day of its 公示.
    `usual` is how long this step took others, None where too few are known."""

    since: datetime
    until: datetime | None
    notice_closes: date | None
    usual: timedelta | None


def read(session: Session, application: Application, rows: Sequence[HistoryRow]) -> Standing:
    """From the application with its campaign, and its whole history, oldest first."""
    around = neighbours.current()
    return Standing(
        since=next((row.at for row in reversed(rows) if row.action not in STAYING), application.created_at),
        until=term(session, application),
        notice_closes=around.notice_closes(session, application),
        usual=usual(session, application.state) if application.state in ELSEWHERE else None,
    )


def opinions(session: Session, application: Application, rows: Sequence[HistoryRow]) -> dict[int, str]:
    """The opinion with which an office sent the application on, by the id of that move. Only since the last submission
    or return to the unit: every office writes its opinion anew after that, so the words of before are gone."""
    written = neighbours.current().opinions(session, application)
    offices = {Holder.UNIT: (Party.UNIT, application.unit_id)}
    found: dict[int, str] = {}
    for before, row in pairwise(rows):
        if row.action in OPENING:
            found.clear()
        elif row.action in (Action.REPORT, Action.FINISH):
            office = offices.get(before.holder, (Party.BODY, before.holder_body_id))
            found[row.id] = written.get(office, "")
    return found


def term(session: Session, application: Application) -> datetime | None:
    """Until when the holder must act: to submit, to report up, to pay."""
    if application.state in EDITABLE:
        return deadline_of(session, application)
    if application.state is State.UNIT_REVIEW:
        return application.campaign.unit_closes_at
    if application.state is State.AWAITING_PAYMENT:
        return neighbours.current().payment_due(session, application)
    return None


def usual(session: Session, state: State) -> timedelta | None:
    """The median of how long the newest SAMPLE applications stayed in one office in this state; None below FEWEST."""
    left, before = aliased(HistoryRow), aliased(HistoryRow)
    came = (
        sa.select(sa.func.max(before.at))
        .where(
            before.application_id == left.application_id,
            before.version < left.version,
            before.action.not_in(STAYING),
        )
        .scalar_subquery()
    )
    stays = session.execute(
        sa.select(left.at, came)
        .where(left.from_state == state, left.action.not_in(STAYING))
        .order_by(left.id.desc())
        .limit(SAMPLE)
    )
    spans = [went - arrived for went, arrived in stays if arrived is not None]
    return median(spans) if len(spans) >= FEWEST else None
