"""What a judgement of eligibility is made of: rules and standards, what a person has said, what is found. Pure values: no
Flask, no SQL, no clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

NO_TITLE = "NONE"
BY_EXAM = "EXAM"  # the qualification of a level that is got by examination only (以考代评)
LADDERS = {"degree": "schooling", "education": "schooling"}  # kinds whose ranks compare with one another


class Outcome(StrEnum):
    MET = "met"
    UNCLEAR = "unclear"
    NOT_MET = "not_met"


class Asked(StrEnum):
    """The conditions that can be asked."""

    QUALIFICATION = "qualification"
    TITLE = "title"
    YEARS = "years"
    EXAM = "exam"
    NOTE = "note"
    HOURS = "hours"
    ASSESSMENTS = "assessments"


class Clock(StrEnum):
    """What the years of a rule are counted from."""

    TITLE = "title"  # the title that it starts from was obtained
    WORK = "work"  # work in the field began
    CERTIFICATE = "certificate"  # the qualification itself was obtained


@dataclass(frozen=True)
class Token:
    """A kind of qualification: 学历, 学位, 技能等级 … `rank` orders those of one ladder; None compares with nothing."""

    kind: str
    rank: int | None = None

    @property
    def ladder(self) -> str:
        return LADDERS.get(self.kind, self.kind)

    def above(self, other: Token) -> bool:
        if self.rank is None or other.rank is None or self.ladder != other.ladder:
            return False
        return self.rank > other.rank


@dataclass(frozen=True)
class Standards:
    """What is the same for all rules: the qualifications, the ranks of the levels, hours a year by TOTAL, PRO and PUBLIC,
    and the grades of an annual assessment that pass."""

    tokens: Mapping[str, Token]
    levels: Mapping[str, int]
    hours: Mapping[str, int]
    passing: frozenset[str]


@dataclass(frozen=True)
class Rule:
    """One way in, in one of its versions."""

    code: str
    version: int
    series_code: str
    target_level: str
    education_any_of: tuple[str, ...]
    required_current_level: str
    min_years: int
    further: frozenset[str] = frozenset()
    note: str = ""
    source: str = ""

    @property
    def by_exam(self) -> bool:
        return BY_EXAM in self.education_any_of


def clock_of(required_level: str, any_of: Collection[str], standards: Standards) -> Clock:
    """What the years are counted from by a rule that asks this title and these qualifications."""
    if required_level != NO_TITLE:
        return Clock.TITLE
    schooling = any(standards.tokens[code].ladder == "schooling" for code in any_of)
    return Clock.WORK if schooling or not any_of else Clock.CERTIFICATE


@dataclass(frozen=True)
class Held:
    """A qualification or a title that the person has, and since when."""

    code: str
    since: date | None = None


@dataclass(frozen=True)
class Hours:
    """Continuing education of one year; `year` None: of the year with the fewest. `passed` is what the proof says."""

    year: int | None
    total: Decimal | None = None
    professional: Decimal | None = None
    public: Decimal | None = None
    passed: bool | None = None


@dataclass(frozen=True)
class Assessment:
    """年度考核 of one year; `year` None: the lowest of all."""

    year: int | None
    grade: str


@dataclass(frozen=True)
class Facts:
    """What a person has said. None is "not said"; of hours and assessments it is "not asked", and () "not said".

    `kinds` are the kinds of qualification about which something was said, be it that there is none; `titles` are those
    of the series applied for, `elsewhere` those of other series.
    """

    qualifications: tuple[Held, ...] = ()
    kinds: frozenset[str] = frozenset()
    titles: tuple[Held, ...] | None = None
    elsewhere: tuple[Held, ...] = ()
    working_since: date | None = None
    exam_passed: bool | None = None
    hours: tuple[Hours, ...] | None = None
    assessments: tuple[Assessment, ...] | None = None


@dataclass(frozen=True)
class Finding:
    """One condition judged. `held` is what it was judged by (`elsewhere`: a title of another series), `served` the full
    years found, `short` the years of the calendar that fall short and `absent` those of which nothing was said;
    `relaxed`: not met, but the kind of application may waive it."""

    asked: Asked
    outcome: Outcome
    held: tuple[Held, ...] = ()
    elsewhere: bool = False
    served: int | None = None
    short: tuple[Hours | Assessment, ...] = ()
    absent: tuple[int, ...] = ()
    relaxed: bool = False


@dataclass(frozen=True)
class Way:
    """One rule judged."""

    rule: Rule
    findings: tuple[Finding, ...]

    @property
    def outcome(self) -> Outcome:
        return worst(finding.outcome for finding in self.findings)

    def finding(self, asked: Asked) -> Finding | None:
        return next((each for each in self.findings if each.asked is asked), None)


@dataclass(frozen=True)
class Verdict:
    """The answer. `ways` are the rules, the nearest to being met first; `common` is what is asked besides of everybody.
    Without a rule the answer is unclear."""

    ways: tuple[Way, ...]
    common: tuple[Finding, ...]
    facts: Facts
    cutoff: date
    apply_type: str = "NORMAL"
    by_exam: bool = False

    @property
    def outcome(self) -> Outcome:
        if not self.ways:
            return Outcome.UNCLEAR
        return worst([self.ways[0].outcome, *(each.outcome for each in self.common)])

    @property
    def only_notes_open(self) -> bool:
        """Whether all that can be judged of the nearest way is met, and only its note is left to people."""
        findings = (*self.ways[0].findings, *self.common) if self.ways else ()
        unmet = {each.asked for each in findings if each.outcome is not Outcome.MET}
        return unmet == {Asked.NOTE}


SEVERITY = {Outcome.MET: 0, Outcome.UNCLEAR: 1, Outcome.NOT_MET: 2}


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Of conditions that must all hold; met where nothing is asked."""
    return max(outcomes, key=SEVERITY.__getitem__, default=Outcome.MET)
