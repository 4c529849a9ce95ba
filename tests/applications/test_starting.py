"""开始申报: notice, pledge, narrowing choices, one a year."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.applications import choosing
from app.applications.choosing import starting
from app.applications.models import Application
from app.applications.views import apply
from app.review_bodies.models import Campaign
from app.review_bodies.queries import open_campaigns
from app.workflow.states import State
from tests.applications.conftest import SPECIALTY, TITLE


def arguments(desk, **changes):
    campaign = desk.session.get(Campaign, desk.town.campaign.id)
    values = {
        "campaign": campaign, "specialty": SPECIALTY, "title": TITLE, "apply_type": "NORMAL",
        "pledge_version": "1", "now": campaign.opens_at,
    }  # fmt: skip
    return values | changes


@pytest.mark.requirement("A5")
def test_the_notice_cannot_be_left_at_once_nor_unread(desk):
    assert "请先读完评审须知" in desk.post("/my/apply/", read="1").text
    assert "请读完评审须知后勾选" in desk.post("/my/apply/").text
    assert desk.client.get("/my/apply/pledge/").location == "/my/apply/"
    assert desk.client.get("/my/apply/choose/").location == "/my/apply/"


@pytest.mark.requirement("A5")
def test_the_pledge_is_stored_with_its_version_digest_and_time(started):
    row = started.row
    assert row.pledge_version == "1" and row.pledge_digest == choosing.pledge_digest("本人承诺所填内容真实。")
    assert row.pledge_at == row.created_at
    assert (row.state, row.fee_fen, row.title_name, row.unit_id) == (
        State.DRAFT, 48000, "高级工程师", started.town.unit.id,
    )  # fmt: skip
    assert row.number == f"LZ{row.year}{row.id:06d}"


@pytest.mark.requirement("A5")
def test_the_choices_narrow_and_a_choice_of_one_is_made(desk):
    lists = choosing.choices(
        desk.session, open_campaigns(desk.session, now=desk.town.campaign.opens_at)
    )
    assert [each.value for each in lists.campaigns] == [str(desk.town.campaign.id)]
    assert all(each.within == (str(desk.town.campaign.id),) for each in lists.specialties)
    assert f"{desk.town.campaign.id}-{SPECIALTY}" in [each.value for each in lists.specialties]
    title = next(each for each in lists.titles if each.value == TITLE)
    assert f"{desk.town.campaign.id}-{SPECIALTY}" in title.within
    assert apply._completed(lists, dict.fromkeys(("campaign", "specialty", "title"), ""))["campaign"]


@pytest.mark.requirement("A5")
def test_a_choice_that_does_not_fit_is_refused_and_what_was_chosen_stays(started):
    with started.client.session_transaction() as cookie:
        cookie[apply.KEPT] = {"read": True, "pledged": [choosing.pledge_digest("本人承诺所填内容真实。")]}
    campaign = started.town.campaign.id
    page = started.post("/my/apply/choose/", campaign=campaign, specialty="", title=TITLE).text
    assert "请选择这个评审会受理的专业。" in page
    assert f'<option value="{TITLE}"' in page and "selected" in page
    wrong = started.post("/my/apply/choose/", campaign="999", specialty="x-y", title="z").text
    assert "请选择评审会。" in wrong


@pytest.mark.requirement("A5")
def test_there_is_one_declaration_a_year(started):
    with started.client.session_transaction() as cookie:
        cookie[apply.KEPT] = {"read": True, "pledged": [choosing.pledge_digest("本人承诺所填内容真实。")]}
    campaign = started.town.campaign.id
    page = started.post(
        "/my/apply/choose/",
        campaign=campaign,
        specialty=f"{campaign}-{SPECIALTY}",
        title=TITLE,
        apply_type="NORMAL",
    ).text
    assert f"您今年已有一份职称申报（编号 {started.number}）" in page
    started.post(started.at("cancel"), form="/my/unit/", version=started.row.version)
    assert started.row.state is State.CANCELLED
    first = started.number
    assert started.start() != first


@pytest.mark.requirement("A5")
@pytest.mark.parametrize(
    "changes, error",
    [
        ({"pledge_version": "0"}, choosing.PledgeChanged),
        ({"specialty": "999999"}, choosing.NotOffered),
        ({"title": "01-001"}, choosing.NotOffered),
        ({"apply_type": "NONE"}, choosing.NotOffered),
        ({"series": "01"}, choosing.NotOffered),
    ],
)
def test_what_the_campaign_does_not_offer_is_not_started(desk, changes, error):
    with pytest.raises(error):
        choosing.start(desk.session, desk.who, **arguments(desk, **changes))


@pytest.mark.requirement("A5")
def test_outside_its_window_or_unpublished_a_campaign_takes_nothing(desk):
    campaign = desk.town.campaign
    for now in (campaign.closes_at, campaign.opens_at.replace(year=campaign.opens_at.year - 1)):
        with pytest.raises(choosing.CampaignClosed):
            choosing.start(desk.session, desk.who, **arguments(desk, now=now))
        assert open_campaigns(desk.session, now=now) == []
    campaign.published = False
    with pytest.raises(choosing.CampaignClosed):
        choosing.start(desk.session, desk.who, **arguments(desk))


@pytest.mark.requirement("A5")
def test_the_database_refuses_a_second_one_even_when_nobody_looked(desk, monkeypatch):
    first = choosing.start(desk.session, desk.who, **arguments(desk))
    answers = iter([None, first])
    monkeypatch.setattr(starting, "existing", lambda *_: next(answers))
    with pytest.raises(choosing.AlreadyStarted) as refused:
        choosing.start(desk.session, desk.who, **arguments(desk))
    assert refused.value.number == first.number
    assert desk.session.scalar(sa.select(sa.func.count()).select_from(Application)) == 1
