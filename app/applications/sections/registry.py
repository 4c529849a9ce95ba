"""All sections, in the order of the form, and which of them an application has."""

from __future__ import annotations

from collections.abc import Container

from app.applications.sections import (
    achievement,
    apply,
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
    exc,
    grass,
    license,
    medwork,
    mentor,
    paper,
    part_time,
    patent,
    promise,
    rep,
    std,
    summary,
    teach,
    title,
    train,
    work,
)
from app.applications.sections.declaration import Facts, Section
from app.applications.sections.settings import NO_SETTINGS, Mode, Settings, adapted

SECTIONS: tuple[Section, ...] = (
    basic.SECTION,
    apply.SECTION,
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
    rep.SECTION,
    summary.SECTION,
    exc.SECTION,
    promise.SECTION,
    attach.SECTION,
)
BY_CODE = {section.code: section for section in SECTIONS}


def section(code: str) -> Section:
    """Raises KeyError for a code that no section has."""
    return BY_CODE[code]


def sections_for(facts: Facts, settings: Settings = NO_SETTINGS) -> list[Section]:
    """The sections of an application with these facts, in their order, as the settings make them."""
    found = (
        adapted(section, facts, settings)
        for section in SECTIONS
        if settings.rule(section.code, facts).mode is not Mode.OFF
    )
    return [section for section in found if _belongs(section, facts)]


def sections_named(codes: Container[str], facts: Facts, settings: Settings = NO_SETTINGS) -> list[Section]:
    """These sections, in their order, whether they would belong to such an application now or not."""
    return [adapted(section, facts, settings) for section in SECTIONS if section.code in codes]


def is_required(section: Section, facts: Facts) -> bool:
    """Whether the section must be filled in; an optional one may stay empty and is complete so."""
    return section.condition.holds(facts.values())


def _belongs(section: Section, facts: Facts) -> bool:
    return (
        (not section.services or facts.service in section.services)
        and (not section.series or facts.series in section.series)
        and (not section.hide_unless_required or is_required(section, facts))
    )
