"""The judgement of rules, without a database: every rule of the files, the kinds of condition, the limits of years."""

from __future__ import annotations

import csv
import random
from datetime import date
from decimal import Decimal

import pytest

from app.catalogue.loading import REFERENCE_FOLDER
from app.eligibility.evaluating import RELAXED, evaluate, full_years, looked_at
from app.eligibility.terms import (
    NO_TITLE,
    Asked,
    Assessment,
    Clock,
    Facts,
    Held,
    Hours,
    Outcome,
    Rule,
    Standards,
    Token,
    clock_of,
)

pytestmark = pytest.mark.requirement("A5")
MET, UNCLEAR, NOT_MET = Outcome.MET, Outcome.UNCLEAR, Outcome.NOT_MET
CUTOFF = date(2026, 12, 31)


def table(name: str) -> list[dict[str, str]]:
    with (REFERENCE_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


STANDARDS = Standards(
    {row["code"]: Token(row["kind"], int(row["rank"]) if row["rank"] else None) for row in table("qualification_token")},
    {row["code"]: int(row["rank"]) for row in table("title_level")},
    {row["code"]: int(row["hours_per_year"]) for row in table("ce_requirement")},
    frozenset(row["code"] for row in table("annual_assessment") if row["passes"] == "1"),
)  # fmt: skip
RULES = [
    Rule(
        row["code"], 1, row["series_code"], row["target_level"], tuple(row["education_any_of"].split("|")),
        row["required_current_level"], int(row["min_years"]), frozenset(filter(None, row["further"].split("|"))), row["note"],
        row["source"],
    )
    for row in table("eligibility_rule")
]  # fmt: skip
KINDS = frozenset(token.kind for token in STANDARDS.tokens.values())


def rules(place: str) -> list[Rule]:
    return [rule for rule in RULES if f"{rule.series_code}-{rule.target_level}" == place]


def years_ago(years: int, *, days_short: int = 0) -> date:
    """The day from which exactly so many years are full at the cutoff, or so many days later."""
    return date.fromordinal(date(CUTOFF.year - years + 1, 1, 1).toordinal() + days_short)


def person(rule: Rule, *, qualification: str | None = None, years: int | None = None, days_short: int = 0, **values) -> Facts:
    """Somebody who just meets the rule, but for what is said otherwise."""
    since = years_ago(rule.min_years if years is None else years, days_short=days_short)
    level = rule.required_current_level
    facts = {
        "qualifications": (Held(qualification or rule.education_any_of[0], since),), "kinds": KINDS,
        "titles": () if level == NO_TITLE else (Held(level, since),), "working_since": since, "exam_passed": True,
    }  # fmt: skip
    return Facts(**facts | values)


def judge(rule: Rule, facts: Facts, **values) -> Outcome:
    return evaluate([rule], facts, STANDARDS, cutoff=CUTOFF, **values).outcome


def test_every_rule_of_the_files_is_met_by_who_just_meets_it_and_not_a_day_earlier():
    assert len(RULES) == 174
    for rule in RULES:
        best = UNCLEAR if "NOTE" in rule.further else MET
        assert judge(rule, person(rule)) is best, rule
        for token in rule.education_any_of:
            assert judge(rule, person(rule, qualification=token)) is best, (rule.code, token)
        if rule.min_years:
            assert judge(rule, person(rule, days_short=1)) is NOT_MET, rule
            assert judge(rule, person(rule, years=rule.min_years + 7)) is best, rule
        assert judge(rule, person(rule, qualifications=())) is NOT_MET, rule
        if rule.required_current_level != NO_TITLE:
            assert judge(rule, person(rule, titles=())) is NOT_MET, rule
            assert judge(rule, person(rule, titles=None)) is UNCLEAR, rule
        if "EXAM" in rule.further:
            assert judge(rule, person(rule, exam_passed=False)) is NOT_MET, rule
            assert judge(rule, person(rule, exam_passed=None)) is UNCLEAR, rule


def test_who_has_said_nothing_gets_unclear_from_every_rule_and_never_not_met():
    for rule in RULES:
        assert judge(rule, Facts(hours=(), assessments=())) is UNCLEAR, rule


def test_a_higher_degree_never_worsens_and_more_years_never_worsen():
    """Properties over people made by chance (a fixed seed), against the levels of every series."""
    chance = random.Random(20261125)
    places = sorted({f"{rule.series_code}-{rule.target_level}" for rule in RULES})
    schooling = sorted(
        (code for code, token in STANDARDS.tokens.items() if token.ladder == "schooling"), key=lambda code: STANDARDS.tokens[code].rank,
    )
    order = {MET: 0, UNCLEAR: 1, NOT_MET: 2}
    for _ in range(3000):
        place, apply_type = chance.choice(places), chance.choice(["NORMAL", *RELAXED])
        since, level, rank = years_ago(chance.randrange(12)), chance.choice(list(STANDARDS.levels)), chance.randrange(len(schooling))
        titles = () if level == NO_TITLE else (Held(level, since),)

        def outcome(at: int, titles=titles, working=since, place=place, apply_type=apply_type) -> int:
            facts = Facts((Held(schooling[at]),), KINDS, titles, working_since=working, exam_passed=True)
            return order[evaluate(rules(place), facts, STANDARDS, cutoff=CUTOFF, apply_type=apply_type).outcome]

        before = outcome(rank)
        higher = [at for at in range(rank, len(schooling)) if STANDARDS.tokens[schooling[at]].rank > STANDARDS.tokens[schooling[rank]].rank]
        assert all(outcome(at) <= before for at in higher), (place, apply_type, schooling[rank])
        earlier = tuple(Held(each.code, date(1990, 1, 1)) for each in titles)
        assert outcome(rank, titles=earlier, working=date(1990, 1, 1)) <= before, (place, apply_type, level)
        if apply_type != "NORMAL":
            assert before <= outcome(rank, apply_type="NORMAL"), "an exceptional application is never judged harder"


def test_a_verdict_is_the_best_of_its_ways_and_the_nearest_stands_first():
    young = person(rules("05-MID")[2], years=2)
    verdict = evaluate(rules("05-MID"), young, STANDARDS, cutoff=CUTOFF)
    assert verdict.outcome is NOT_MET
    assert [way.rule.code for way in verdict.ways] == ["05-MID-3", "05-MID-4", "05-MID-1", "05-MID-2", "05-MID-5"]
    assert verdict.ways[0].finding(Asked.YEARS).served == 2
    assert evaluate(rules("05-MID"), person(rules("05-MID")[2]), STANDARDS, cutoff=CUTOFF).outcome is MET
    assert evaluate([], young, STANDARDS, cutoff=CUTOFF).outcome is UNCLEAR, "no rule is never 'not eligible'"


def test_a_level_by_examination_asks_nothing_else():
    for place in ("08-MID", "17-ASSIST", "25-TECH"):
        verdict = evaluate(rules(place), Facts((Held("EXAM"),), KINDS, hours=(), assessments=()), STANDARDS, cutoff=CUTOFF)
        assert (verdict.outcome, verdict.by_exam, verdict.common) == (MET, True, ())


TITLES = [  # titles held in the series, elsewhere, what a bachelor gets for 05-MID (助理级 and four years)
    ((Held("ASSIST", years_ago(4)),), (), MET),
    ((Held("ASSIST", date(2024, 2, 29)),), (), NOT_MET),
    ((Held("ASSIST"),), (), UNCLEAR),
    ((Held("TECH", years_ago(9)),), (), NOT_MET),
    ((Held("TECH", years_ago(9)), Held("ASSIST", years_ago(5))), (), MET),
    ((Held("MID", years_ago(5)),), (), MET),  # the higher title was held long enough by itself
    ((Held("MID", years_ago(1)),), (), UNCLEAR),  # since when the lower one was held is not known
    ((Held("MID", years_ago(1)), Held("ASSIST", years_ago(3))), (), NOT_MET),
    ((), (Held("ASSIST", years_ago(9)),), UNCLEAR),  # 转系列: people decide
    ((), (Held("TECH", years_ago(9)),), NOT_MET),
]


def test_years_are_counted_from_the_title_of_the_series():
    for titles, elsewhere, expected in TITLES:
        facts = person(rules("05-MID")[2], titles=titles, elsewhere=elsewhere)
        assert judge(rules("05-MID")[2], facts) is expected, (titles, elsewhere)


def test_whole_years_count_both_ends():
    for since, until, years in (
        (date(2026, 1, 1), date(2026, 12, 31), 1), (date(2026, 1, 2), date(2026, 12, 31), 0),
        (date(2024, 2, 29), date(2028, 2, 28), 4), (date(2021, 11, 30), date(2026, 12, 31), 5),
        (date(2021, 11, 30), date(2026, 11, 29), 5), (date(2021, 11, 30), date(2026, 11, 28), 4),
    ):  # fmt: skip
        assert full_years(since, until) == years, (since, until)


def test_a_rule_without_a_title_counts_from_work_or_from_the_certificate():
    clocks = {rule.code: clock_of(rule.required_current_level, rule.education_any_of, STANDARDS) for rule in RULES}
    assert (clocks["05-TECH-2"], clocks["05-ASSIST-5"], clocks["05-MID-3"]) == (Clock.WORK, Clock.CERTIFICATE, Clock.TITLE)
    worker = next(rule for rule in RULES if rule.code == "05-ASSIST-5")  # 高级工满2年
    for held, expected in (
        (Held("SKILL_SENIOR", years_ago(2)), MET), (Held("SKILL_SENIOR", years_ago(1)), NOT_MET),
        (Held("SKILL_TECHNICIAN", years_ago(2)), MET), (Held("SKILL_TECHNICIAN", years_ago(1)), UNCLEAR),
        (Held("POSTDOC", years_ago(5)), NOT_MET),
    ):  # fmt: skip
        assert judge(worker, person(worker, qualifications=(held,))) is expected, held


def test_an_exceptional_application_leaves_open_what_it_relaxes():
    rule = rules("05-ASSOC")[1]
    short, uneducated = person(rule, years=3), person(rule, qualification="DIPLOMA")
    untitled = person(rule, titles=())
    for apply_type, facts, expected in (
        ("NORMAL", short, NOT_MET), ("EXC_YEARS", short, UNCLEAR), ("EXC_EDU", short, NOT_MET), ("EXC_BOTH", short, UNCLEAR),
        ("EXC_EDU", uneducated, UNCLEAR), ("EXC_YEARS", uneducated, NOT_MET), ("GRASS", uneducated, UNCLEAR),
        ("SKIP", untitled, UNCLEAR), ("RETIRED_MIL", untitled, UNCLEAR), ("EXC_BOTH", untitled, NOT_MET),
        ("CONVERT", untitled, UNCLEAR), ("GREEN", untitled, UNCLEAR), ("SKILL", short, NOT_MET), ("EXAM", short, NOT_MET),
        ("EXC_YEARS", person(rule), MET),
    ):  # fmt: skip
        assert judge(rule, facts, apply_type=apply_type) is expected, apply_type
    verdict = evaluate([rule], short, STANDARDS, cutoff=CUTOFF, apply_type="EXC_YEARS")
    assert [each.asked for each in verdict.ways[0].findings if each.relaxed] == [Asked.YEARS]


def common(asked: Asked, **values):
    facts = person(rules("05-MID")[2], years=4, **values)
    verdict = evaluate(rules("05-MID"), facts, STANDARDS, cutoff=CUTOFF)
    return next(each for each in verdict.common if each.asked is asked), verdict.outcome


def hours(year, total, professional, public=None, passed=None):
    return Hours(year, Decimal(total), Decimal(professional), None if public is None else Decimal(public), passed)


def test_hours_are_asked_for_each_year_since_the_title_and_at_most_five():
    full = tuple(hours(year, 90, 60, 30) for year in (2024, 2025))
    for said, outcome, short, absent in (
        (full, MET, [], ()),
        (full[:1], UNCLEAR, [], (2025,)),
        ((*full, hours(2019, 10, 0)), MET, [], ()),  # before the present title
        ((full[0], hours(2025, 90, 59)), NOT_MET, [2025], ()),
        ((full[0], hours(2025, "89.5", 60)), NOT_MET, [2025], ()),
        ((full[0], hours(2025, 95, 66, 29)), NOT_MET, [2025], ()),
        ((full[0], hours(2025, 90, 60, 30, passed=False)), NOT_MET, [2025], ()),
        ((full[0], Hours(2025)), UNCLEAR, [], ()),
        ((hours(None, 96, 66),), MET, [], ()),
        ((hours(None, 80, 66),), NOT_MET, [None], ()),
        ((), UNCLEAR, [], (2024, 2025)),
    ):  # fmt: skip
        finding, whole = common(Asked.HOURS, hours=said, titles=(Held("ASSIST", date(2023, 1, 1)),))
        assert (finding.outcome, [each.year for each in finding.short], finding.absent) == (outcome, short, absent), said
        assert whole is outcome
    assert looked_at(Facts(titles=(Held("MID", date(2010, 5, 1)),)), CUTOFF) == range(2021, 2026)
    assert looked_at(Facts(working_since=date(2024, 7, 1)), CUTOFF) == range(2025, 2026)
    assert list(looked_at(Facts(titles=(Held("MID", date(2026, 5, 1)),)), CUTOFF)) == []


def test_a_year_whose_assessment_does_not_pass_is_not_met():
    years = range(2023, 2026)
    for grades, outcome, short, absent in (
        ("ABB", MET, [], ()), ("AB", UNCLEAR, [], (2025,)), ("ACB", NOT_MET, [2024], ()), ("BBX", NOT_MET, [2025], ()),
    ):  # fmt: skip
        said = tuple(Assessment(year, grade) for year, grade in zip(years, grades, strict=False))
        finding, _whole = common(Asked.ASSESSMENTS, assessments=said, titles=(Held("ASSIST", date(2022, 1, 1)),))
        assert (finding.outcome, [each.year for each in finding.short], finding.absent) == (outcome, short, absent), grades
    assert common(Asked.ASSESSMENTS, assessments=(Assessment(None, "D"),))[1] is NOT_MET


def test_what_was_not_asked_is_no_condition():
    verdict = evaluate(rules("05-MID"), person(rules("05-MID")[2]), STANDARDS, cutoff=CUTOFF)
    assert verdict.common == ()


def test_only_a_note_left_to_people_is_told_apart():
    city_teacher = next(rule for rule in RULES if rule.code == "22-ASSOC-2")
    verdict = evaluate([city_teacher], person(city_teacher), STANDARDS, cutoff=CUTOFF)
    assert (verdict.outcome, verdict.only_notes_open) == (UNCLEAR, True)
    verdict = evaluate([city_teacher], person(city_teacher, titles=None), STANDARDS, cutoff=CUTOFF)
    assert verdict.only_notes_open is False
