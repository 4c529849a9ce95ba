"""The known attacks on Flask-AppBuilder's grids, each against a real grid: what FAB would have done stands in
docs; here is the exact answer."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.accounts.models import Person
from app.accounts.roles import Role
from app.review_bodies.models import Campaign, ReviewBody
from tests.factories import city, log_in, person
from tests.web.forms import post

pytestmark = pytest.mark.requirement("M1")


@pytest.fixture
def town(session):
    return city(session)


@pytest.fixture
def office(client, session, town):
    """A client of the office."""
    return log_in(client, session, person(session, Role.OFFICE_ADMIN, body_id=town.office.id))


@pytest.mark.parametrize(
    "arguments",
    [
        "xpsize_CampaignGrid=25",
        "psize_CampaignGrid=1000000",
        "psize_CampaignGrid=101",
        "psize_CampaignGrid=0",
        "psize_CampaignGrid=abc",
        "page_CampaignGrid=-1",
        "page_CampaignGrid=abc",
        "page_CampaignGrid=99999999",
        "page_CampaignGrid=１",
        "page_BodyGrid=1",
        "_oc_CampaignGrid=pledge&_od_CampaignGrid=asc",
        "_oc_CampaignGrid=body.code&_od_CampaignGrid=asc",
        "_oc_CampaignGrid=nothing",
        "_od_CampaignGrid=sideways",
        "_flt_9_name=x",
        "_flt_12_name=x",
        "_flt_0_pledge=x",
        "_flt_0_body.code=x",
        "_flt_0_year=abc",
        "_flt_0_year=9999999999999999999",
        "_flt_0_closes_at=2026-13-45",
        "_flt_0_closes_at=yesterday",
        "_flt_0_published=perhaps",
        "_flt_0_name=%00",
        "_flt_0_name=" + "x" * 101,
        "a_flt_0_name=x",
        "tab=foreign",
    ],
)
def test_an_argument_that_fab_would_misread_is_refused(office, arguments):
    assert office.get(f"/campaigns/list/?{arguments}").status_code == 400


@pytest.mark.parametrize("argument", ["created_by.password", "user.password", "person.user.password", "phone_digest"])
def test_no_order_through_a_relation_or_by_a_hidden_column(client, session, town, argument):
    log_in(client, session, person(session, Role.SYSTEM_ADMIN))
    assert client.get(f"/users/list/?_oc_UserGrid={argument}&_od_UserGrid=asc").status_code == 400


@pytest.mark.parametrize("value", ["nonsense", "APPLICANT", "applicant' OR 1=1"])
def test_an_enum_is_filtered_by_its_values_only(client, session, town, value):
    log_in(client, session, person(session, Role.SYSTEM_ADMIN))
    assert client.get("/users/list/", query_string={"_flt_0_kind": value}).status_code == 400
    assert client.get("/users/list/?_flt_0_kind=applicant").status_code == 200


@pytest.mark.parametrize(
    "arguments",
    [
        "psize_CampaignGrid=100&page_CampaignGrid=0",
        "_oc_CampaignGrid=closes_at&_od_CampaignGrid=desc",
        "_flt_0_name=工程&_flt_0_year=2026",
        "page_CampaignGrid=12",
    ],
)
def test_what_the_page_itself_offers_is_answered(office, arguments):
    assert office.get(f"/campaigns/list/?{arguments}").status_code == 200


@pytest.fixture
def other_staff(session, town):
    """A reviewer of the district, whom the committee's administrator must not touch."""
    return person(session, Role.BODY_REVIEWER, body_id=town.district.id)


@pytest.fixture
def own_staff(session, town):
    return person(session, Role.BODY_REVIEWER, body_id=town.committee.id)


@pytest.fixture
def body_admin(client, session, town, other_staff, own_staff):
    return log_in(client, session, person(session, Role.BODY_ADMIN, body_id=town.committee.id))


def active(session, who):
    session.expire_all()
    return session.scalar(sa.select(Person).where(Person.id == who.id).options(sa.orm.joinedload(Person.user))).user.active


def test_an_action_on_a_foreign_row_does_nothing(body_admin, session, other_staff, own_staff):
    for rows in ([other_staff.id], [own_staff.id, other_staff.id], [999_999]):
        answer = post(body_admin, "/body-staff/list/", "/body-staff/action_post", action="disable", rowid=rows)
        assert answer.status_code == 404, rows
    assert active(session, other_staff) and active(session, own_staff)
    answer = post(body_admin, "/body-staff/list/", f"/body-staff/action/disable/{other_staff.id}")
    assert answer.status_code == 404
    assert active(session, other_staff)


