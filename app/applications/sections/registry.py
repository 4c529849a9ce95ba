"""All sections, in the order of the form, and which of them an application has."""

from __future__ import annotations

from app.applications.sections import (
    achievement,
    artwork,
    assess,
    attach,
    award,
    basic,
    book,
    case,
    ce,
    class_teacher,
    coach,
    edu,
    exam,
    grass,
    license,
    medwork,
    mentor,
    paper,
    part_time,
    patent,
    std,
    summary,
    teach,
    title,
    train,
    work,
)
from app.applications.sections.declaration import Facts, Section

SECTIONS: tuple[Section, ...] = (
    basic.SECTION,
    edu.SECTION,
    train.SECTION,
    work.SECTION,
    title.SECTION,
    license.SECTION,
    ce.SECTION,
    assess.SECTION,
    exam.SECTION,
    grass.SECTION,
    achievement.SECTION,
    award.SECTION,
    patent.SECTION,
    paper.SECTION,
    book.SECTION,
    std.SECTION,
    teach.SECTION,
    class_teacher.SECTION,
    medwork.SECTION,
    case.SECTION,
    artwork.SECTION,
    coach.SECTION,
    mentor.SECTION,
    part_time.SECTION,
    summary.SECTION,
    attach.SECTION,
)
BY_CODE = {section.code: section for section in SECTIONS}


def section(code: str) -> Section:
    """Raises KeyError for a code that no section has."""
    return BY_CODE[code]


def sections_for(facts: Facts) -> list[Section]:
    """The sections of an application with these facts, in their order."""
    return [section for section in SECTIONS if _belongs(section, facts)]


def is_required(section: Section, facts: Facts) -> bool:
    """Whether the section must be filled in; an optional one may stay empty and is complete so."""
    return section.condition.holds(facts.values())


def _belongs(section: Section, facts: Facts) -> bool:
    return (
        (not section.services or facts.service in section.services)
        and (not section.series or facts.series in section.series)
        and (not section.hide_unless_required or is_required(section, facts))
    )
