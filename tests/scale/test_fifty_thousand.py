"""A grid with 50,000 applications: at most eight statements, whatever tab, page, order or filter, and no page that takes
much longer than the first."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import url_for

from app.accounts.models import Person
from app.accounts.roles import Role
from app.applications.models import Application, RouteStep
from app.workflow.states import Holder, State
from tests.factories import city, log_in, person, utc
from tests.statements import statements

APPLICATIONS = 50_000
YEARS = 10
MOST_STATEMENTS = 8
START = utc(2026, 5, 1)


def fill(session, town):
    """50,000 applications of 5,000 persons over ten years, in all states, most of them at the body of `town`."""
    from flask_appbuilder.security.sqla.models import User

    people = APPLICATIONS // YEARS
    session.execute(
        sa.insert(User),
        [
            {"username": f"scale{n}", "first_name": "某", "last_name": "梁", "email": f"scale{n}@x.invalid", "active": True}
            for n in range(people)
        ],
    )
    users = session.scalars(sa.select(User.id).where(User.username.startswith("scale")).order_by(User.id)).all()
    session.execute(
        sa.insert(Person),
        [
            {"user_id": user, "kind": "applicant", "name": f"梁{n % 97:02d}", "unit_id": town.unit.id, "created_at": START,
             "id_no_masked": "", "phone_masked": "", "failed_logins": 0, "generation": 1}
            for n, user in enumerate(users)
        ],
    )
    ids = session.execute(sa.select(Person.id, Person.name).where(Person.user_id.in_(users)).order_by(Person.id)).all()
    states = [state for state in State if state is not State.DRAFT]
    rows = []
    for number in range(APPLICATIONS):
        state = State.BODY_REVIEW if number % 3 == 0 else states[number % len(states)]
        at_body = state in (State.BODY_REVIEW, State.READY, State.IN_MEETING, State.PASSED, State.PUBLICISED)
        applicant = ids[number % people]
        moment = START + timedelta(minutes=number)
        rows.append(
            {"number": f"S{number:07d}", "service": "declaration", "year": 2017 + number // people,
             "applicant_id": applicant.id, "applicant_name": applicant.name, "unit_id": town.unit.id,
             "campaign_id": town.campaign.id, "series_code": "05", "specialty_code": "050101", "level_code": "ASSOC",
             "title_code": "05-039", "title_name": "高级工程师", "apply_type": "NORMAL", "state": state,
             "holder": Holder.BODY if at_body else Holder.NOBODY,
             "holder_body_id": town.committee.id if at_body else None, "deciding_body_id": None,
             "return_requested": False, "extra_granted": False, "fee_fen": 0, "version": 1, "pledge_version": "1",
             "pledge_digest": "0" * 64, "pledge_at": moment, "created_at": moment, "submitted_at": moment,
             "moved_at": moment}
        )
    session.execute(sa.insert(Application), rows)
    made = session.scalars(sa.select(Application.id).where(Application.number.startswith("S"))).all()
    session.execute(
        sa.insert(RouteStep),
        [{"application_id": each, "position": 1, "body_id": town.committee.id, "reached_at": START} for each in made],
    )
    session.commit()
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execution_options(isolation_level="AUTOCOMMIT")
    session.execute(sa.text("ANALYZE"))
    session.commit()


def addresses(app, view):
    """The grid at every tab, at a far page, in every declared order both ways, and through every filter."""
    screen = next(each for each in app.extensions["screens"] if each.view.__name__ == view)
    grid = screen.view
    with app.test_request_context():
        base = url_for(f"{view}.list")
    yield base
    for tab in grid.tabs:
        yield f"{base}?tab={tab.name}"
    yield f"{base}?tab=all&page_{view}=1900"
    yield f"{base}?psize_{view}=100"
    for column in grid.order_columns:
        for direction in ("asc", "desc"):
            yield f"{base}?tab=all&_oc_{view}={column}&_od_{view}={direction}"
    for column in grid.search_columns:
        value = {"state": "body_review", "submitted_at": "2026-05-03", "applicant_name": "梁0"}.get(column, "S0000001")
        yield f"{base}?tab=all&_flt_0_{column}={value}"


GRIDS = [
    ("UnitReviewGrid", Role.UNIT_OPERATOR, "unit"),
    ("BodyReviewGrid", Role.BODY_REVIEWER, "committee"),
    ("OfficeGrid", Role.OFFICE_ADMIN, "office"),
]


@pytest.mark.requirement("U4", "R2")
def test_every_grid_page_needs_at_most_eight_statements(app, client, session, database):
    town = city(session)
    fill(session, town)
    for view, role, place in GRIDS:
        where = getattr(town, place)
        who = person(session, role, **({"unit_id": where.id} if place == "unit" else {"body_id": where.id}))
        log_in(client, session, who)
        with app.test_request_context():
            first = url_for(f"{view}.list")
        client.get(first)  # fills the cached code lists
        began = time.perf_counter()
        client.get(first)
        usual = max(time.perf_counter() - began, 0.05)
        for address in addresses(app, view):
            began = time.perf_counter()
            with statements(database.engine) as sent:
                answer = client.get(address)
            took = time.perf_counter() - began
            assert answer.status_code == 200, address
            assert len(sent) <= MOST_STATEMENTS, (address, len(sent), sent)
            assert took < 12 * usual, (address, took, usual)
        client.delete_cookie(app.config["SESSION_COOKIE_NAME"])