def test_an_action_on_own_rows_is_done(body_admin, session, own_staff):
    answer = post(body_admin, "/body-staff/list/", "/body-staff/action_post", action="disable", rowid=[own_staff.id])
    assert answer.status_code == 302
    assert not active(session, own_staff)


@pytest.mark.parametrize("row", ["abc", "1;2", "-1", "１", "1" * 30])
def test_a_row_that_is_no_number_is_refused(body_admin, row):
    answer = post(body_admin, "/body-staff/list/", "/body-staff/action_post", action="disable", rowid=[row])
    assert answer.status_code == 400


def test_an_action_needs_its_permission(client, session, town, other_staff):
    log_in(client, session, person(session, Role.SECURITY_ADMIN))
    for action in ("disable", "enable", "unlock", "no_such_action", "list", "__init__"):
        page = f"/account-roles/{other_staff.id}/"
        answer = post(client, page, "/users/action_post", action=action, rowid=[other_staff.id])
        assert answer.status_code == 403, action
        assert post(client, page, f"/users/action/{action}/{other_staff.id}").status_code == 403, action
    assert active(session, other_staff)


def test_an_action_by_get_or_without_a_token_is_refused(body_admin, session, own_staff):
    assert body_admin.get(f"/body-staff/action/disable/{own_staff.id}").status_code == 405
    assert body_admin.get("/body-staff/action_post").status_code == 405
    answer = body_admin.post("/body-staff/action_post", data={"action": "disable", "rowid": own_staff.id})
    assert answer.status_code == 400
    assert active(session, own_staff)


@pytest.mark.parametrize(
    "address",
    ["/bodies/delete/1", "/campaigns/delete/1", "/users/delete/1", "/catalogue/series/delete/05",
     "/bodies/download/secrets.json", "/users/download/x", "/users/add", "/users/edit/1", "/users/show/1",
     "/audit/add", "/audit/edit/1", "/catalogue/materials/add", "/api/v1/security/login", "/swagger/v1",
     "/api/v1/_openapi", "/api/v1/menu/", "/register/form"],
)
def test_what_fab_would_add_is_not_there(office, address):
    assert office.get(address).status_code == 404
    assert office.post(address).status_code in (400, 404)


def test_no_column_is_written_that_the_form_does_not_have(office, session, town):
    page = f"/campaigns/edit/{town.campaign.id}"
    before = session.scalar(sa.select(Campaign.pledge).where(Campaign.id == town.campaign.id))
    answer = post(
        office, page, name="改名后的计划", year="2026", opens_at="2026-01-01T09:00", closes_at="2026-12-01T18:00",
        unit_closes_at="2026-12-05T18:00", correction_days="5", notice_days="5", payment_days="7", instructions="请如实填报。",
        pledge=before, published="y", body_id=str(town.district.id), pledge_version="99", id="77", route="[1]",
        service="recognition", scopes="",
    )
    assert answer.status_code == 302
    session.expire_all()
    row = session.scalar(sa.select(Campaign).where(Campaign.name == "改名后的计划"))
    assert (row.id, row.body_id, row.pledge_version, row.route, row.service) == (
        town.campaign.id, town.committee.id, "1", None, "declaration",
    )


def test_a_code_key_is_only_taken_in_its_own_form(office):
    assert office.get("/catalogue/series/show/05").status_code == 200
    for key in ("05'--", "nothing", "x" * 33, "0 5"):
        assert office.get(f"/catalogue/series/show/{key}").status_code == 404, key


def test_a_foreign_id_in_an_address_is_not_found(body_admin, session, town):
    foreign = Campaign(
        body_id=town.district.id, year=2026, name="别家的计划", opens_at=town.campaign.opens_at,
        closes_at=town.campaign.closes_at, unit_closes_at=town.campaign.unit_closes_at, scopes=[],
    )
    session.add(foreign)
    session.commit()
    assert body_admin.get(f"/campaign/{town.campaign.id}/").status_code == 200
    assert body_admin.get(f"/campaign/{foreign.id}/").status_code == 404
    assert body_admin.get(f"/campaigns/show/{foreign.id}").status_code == 404
    assert "别家的计划" not in body_admin.get("/campaigns/list/").text
    assert session.get(ReviewBody, town.district.id).name == "城中区职改办"
