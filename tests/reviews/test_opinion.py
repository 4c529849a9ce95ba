"""The opinion: what is kept, what is refused, what it still lacks, and the facts that it answers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.applications import facts
from app.applications.services import fire
from app.reviews.models import Conclusion, Opinion
from app.reviews.services import NotInHand, OpinionStale, OpinionText, VotesWrong, missing, save_opinion
from app.workflow.actions import Action
from app.workflow.case import Move
from app.workflow.facts import Fact
from app.workflow.states import Party, State
from tests.factories import application, csrf, person, unit_opinion

NOW = datetime.now(UTC)
YEAR = NOW.year - 1
WORDS = "经审核，材料真实、完整，公示无异议，同意推荐申报高级工程师。"
FULL = {
    "version": "0", "conclusion": "agree", "text": WORDS, "signed_by": "陆某", "group_leader": "陆某",
    "group_members": "陆某\n黄某\n韦某\n覃某\n蒙某", "expected": "5", "present": "5", "agree": "4", "against": "1",
    "abstain": "0", f"grade_{YEAR}": "B",
}


def save(client, row, **fields):
    path = f"/review/{row.number}/opinion"
    return client.post(path, data={**FULL, **fields, "csrf_token": csrf(client, path)})


@pytest.mark.requirement("U6")
def test_a_full_opinion_is_complete_and_opens_the_report(story, session):
    answer = save(story.client(Role.UNIT_OPERATOR), story.row)
    assert answer.location == f"/review/{story.row.number}"
    kept = session.scalars(sa.select(Opinion)).one()
    assert kept.complete and kept.unit_id == story.town.unit.id and kept.agree == 4
    assert kept.assessments == [{"year": YEAR, "grade": "B"}]
    asked = facts.facts_of(session, story.row, story.actor(Party.UNIT), now=NOW)
    assert asked.holds(Fact.OPINION_COMPLETE) and asked.holds(Fact.DEFENCE_HELD)


@pytest.mark.requirement("U6")
def test_an_incomplete_opinion_is_kept_as_a_draft_and_says_what_it_lacks(story, session):
    client = story.client(Role.UNIT_OPERATOR)
    page = save(client, story.row, signed_by="", text="太短")
    assert page.location.startswith(f"/review/{story.row.number}/opinion")
    assert not session.scalars(sa.select(Opinion)).one().complete
    session.commit()
    text = client.get(page.location).get_data(as_text=True)
    assert "审核意见至少写 20 个字" in text and "填写负责人" in text and "太短" in text


@pytest.mark.requirement("U6")
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"agree": "5"}, "同意、反对、弃权合计 6 票，实到 5 人，请核对。"),
        ({"expected": "3"}, "实到 5 人，多于应到 3 人，请核对。"),
        ({"abstain": ""}, "五个人数要一起填"),
    ],
)
def test_votes_that_do_not_add_up_are_refused_and_the_words_stay(story, session, fields, words):
    answer = save(story.client(Role.UNIT_OPERATOR), story.row, **fields)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and words in text and WORDS in text
    assert session.scalars(sa.select(Opinion)).all() == []


@pytest.mark.requirement("U6")
def test_a_defence_is_typed_in_beijing_time_kept_in_utc_and_shown_again(story, session):
    client = story.client(Role.UNIT_OPERATOR)
    save(client, story.row, defence_at="2026-11-20T09:30", defence_questions="如何验算承载力？", defence_result="合格")
    assert session.scalars(sa.select(Opinion)).one().defence_at == datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
    session.commit()
    assert "2026-11-20T09:30" in client.get(f"/review/{story.row.number}/opinion").text


@pytest.mark.requirement("U6")
def test_a_defence_at_no_moment_is_refused_in_words_and_stays_as_typed(story, session):
    answer = save(story.client(Role.UNIT_OPERATOR), story.row, defence_at="昨天下午")
    assert answer.status_code == 422 and "请选择日期和时间" in answer.text and "昨天下午" in answer.text
    assert session.scalars(sa.select(Opinion)).all() == []


@pytest.mark.requirement("U6")
def test_two_thirds_must_agree_to_a_recommendation():
    said = OpinionText(
        text=WORDS, signed_by="陆某", group_leader="陆某", group_members="五人", expected=5, present=5, agree=3,
        against=2, abstain=0, assessments=[{"year": YEAR, "grade": "B"}],
    )
    assert missing(said, party=Party.UNIT, defence_required=False) == ("majority",)
    assert missing(said, party=Party.UNIT, defence_required=True) == ("majority", "defence")
    assert missing(said, party=Party.BODY, defence_required=True) == ()


@pytest.mark.requirement("U6")
def test_a_required_defence_keeps_the_report_closed(story, session):
    story.town.campaign.defence_required = True
    said = unit_opinion(session, story.row)
    asked = facts.facts_of(session, story.row, story.actor(Party.UNIT), now=NOW)
    assert not asked.holds(Fact.DEFENCE_HELD)
    said.defence_at, said.defence_questions, said.defence_result = NOW, "如何验算承载力？", "合格"
    session.flush()
    assert facts.facts_of(session, story.row, story.actor(Party.UNIT), now=NOW).holds(Fact.DEFENCE_HELD)


@pytest.mark.requirement("U7")
def test_a_required_seal_must_be_there(story, session):
    assert facts.facts_of(session, story.row, story.actor(Party.UNIT), now=NOW).holds(Fact.SEAL_PRESENT)
    story.town.campaign.seal_required = True
    session.flush()
    assert not facts.facts_of(session, story.row, story.actor(Party.UNIT), now=NOW).holds(Fact.SEAL_PRESENT)


@pytest.mark.requirement("U6")
def test_of_two_tabs_the_second_is_told_and_keeps_its_words(story, session):
    client = story.client(Role.UNIT_OPERATOR)
    save(client, story.row)
    answer = save(client, story.row, version="0", text=WORDS + "第二个窗口。")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "这份意见已被同事修改" in text and "第二个窗口" in text
    assert session.scalars(sa.select(Opinion.text)).all() == [WORDS]


@pytest.mark.requirement("U6")
def test_only_the_office_that_has_it_writes_an_opinion(story, session):
    with pytest.raises(NotInHand):
        save_opinion(session, story.row, story.actor(Party.BODY), OpinionText(), version=0, now=NOW)
    with pytest.raises(NotInHand):
        save_opinion(session, story.row, story.actor(Party.APPLICANT), OpinionText(), version=0, now=NOW)


@pytest.mark.requirement("R2")
def test_a_body_writes_its_own_opinion_and_reads_the_units(story, session):
    row = application(session, story.town, person(session, Role.APPLICANT, serial=71), state=State.BODY_REVIEW)
    unit_opinion(session, row, text="单位说：同意推荐，材料真实完整，公示没有异议。")
    session.commit()
    client = story.client(Role.BODY_REVIEWER)
    assert "单位说：同意推荐" in client.get(f"/review/{row.number}").get_data(as_text=True)
    path = f"/review/{row.number}/opinion"
    sent = {"version": "0", "conclusion": "disagree", "text": WORDS, "signed_by": "李某", "csrf_token": csrf(client, path)}
    assert client.post(path, data=sent).status_code == 302
    session.expire_all()
    mine = session.scalars(sa.select(Opinion).where(Opinion.body_id == story.town.district.id)).one()
    assert mine.complete and mine.conclusion is Conclusion.DISAGREE
    assert not facts.facts_of(session, row, story.actor(Party.BODY), now=NOW).holds(Fact.OPINION_COMPLETE)


def test_a_saved_opinion_counts_versions(story, session):
    unit = story.actor(Party.UNIT)
    first = save_opinion(session, story.row, unit, OpinionText(text=WORDS), version=0, now=NOW)
    assert first.version == 1
    assert save_opinion(session, story.row, unit, OpinionText(text="改"), version=1, now=NOW).version == 2
    with pytest.raises(OpinionStale):
        save_opinion(session, story.row, unit, OpinionText(text="旧"), version=1, now=NOW)
    with pytest.raises(VotesWrong):
        save_opinion(session, story.row, unit, OpinionText(present=3), version=2, now=NOW)


@pytest.mark.requirement("R3")
def test_a_return_to_the_unit_asks_for_the_opinions_anew(story, session):
    row = application(session, story.town, person(session, Role.APPLICANT, serial=72), state=State.BODY_REVIEW)
    said = unit_opinion(session, row)
    fire(session, row, story.actor(Party.BODY), Action.RETURN_TO_UNIT, now=NOW, move=Move(reason="请核对"))
    session.refresh(said)
    assert said.complete is False and said.text
