from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from app.applications.services import fire
from app.meetings import queries, services
from app.meetings.models import ApprovedName
from app.meetings.services import (
    AlreadyClosed,
    DocumentFacts,
    NobodyApproved,
    NothingChosen,
    NotQuorate,
    NumberTaken,
    VotesDiffer,
    VotesMissing,
)
from app.meetings.voting import Votes
from app.workflow.actions import Action
from app.workflow.case import Move
from app.workflow.machine import GuardRefused
from app.workflow.states import State

pytestmark = pytest.mark.requirement("R4")
PAPER = DocumentFacts("柳职改〔2026〕12号", "关于韦志强等取得资格的通知", date(2026, 12, 30), "柳州市职改办")


def states(sitting) -> list[State]:
    return [each.state for each in sitting.applications]


def test_ready_applications_are_taken_into_the_meeting(session, sitting, clock):
    services.convene(session, sitting.meeting, sitting.applications[:2], sitting.body, now=clock.now())
    assert states(sitting) == [State.IN_MEETING, State.IN_MEETING, State.READY]
    assert [each.application_id for each in queries.candidates_of(session, sitting.meeting)] == [
        each.id for each in sitting.applications[:2]
    ]


def test_a_meeting_of_another_body_takes_nobody(session, sitting, clock):
    sitting.meeting.body_id = sitting.town.district.id
    session.flush()
    with pytest.raises(GuardRefused, match="meeting_planned"):
        services.convene(session, sitting.meeting, sitting.applications, sitting.body, now=clock.now())


def test_nobody_chosen_is_said(session, sitting, clock):
    with pytest.raises(NothingChosen):
        services.convene(session, sitting.meeting, [], sitting.body, now=clock.now())


class TestVotes:
    @pytest.fixture
    def candidates(self, session, sitting, clock):
        return services.convene(session, sitting.meeting, sitting.applications, sitting.body, now=clock.now())

    def record(self, session, sitting, clock, present, votes):
        services.record_votes(
            session, sitting.meeting, sitting.body, present=present, votes=votes, notes={}, now=clock.now()
        )

    def test_the_count_decides_who_passed(self, session, sitting, clock, candidates):
        first, second, third = candidates
        self.record(session, sitting, clock, 9, {first.id: Votes(6, 3, 0), second.id: Votes(5, 4, 0)})
        assert [each.passed for each in candidates] == [True, False, None]

    def test_too_few_members_decide_nothing(self, session, sitting, clock, candidates):
        with pytest.raises(NotQuorate) as refused:
            self.record(session, sitting, clock, 5, {})
        assert (refused.value.present, refused.value.expected) == (5, 9)

    def test_votes_must_be_as_many_as_members(self, session, sitting, clock, candidates):
        with pytest.raises(VotesDiffer) as refused:
            self.record(session, sitting, clock, 9, {candidates[1].id: Votes(6, 1, 1)})
        assert (refused.value.name, refused.value.total) == ("韦志强", 8)

    def test_a_meeting_without_every_count_does_not_end(self, session, sitting, clock, candidates):
        self.record(session, sitting, clock, 9, {candidates[0].id: Votes(9, 0, 0)})
        with pytest.raises(VotesMissing) as refused:
            services.close(session, sitting.meeting, sitting.body, now=clock.now())
        assert refused.value.names == ("韦志强", "覃海波")

    def test_no_result_is_recorded_before_the_end(self, session, sitting, clock, candidates):
        self.record(session, sitting, clock, 9, {each.id: Votes(9, 0, 0) for each in candidates})
        with pytest.raises(GuardRefused, match="meeting_closed"):
            fire(
                session, sitting.applications[0], sitting.body, Action.RECORD_RESULT, now=clock.now(),
                move=Move(passed=True),
            )


def test_the_end_records_each_result(session, voted):
    assert states(voted) == [State.PASSED, State.FAILED, State.PASSED]
    assert voted.meeting.closed_at is not None


def test_a_result_is_not_turned_round(session, sitting, clock):
    found = services.convene(session, sitting.meeting, sitting.applications[:1], sitting.body, now=clock.now())
    services.record_votes(
        session, sitting.meeting, sitting.body, present=9, votes={found[0].id: Votes(0, 9, 0)}, notes={}, now=clock.now()
    )
    sitting.meeting.closed_at = clock.now()
    session.flush()
    with pytest.raises(GuardRefused, match="meeting_closed"):
        fire(
            session, sitting.applications[0], sitting.body, Action.RECORD_RESULT, now=clock.now(), move=Move(passed=True)
        )


def test_a_closed_meeting_takes_nothing_more(session, voted, clock):
    for verb in (
        lambda: services.convene(session, voted.meeting, voted.applications, voted.body, now=clock.now()),
        lambda: services.record_votes(
            session, voted.meeting, voted.body, present=9, votes={}, notes={}, now=clock.now()
        ),
        lambda: services.close(session, voted.meeting, voted.body, now=clock.now()),
    ):
        with pytest.raises(AlreadyClosed):
            verb()


def test_who_passed_is_published_and_who_failed_is_not(session, noticed):
    assert states(noticed) == [State.PUBLICISED, State.FAILED, State.PUBLICISED]


def test_results_are_published_once(session, noticed, clock):
    with pytest.raises(NothingChosen):
        services.publish(session, noticed.meeting, noticed.body, place="x", contact="x", working_days=5, now=clock.now())


class TestApproval:
    def test_one_document_approves_those_it_names(self, session, noticed, clock):
        today = clock.now().date()
        found = queries.awaiting_approval(session, noticed.office, today)
        assert [each.applicant_name for each in found] == ["梁小燕", "覃海波"]
        paper, done = services.approve(session, found, noticed.office, document=PAPER, now=clock.now())
        assert done.moved == tuple(each.number for each in found) and not done.refused
        assert states(noticed) == [State.APPROVED, State.FAILED, State.APPROVED]
        names = session.scalars(sa.select(ApprovedName.application_id).where(ApprovedName.document_id == paper.id))
        assert set(names) == {each.id for each in found}

    def test_nobody_is_listed_while_the_notice_runs(self, session, noticed, clock):
        clock.reset()
        assert queries.awaiting_approval(session, noticed.office, clock.now().date()) == []
        assert queries.still_publicised(session, noticed.office, clock.now().date()) == 2

    def test_who_cannot_be_approved_is_named_and_not_on_the_document(self, session, noticed, clock):
        chosen = noticed.applications  # the second one failed
        paper, done = services.approve(session, chosen, noticed.office, document=PAPER, now=clock.now())
        assert list(done.refused) == [chosen[1].number]
        assert session.scalar(sa.select(sa.func.count()).select_from(ApprovedName)) == 2

    def test_a_document_for_nobody_is_refused(self, session, noticed, clock):
        with pytest.raises(NobodyApproved):
            services.approve(session, noticed.applications[1:2], noticed.office, document=PAPER, now=clock.now())

    def test_a_number_is_used_once(self, session, noticed, clock):
        services.approve(session, noticed.applications[:1], noticed.office, document=PAPER, now=clock.now())
        with pytest.raises(NumberTaken):
            services.approve(session, noticed.applications[2:], noticed.office, document=PAPER, now=clock.now())

    def test_a_body_does_not_approve(self, session, noticed, clock):
        with pytest.raises(NobodyApproved):
            services.approve(session, noticed.applications[:1], noticed.body, document=PAPER, now=clock.now())
