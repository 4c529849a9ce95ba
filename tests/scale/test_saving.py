"""The applicant's pages with two hundred applications of thirty rows in the database: how often they ask it, and how
long the server works. What the neighbours on this machine let a request wait is printed, not judged."""

from __future__ import annotations

import statistics
import time
from typing import Any

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.applications.models import Application, SectionDocument
from tests.applications.conftest import prefixed
from tests.applications.sections.complete import ROWS, SUMMARY_TEXT
from tests.factories import application, city, csrf, log_in, person
from tests.statements import statements

APPLICATIONS, ROWS_OF_EACH, SAVES = 200, 30, 15
MOST_TO_SAVE, MOST_TO_LIST = 12, 10
MOST_MILLISECONDS = 60  # three times what it needs


def document(section: str, rows: int) -> dict[str, Any]:
    return {"rows": [{**ROWS[section], "id": f"{place:012x}"} for place in range(rows)]}


def fill(session, town, who) -> Application:
    """The last of them belongs to `who`."""
    made = [application(session, town, who, year=2026 - place) for place in range(APPLICATIONS)]
    session.flush()
    now = made[0].created_at
    parts = {"PAPER": 20, "AWARD": 5, "MENTOR": 5}
    assert sum(parts.values()) == ROWS_OF_EACH
    session.execute(
        sa.insert(SectionDocument),
        [
            {"application_id": each.id, "section": section, "document": document(section, rows), "version": 1, "saved_at": now}
            for each in made
            for section, rows in parts.items()
        ]
        + [
            {"application_id": each.id, "section": "SUMMARY", "document": {"values": {"text": SUMMARY_TEXT}}, "version": 1,
             "saved_at": now}
            for each in made
        ],
    )
    session.commit()
    return made[0]


@pytest.mark.requirement("A7")
def test_a_save_and_the_task_list_ask_little_and_answer_soon(client, session, database, capsys):
    town = city(session)
    who = person(session, Role.APPLICANT, unit_id=town.unit.id)
    number = fill(session, town, who).number
    log_in(client, session, who)
    page = f"/my/{number}/PAPER/rows/{7:012x}/"
    token = csrf(client, page)
    client.get(f"/my/{number}/")
    taken, busy = [], []
    for turn in range(SAVES):
        values = prefixed({**ROWS["PAPER"], "issue": f"第{turn}卷"}) | {"version": turn + 1, "csrf_token": token}
        with statements(database.engine) as sent:
            began, worked = time.perf_counter(), time.thread_time()
            answer = client.post(page, data=values)
            taken.append((time.perf_counter() - began) * 1000)
            busy.append((time.thread_time() - worked) * 1000)
        assert answer.status_code == 302 and len(sent) <= MOST_TO_SAVE, (len(sent), sent)
    with statements(database.engine) as listed:
        assert client.get(f"/my/{number}/").status_code == 200
    assert len(listed) <= MOST_TO_LIST, (len(listed), listed)
    assert statistics.median(busy) <= MOST_MILLISECONDS, busy
    with capsys.disabled():
        print(
            f"\n{database.engine.name}: a save takes {statistics.median(taken):.0f} ms at the median, of which this "
            f"process works {statistics.median(busy):.0f} ms, with {len(sent)} statements; "
            f"the task list needs {len(listed)} statements"
        )
