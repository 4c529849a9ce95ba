import pytest

from app.meetings.voting import Votes, needed, passed, quorate

pytestmark = pytest.mark.requirement("R4")


@pytest.mark.parametrize(("present", "votes"), [(1, 1), (3, 2), (5, 4), (7, 5), (9, 6), (10, 7), (11, 8)])
def test_two_thirds_of_those_present_are_rounded_up(present, votes):
    assert needed(present) == votes


@pytest.mark.parametrize(("agree", "carried"), [(5, False), (6, True), (9, True)])
def test_six_of_nine_carry_and_five_do_not(agree, carried):
    assert passed(Votes(agree, 9 - agree, 0), 9) is carried


@pytest.mark.parametrize(("present", "enough"), [(0, False), (5, False), (6, True), (9, True), (10, False)])
def test_a_meeting_needs_two_thirds_of_its_members_and_has_no_more_than_all(present, enough):
    assert quorate(present, 9) is enough
