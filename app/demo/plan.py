"""Which application shall end where: one row for each, the first ones known by their phone numbers (docs/demo.md)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """One application: how far it goes, in which campaign, from which unit (place in city.UNITS)."""

    goal: str
    campaign: str
    unit: int


ENGINEERS, TEACHERS, PUPILS, FARMERS, DOCTORS = (0, 1, 4), (2,), (3,), (5,), (6,)

# (goal, campaign, how many); the units of a campaign take turns, the first one most often
GOALS: tuple[tuple[str, str, int], ...] = (
    ("draft", "eng-assoc", 1),
    ("returned", "eng-assoc", 1),
    ("awaiting_payment", "eng-assoc", 1),
    ("certified", "eng-assoc", 1),
    ("unit_review", "eng-assoc", 1),
    ("unit_notice_running", "eng-assoc", 1),
    ("unit_notice_over", "eng-assoc", 1),
    ("return_requested", "eng-assoc", 1),
    ("at_district", "eng-assoc", 1),
    ("at_committee", "eng-assoc", 1),
    ("in_meeting", "eng-assoc", 1),
    ("publicised", "eng-assoc", 1),
    ("cancelled", "eng-assoc", 1),
    ("declined", "eng-assoc", 1),
    ("rejected", "eng-assoc", 1),
    ("lapsed", "eng-mid", 1),
    ("ready", "eng-assoc", 2),
    ("waived", "eng-mid", 1),
    ("free", "edu-mid", 2),
    ("passed", "eng-assoc", 1),
    ("failed", "eng-assoc", 1),
    ("objected", "eng-assoc", 1),
    ("upheld", "eng-assoc", 1),
    ("approved", "eng-assoc", 1),
    ("revoked", "eng-assoc", 1),
    ("returned_by_body", "eng-assoc", 1),
    ("returned_to_unit", "eng-assoc", 1),
    ("publicised_over", "eng-assoc", 1),
    ("empty", "eng-mid", 1),
    ("withdrawn", "eng-assoc", 1),
    ("withdrawal_asked", "eng-assoc", 1),
    ("almost", "hlth-assoc", 1),
    ("almost", "edu-assoc", 1),
    ("draft", "edu-assoc", 2),
    ("unit_review", "eng-mid", 3),
    ("unit_review", "edu-assoc", 1),
    ("unit_notice_running", "edu-mid", 1),
    ("at_district", "eng-mid", 3),
    ("at_committee", "eng-mid", 2),
    ("at_committee", "eng-assoc", 2),
    ("awaiting_payment", "eng-mid", 2),
    ("in_meeting", "eng-assoc", 2),
    ("publicised", "eng-assoc", 1),
    ("certified", "eng-assoc", 2),
    ("approved", "eng-assoc", 1),
    ("at_district", "agr-mid", 2),
    ("rejected", "agr-mid", 1),
    ("returned", "edu-assoc", 1),
    ("unit_notice_over", "edu-assoc", 2),
    ("at_committee", "edu-assoc", 2),
    ("at_committee", "hlth-assoc", 1),
)
BEFORE: tuple[tuple[str, str, int], ...] = (
    ("certified", "eng-mid-before", 10),
    ("failed", "eng-assoc-before", 5),
    ("declined", "eng-mid-before", 2),
    ("rejected", "eng-assoc-before", 2),
)
UNITS_OF = {"eng": ENGINEERS, "edu-assoc": TEACHERS, "edu-mid": PUPILS, "agr": FARMERS, "hlth": DOCTORS}


def stories(goals: tuple[tuple[str, str, int], ...]) -> list[Story]:
    """The plan in order; of the engineers' units the first has two of four."""
    told, turn = [], 0
    for goal, campaign, count in goals:
        choice = next(units for prefix, units in UNITS_OF.items() if campaign.startswith(prefix))
        for _ in range(count):
            told.append(Story(goal, campaign, choice[0] if turn < 30 or turn % 2 else choice[turn // 2 % len(choice)]))
            turn += 1
    return told
