"""The staff's pages in Chromium, with the demonstration's city: nothing that axe finds, no error, no sideways scroll."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask_appbuilder.security.sqla.models import User
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from app.accounts.models import Person
from app.applications.models import Application
from app.demo.commands import prepare_demo
from app.extensions import db
from app.meetings.models import Meeting
from app.public_notices.models import PublicNotice
from app.review_bodies.models import ReviewBody
from app.units.models import Unit, UnitStatus
from app.workflow.states import State
from tests.conftest import forget, use
from tests.factories import log_in

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

WIDTHS = {"desktop": (1440, 900), "phone": (390, 844)}
AXE_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PAGES = {
    "demo-unit": (
        "/unit/", "/unit/review/list/", "/unit/review/list/?tab=returned", "/unit/members/list/", "/unit/key/",
        "/unit/info/", "/unit/operators/", "/notices/list/", "/review/{unit_review}", "/review/{unit_review}/opinion",
        "/notice/{notice}", "/identity-changes/list/", "/identity-changes/1/", "/recoveries/list/", "/recoveries/1/",
        "/recoveries/new/{member}/", "/account/devices/", "/exports/",
    ),
    "demo-committee-admin": (
        "/body/", "/body/review/list/", "/meetings/list/", "/meetings/{meeting}", "/fees/list/", "/certificates/list/",
        "/certificates/issue/", "/body-staff/list/", "/review/{body_review}", "/review/{body_review}/opinion",
    ),
    "demo-office": (
        "/office/", "/office/applications/list/", "/units/list/", "/units/{unit}", "/bodies/list/",
        "/body-powers/{body}/", "/campaigns/list/", "/campaigns/add", "/section-rules/list/", "/section-rules/add", "/announcements/list/", "/approvals/",
        "/catalogue/series/list/", "/catalogue/codes/list/", "/catalogue/workdays/list/",
        "/people/list/", "/deletions/list/", "/deletions/1/",
        "/catalogue/eligibility/list/", "/catalogue/eligibility/add", "/catalogue/eligibility/edit/05-MID-3",
    ),
    "demo-system": ("/users/list/", "/system/", "/outbox/list/"),
    "demo-security": ("/users/list/", "/roles/list/", "/role/{role}/"),
    "demo-audit": ("/audit/list/",),
}


@pytest.fixture(scope="module")
def city(whole_app: Flask, database) -> Iterator[tuple[str, Flask]]:
    """The address of a server that shows the demonstration's city, made once for all tests here."""
    database.restore()
    use(whole_app, database)
    with whole_app.app_context():
        prepare_demo(whole_app)
        db.session.remove()
    server = make_server("127.0.0.1", 0, whole_app, threaded=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", whole_app
    server.shutdown()
    server.server_close()
    thread.join()
    forget(whole_app)


@pytest.fixture
def open_as(city: tuple[str, Flask], browser: Browser, database) -> Iterator[Callable[[str, str], Page]]:
    """`open_as(login name, width)`: a page of somebody who is logged in."""
    address, app = city
    contexts = []

    def enter(name: str, width: str) -> Page:
        client = app.test_client()
        with Session(database.engine) as session:
            who = session.scalars(sa.select(Person).join(User, User.id == Person.user_id).where(User.username == name))
            log_in(client, session, who.one())
        cookie = client.get_cookie("session")
        assert cookie is not None
        across, down = WIDTHS[width]
        context = browser.new_context(
            base_url=address, locale="zh-CN", viewport={"width": across, "height": down}, reduced_motion="reduce"
        )
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])
        contexts.append(context)
        return context.new_page()

    yield enter
    for context in contexts:
        context.close()


@pytest.fixture
def places(city: tuple[str, Flask], database) -> dict[str, object]:
    """What stands for a row in the addresses of PAGES."""
    with closing(Session(database.engine)) as session:
        unit = session.scalars(
            sa.select(Unit).join(Person, Person.unit_id == Unit.id).join(User, User.id == Person.user_id)
            .where(User.username == "demo-unit")
        ).one()
        committee = session.scalars(
            sa.select(ReviewBody).join(Person, Person.body_id == ReviewBody.id).join(User, User.id == Person.user_id)
            .where(User.username == "demo-committee-admin")
        ).one()

        def number(*conditions: object) -> str:
            return session.scalars(sa.select(Application.number).where(*conditions).order_by(Application.id)).first()

        return {
            "unit_review": number(Application.state == State.UNIT_REVIEW, Application.unit_id == unit.id),
            "body_review": number(Application.state == State.BODY_REVIEW, Application.holder_body_id == committee.id),
            "notice": session.scalars(sa.select(PublicNotice.token).where(PublicNotice.unit_id == unit.id)).first(),
            "meeting": session.scalars(sa.select(Meeting.id).where(Meeting.body_id == committee.id)).first(),
            "unit": session.scalars(sa.select(Unit.id).where(Unit.status == UnitStatus.PENDING)).first(),
            "body": committee.id,
            "member": session.scalars(sa.select(Person.id).where(Person.unit_id == unit.id, Person.kind == "applicant")).first(),
            "role": 1,
        }


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_the_staff_is_whole(name: str, width: str, open_as, places) -> None:
    page, axe, wrong = open_as(name, width), Axe(), []
    page.on("console", lambda said: wrong.append(f"console: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    for path in (each.format(**places) for each in PAGES[name]):
        answer = page.goto(path)
        assert answer is not None and answer.status == 200, path
        found = page.evaluate(
            "() => [document.title.length > 0, document.querySelectorAll('h1').length,"
            " document.documentElement.scrollWidth > innerWidth]"
        )
        if found != [True, 1, False]:
            wrong.append(f"{path}: title, number of h1, scrolls sideways: {found}")
        for violation in axe.run(page, options=AXE_RULES).response["violations"]:
            nodes = [node["html"][:160] for node in violation["nodes"][:3]]
            wrong.append(f"{path}: {violation['id']} {nodes}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "name, number", [("demo-unit", "unit_review"), ("demo-committee-admin", "body_review")]
)
def test_the_decision_stands_in_view_beside_the_papers(name: str, number: str, open_as, places) -> None:
    page = open_as(name, "desktop")
    page.goto(f"/review/{places[number]}")
    bottom = page.locator(".rv-dec").evaluate("card => card.getBoundingClientRect().bottom")
    assert bottom <= 900
    page.locator("#history").scroll_into_view_if_needed()
    top = page.locator(".rv-dec").evaluate("card => card.getBoundingClientRect().top")
    assert 0 <= top < 900
