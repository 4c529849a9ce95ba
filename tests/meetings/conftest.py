from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from app.accounts.models import Person
from app.accounts.roles import Role
from app.applications.models import Application
from app.meetings import services
from app.meetings.models import Meeting
from app.meetings.voting import Votes
from app.workflow.actor import Actor
from app.workflow.states import Party, State
from tests.factories import City, application, city, person


@dataclass
class Sitting:
    """A meeting of the committee with nine members, and three applications that are ready for it."""

    town: City
    applicants: list[Person]
    applications: list[Application]
    meeting: Meeting
    body: Actor
    office: Actor


@pytest.fixture
def sitting(session, clock) -> Sitting:
    town = city(session)
    people = [person(session, Role.APPLICANT, serial=n, name=name) for n, name in ((1, "梁小燕"), (2, "韦志强"), (3, "覃海波"))]
    rows = [application(session, town, who, state=State.READY) for who in people]
    body = Actor(Party.BODY, body_id=town.committee.id, name=town.committee.name)
    office = Actor(Party.OFFICE, body_id=town.office.id, name=town.office.name)
    meeting = services.plan(
        session, body, name="2026年工程系列副高级评审会", held_on=date(2026, 12, 18), place="市人社局三楼",
        members_expected=9, now=clock.now(),
    )
    session.commit()
    return Sitting(town, people, rows, meeting, body, office)


@pytest.fixture
def voted(session, sitting, clock) -> Sitting:
    """All three in the closed meeting: 6 of 9 carry the first, 5 fail the second, 9 carry the third."""
    found = services.convene(session, sitting.meeting, sitting.applications, sitting.body, now=clock.now())
    counts = [Votes(6, 2, 1), Votes(5, 4, 0), Votes(9, 0, 0)]
    services.record_votes(
        session, sitting.meeting, sitting.body, present=9, notes={}, now=clock.now(),
        votes={each.id: count for each, count in zip(found, counts, strict=True)},
    )
    services.close(session, sitting.meeting, sitting.body, now=clock.now())
    session.commit()
    return sitting


@pytest.fixture
def noticed(session, voted, clock) -> Sitting:
    """The two who passed were on a result notice of five working days that is over."""
    services.publish(
        session, voted.meeting, voted.body, place="市人社局网站", contact="市职改办 0772-1234567", working_days=5,
        now=clock.now(),
    )
    session.commit()
    clock.advance(days=21)
    assert timedelta(days=20) < clock.now() - voted.applications[0].moved_at
    return voted
