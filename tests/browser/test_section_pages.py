"""Every section as a page to fill in, for each series that has sections of its own: readable for everybody (axe), no wider
than the screen, and fit for a finger."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.applications.models import Application, SectionDocument
from app.applications.sections.declaration import Facts
from app.applications.sections.registry import sections_for
from tests.applications.sections.complete import ROWS
from tests.browser.test_person_pages import HEIGHTS, Window
from tests.factories import application, city, log_in, person

# what is looked at in test_person_pages already
KNOWN = {"BASIC", "APPLY", "EDU", "WORK", "TITLE", "PROJECT", "REP", "EXC", "PROMISE", "ATTACH"}
SERIES = ("04", "22", "23", "14")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.requirement("A6", "P2")
def test_every_section_can_be_filled_in_by_everybody(width, client, session, browser, live_server):
    town = city(session)
    who = person(session, Role.APPLICANT, unit_id=town.unit.id)
    row = application(session, town, who, title_code="04-014")
    for code, values in ROWS.items():
        document = {"rows": [{"id": "a00000000001", **values}]}
        session.add(SectionDocument(application_id=row.id, section=code, document=document, saved_at=row.created_at))
    log_in(client, session, who)
    context = browser.new_context(
        base_url=live_server, locale="zh-CN", viewport={"width": width, "height": HEIGHTS[width]}
    )
    context.add_cookies([{"name": "session", "value": client.get_cookie("session").value, "url": live_server}])
    window, seen = Window(context.new_page(), width, row.number), set(KNOWN)
    for series in SERIES:
        session.execute(sa.update(Application).values(series_code=series))
        session.commit()
        for section in sections_for(Facts("declaration", series)):
            if section.code not in seen:
                window.at(f"/my/NUMBER/{section.code}/" + ("rows/a00000000001/" if section.repeats else ""))
                seen.add(section.code)
    for path in ("", "CE/", "CE/rows/new/"):
        window.at(f"/my/NUMBER/{path}")
    window.at("/my/NUMBER/CASE/", status=404)
    context.close()
    assert {*ROWS, "SUMMARY"} <= seen
    assert not window.faults, "\n".join(window.faults)
