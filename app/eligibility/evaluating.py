"""What the rules of a series and level say of a person: met, not met or unclear. Pure Python: no Flask, no SQL, no clock.

A rule is one way in; the rules of a level are alternatives. A rule holds when the person has any of its qualifications
(or a higher one of the same ladder), the title it starts from, and the years. What was not said, what no field proves
(the note of a rule) and what an exceptional application relaxes is unclear, never "not met". Hours of continuing
education and annual assessments are asked of everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from app.catalogue.lists import Further
from app.eligibility.terms import (
    NO_TITLE,
    Asked,
    Clock,
    Facts,
    Finding,
    Held,
    Hours,
    Outcome,
    Rule,
    Standards,
    Verdict,
    Way,
    clock_of,
    worst,
)

YEARS_LOOKED_AT = 5  # 继续教育、年度考核: 近五年，任现职不满五年的从任现职的次年起
# 破格、越级 and the like: the conditions that the office may waive for such an application.
RELAXED: Mapping[str, frozenset[Asked]] = {
    "EXC_EDU": frozenset({Asked.QUALIFICATION}),
    "EXC_YEARS": frozenset({Asked.YEARS}),
    "EXC_BOTH": frozenset({Asked.QUALIFICATION, Asked.YEARS}),
    "SKIP": frozenset({Asked.TITLE, Asked.YEARS}),
    "GRASS": frozenset({Asked.QUALIFICATION, Asked.YEARS}),
    "RETIRED_MIL": frozenset({Asked.TITLE, Asked.YEARS}),
    "CONVERT": frozenset({Asked.QUALIFICATION, Asked.TITLE, Asked.YEARS}),
    "GREEN": frozenset({Asked.QUALIFICATION, Asked.TITLE, Asked.YEARS}),
}


def full_years(since: date, until: date) -> int:
    """Whole years from the first day to the last, both counted: from 1 January to 31 December is one."""
    end = until + timedelta(days=1)
    return end.year - since.year - ((end.month, end.day) < (since.month, since.day))


def evaluate(
    rules: Sequence[Rule], facts: Facts, standards: Standards, *, cutoff: date, apply_type: str = "NORMAL"
) -> Verdict:
    """Judges the rules of one series and level by what a person has said; years are counted to `cutoff`."""
    relaxed = RELAXED.get(apply_type, frozenset())
    ways = [
        Way(rule, tuple(_relax(each, relaxed) for each in _findings(rule, facts, standards, cutoff)))
        for rule in rules
    ]
    ways.sort(key=_distance)
    by_exam = bool(rules) and all(rule.by_exam for rule in rules)
    common = () if by_exam or not rules else tuple(_common(facts, standards, cutoff))
    return Verdict(tuple(ways), common, facts, cutoff, apply_type, by_exam)


def _distance(way: Way) -> tuple[int, ...]:
    """How far a way is from being met: nothing against it, then how much is against it, then how much is open."""
    against = [each.asked for each in way.findings if each.outcome is Outcome.NOT_MET]
    is_open = sum(each.outcome is Outcome.UNCLEAR for each in way.findings)
    # a way of other qualifications is further off than one that only wants time
    return len(against), Asked.QUALIFICATION in against, is_open


def _relax(finding: Finding, relaxed: Collection[Asked]) -> Finding:
    if finding.asked not in relaxed or finding.outcome is Outcome.MET:
        return finding
    return replace(finding, outcome=Outcome.UNCLEAR, relaxed=True)


def _findings(rule: Rule, facts: Facts, standards: Standards, cutoff: date) -> Iterable[Finding]:
    if rule.education_any_of:
        yield _qualification(rule, facts, standards)
    if rule.required_current_level != NO_TITLE:
        yield _title(rule, facts, standards)
    if rule.min_years:
        yield _years(rule, facts, standards, cutoff)
    if Further.EXAM in rule.further:
        passed = {None: Outcome.UNCLEAR, True: Outcome.MET, False: Outcome.NOT_MET}
        yield Finding(Asked.EXAM, passed[facts.exam_passed])
    if Further.NOTE in rule.further:
        yield Finding(Asked.NOTE, Outcome.UNCLEAR)


def _qualification(rule: Rule, facts: Facts, standards: Standards) -> Finding:
    fitting = _fitting(rule, facts, standards)
    kinds = {standards.tokens[code].kind for code in rule.education_any_of}
    if fitting:
        return Finding(Asked.QUALIFICATION, Outcome.MET, fitting)
    held = tuple(each for each in facts.qualifications if standards.tokens[each.code].kind in kinds)
    return Finding(Asked.QUALIFICATION, Outcome.NOT_MET if kinds <= facts.kinds else Outcome.UNCLEAR, held)


def _fitting(rule: Rule, facts: Facts, standards: Standards) -> tuple[Held, ...]:
    """The held qualifications that are one of the rule's, or higher."""
    wanted = {code: standards.tokens[code] for code in rule.education_any_of}
    return tuple(
        each
        for each in facts.qualifications
        if each.code in wanted or any(standards.tokens[each.code].above(token) for token in wanted.values())
    )


