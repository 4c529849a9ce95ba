"""Two handlers at once, on PostgreSQL: whoever is first wins, and the history stays one chain."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.applications.models import Application, HistoryRow
from app.applications.services import fire
from app.days import beijing_day
from app.workflow.actions import Action
from app.workflow.case import Move, ReturnItem
from app.workflow.machine import MoveRefused
from app.workflow.states import Party, State

NOW = datetime.now(UTC)
RETURN = (Action.RETURN_TO_APPLICANT, Move(items=(ReturnItem("EDU", "缺证书"),)))
REPORT = (Action.REPORT, Move())


@pytest.mark.requirement("U7")
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("moves", [(REPORT, RETURN), (REPORT, REPORT)], ids=["report-return", "report-report"])
def test_of_two_moves_at_once_one_is_made(story, database, moves):
    story.ready(beijing_day(NOW))
    actor, number, barrier = story.actor(Party.UNIT), story.row.number, threading.Barrier(2)
    done: list[str] = []

    def run(action: Action, move: Move) -> None:
        with Session(database.engine) as own:
            row = own.scalars(sa.select(Application).where(Application.number == number)).one()
            barrier.wait()
            try:
                fire(own, row, actor, action, now=NOW, move=move)
                own.commit()
                done.append(action.value)
            except MoveRefused:
                own.rollback()

    threads = [threading.Thread(target=run, args=each) for each in moves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 1
    history = story.session.scalars(sa.select(HistoryRow).order_by(HistoryRow.version)).all()
    assert [(row.action.value, row.version) for row in history] == [(done[0], 2)]
    assert story.state() is (State.BODY_REVIEW if done == ["report"] else State.RETURNED)