def _title(rule: Rule, facts: Facts, standards: Standards) -> Finding:
    rank = standards.levels[rule.required_current_level]
    enough = _at_least(facts.titles or (), rank, standards)
    if enough:
        return Finding(Asked.TITLE, Outcome.MET, enough)
    if elsewhere := _at_least(facts.elsewhere, rank, standards):
        return Finding(Asked.TITLE, Outcome.UNCLEAR, elsewhere, elsewhere=True)
    return Finding(Asked.TITLE, Outcome.UNCLEAR if facts.titles is None else Outcome.NOT_MET, facts.titles or ())


def _at_least(titles: Iterable[Held], rank: int, standards: Standards) -> tuple[Held, ...]:
    return tuple(each for each in titles if standards.levels[each.code] >= rank)


def _years(rule: Rule, facts: Facts, standards: Standards, cutoff: date) -> Finding:
    match clock_of(rule.required_current_level, rule.education_any_of, standards):
        case Clock.WORK:
            held: tuple[Held, ...] = (Held("", facts.working_since),)
            exact, unsaid = {""}, False
        case Clock.CERTIFICATE:
            held, exact = _fitting(rule, facts, standards), set(rule.education_any_of)
            unsaid = not {standards.tokens[code].kind for code in exact} <= facts.kinds
        case Clock.TITLE:
            level = rule.required_current_level
            held, exact = _at_least(facts.titles or (), standards.levels[level], standards), {level}
            unsaid = facts.titles is None or bool(_at_least(facts.elsewhere, standards.levels[level], standards))
    if not held:
        return Finding(Asked.YEARS, Outcome.UNCLEAR if unsaid else Outcome.NOT_MET)
    dated = [(each.since, each) for each in held if each.since is not None]
    if not dated:
        return Finding(Asked.YEARS, Outcome.UNCLEAR, held)
    since, first = min(dated, key=lambda each: each[0])
    served = full_years(since, cutoff)
    if served >= rule.min_years:
        outcome = Outcome.MET
    else:
        # Of a higher title or certificate alone it is not known since when the lower one was held.
        known = any(each.code in exact for each in held) and len(dated) == len(held)
        outcome = Outcome.NOT_MET if known else Outcome.UNCLEAR
    return Finding(Asked.YEARS, outcome, (first,), served=max(served, 0))


def looked_at(facts: Facts, cutoff: date) -> range:
    """The years whose hours and assessments count: the last before that of `cutoff`, from the year after the present
    title (without one, after work in the field began)."""
    titles = [each.since for each in facts.titles or () if each.since is not None]
    began = max(titles) if titles else facts.working_since
    first = cutoff.year - YEARS_LOOKED_AT
    return range(max(first, began.year + 1) if began else first, cutoff.year)


def _common(facts: Facts, standards: Standards, cutoff: date) -> Iterable[Finding]:
    years = looked_at(facts, cutoff)
    if facts.hours is not None:
        yield _yearly(Asked.HOURS, facts.hours, years, lambda each: _enough(each, standards))
    if facts.assessments is not None:
        passes = {True: Outcome.MET, False: Outcome.NOT_MET}
        yield _yearly(
            Asked.ASSESSMENTS, facts.assessments, years, lambda each: passes[each.grade in standards.passing]
        )


def _enough(hours: Hours, standards: Standards) -> Outcome:
    said = {"TOTAL": hours.total, "PRO": hours.professional, "PUBLIC": hours.public}
    too_few = any(value is not None and value < standards.hours.get(name, 0) for name, value in said.items())
    if too_few or hours.passed is False:
        return Outcome.NOT_MET
    return Outcome.UNCLEAR if hours.total is None or hours.professional is None else Outcome.MET


def _yearly(asked: Asked, said: Sequence[Any], years: range, judge: Callable[[Any], Outcome]) -> Finding:
    """Every year of `years` must be enough; one of no year stands for all of them."""
    counted = [each for each in said if each.year is None or each.year in years]
    for_all = any(each.year is None for each in counted)
    absent = () if for_all else tuple(year for year in years if year not in {each.year for each in counted})
    outcomes = [judge(each) for each in counted]
    short = tuple(each for each, outcome in zip(counted, outcomes, strict=True) if outcome is Outcome.NOT_MET)
    outcome = worst([*outcomes, *([Outcome.UNCLEAR] if absent else [])])
    return Finding(asked, outcome, short=short, absent=absent)
