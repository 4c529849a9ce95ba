"""Reads of the reference data. Lists are kept in memory per process for a minute, because every page shows
names of codes and they change a few times a year; `forget()` drops them at once."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalogue.conditions import ALWAYS
from app.catalogue.lists import CodeList
from app.catalogue.models import (
    BusinessMaterial,
    CodeEntry,
    MaterialType,
    SmsTemplate,
    Specialty,
    TitleLevel,
    TitleName,
    TitleSeries,
    WorkdayOverride,
)

KEPT_SECONDS = 60.0

Kept = TypeVar("Kept")
_memory: WeakKeyDictionary[sa.Engine, dict[str, tuple[float, Any]]] = WeakKeyDictionary()


@dataclass(frozen=True)
class CodeChoice:
    """One code to choose: its name, the pinyin initials that find it, its parent, what only its list has."""

    code: str
    name: str
    initials: str = ""
    parent: str = ""
    retired: bool = False
    extra: Mapping[str, Any] | None = None


def forget() -> None:
    """Drop everything kept in memory; to be called after a load or an edit was committed."""
    _memory.clear()


def kept(session: Session, key: str, read: Callable[[], Kept]) -> Kept:
    """What `read()` gives, kept in memory under `key` for the database of this session."""
    shelf = _memory.setdefault(session.get_bind().engine, {})
    until, value = shelf.get(key, (0.0, None))
    if time.monotonic() >= until:
        value = read()
        shelf[key] = (time.monotonic() + KEPT_SECONDS, value)
    return value  # type: ignore[no-any-return]


def code_table(session: Session, kind: CodeList) -> Mapping[str, CodeChoice]:
    """A whole list by code, retired codes included, in the order of its file; {} for an empty list."""
    return kept(session, kind.value, lambda: _read_list(session, kind))


def _read_list(session: Session, kind: CodeList) -> dict[str, CodeChoice]:
    if kind in (CodeList.TITLE_SERIES, CodeList.TITLE_LEVEL):
        model = TitleSeries if kind is CodeList.TITLE_SERIES else TitleLevel
        named = session.execute(
            sa.select(model.code, model.name, model.initials, model.retired).order_by(*_order_of(model))
        )
        return {row.code: CodeChoice(row.code, row.name, row.initials, "", row.retired) for row in named}
    entries = session.execute(
        sa.select(
            CodeEntry.code,
            CodeEntry.name,
            CodeEntry.initials,
            CodeEntry.parent,
            CodeEntry.retired,
            CodeEntry.extra,
        )
        .where(CodeEntry.list == kind.value)
        .order_by(CodeEntry.position, CodeEntry.code)
    )
    return {row.code: CodeChoice(*row) for row in entries}


def _order_of(model: type[TitleSeries] | type[TitleLevel]) -> tuple[Any, ...]:
    return (TitleSeries.local, TitleSeries.position) if model is TitleSeries else (TitleLevel.position,)


def code_name(session: Session, kind: CodeList, code: str) -> str:
    """The name of a code, also of a retired one; the code itself when the list does not know it."""
    choice = code_table(session, kind).get(code)
    return choice.name if choice else code


def code_path(session: Session, kind: CodeList, code: str) -> str:
    """The names from the top of the list down to the code: 广西壮族自治区柳州市城中区."""
    names, table = [], code_table(session, kind)
    while (choice := table.get(code)) and choice.name not in names:
        names.insert(0, choice.name)
        code = choice.parent
    return "".join(names)


def code_choices(
    session: Session,
    kind: CodeList,
    *,
    search: str = "",
    parent: str | None = None,
    keep: str = "",
    limit: int | None = None,
) -> list[CodeChoice]:
    """The codes that may be chosen now: not retired (but `keep`, the code held already, stays offered).

    `search` finds by part of the name, start of the code or start of the pinyin initials; `parent` narrows to
    the children of one code ("" = the top).
    """
    wanted = search.strip().lower()
    found = (
        choice
        for choice in code_table(session, kind).values()
        if (not choice.retired or choice.code == keep)
        and (parent is None or choice.parent == parent)
        and (
            wanted in choice.name.lower()
            or choice.code.lower().startswith(wanted)
            or choice.initials.startswith(wanted)
        )
    )
    return [
        choice for choice, _ in zip(found, range(limit if limit is not None else 1_000_000), strict=False)
    ]


@dataclass(frozen=True)
class StoredCodes:
    """What the checks of the sections ask of code lists (their `Codes`), answered from the tables."""

    session: Session

    def knows(self, kind: CodeList, code: str) -> bool:
        choice = code_table(self.session, kind).get(code)
        return choice is not None and not choice.retired

    def parent(self, kind: CodeList, code: str) -> str:
        choice = code_table(self.session, kind).get(code)
        return choice.parent if choice else ""

    def name(self, kind: CodeList, code: str) -> str:
        """For the page: a division with what lies above it, any other code with its name."""
        naming = code_path if kind is CodeList.DIVISION else code_name
        return naming(self.session, kind, code)


def title_series(session: Session) -> list[TitleSeries]:
    """The series that may be chosen, national ones first."""
    query = (
        sa.select(TitleSeries).where(~TitleSeries.retired).order_by(TitleSeries.local, TitleSeries.position)
    )
    return list(session.scalars(query))


def title_levels(session: Session) -> list[TitleLevel]:
    """All levels, the highest first."""
    return list(session.scalars(sa.select(TitleLevel).order_by(TitleLevel.rank.desc())))


def specialty_name(session: Session, code: str) -> str:
    """The name of a 专业, also of a retired one; the code itself where there is none."""
    names = kept(
        session, "specialties", lambda: dict(session.execute(sa.select(Specialty.code, Specialty.name)).all())
    )
    return names.get(code, code)


def title_tracks(session: Session) -> Mapping[str, str]:
    """The track of each 拟评资格 by its code, retired ones included."""
    query = sa.select(TitleName.code, TitleName.track)
    return kept(session, "tracks", lambda: dict(session.execute(query).all()))


def qualifications_for(
    session: Session, series_code: str, specialty_code: str, level_codes: Collection[str] | None = None
) -> list[TitleName]:
    """拟评资格 to which the specialty may lead, at the given levels (None = any), the highest first.

    Levels that the series reaches by examination only (以考代评) are never offered: they are registered,
    not applied for. An unknown specialty, or one of another series, gives [].
    """
    specialty = session.get(Specialty, specialty_code)
    series = session.get(TitleSeries, series_code)
    if specialty is None or series is None or specialty.series_code != series_code or specialty.retired:
        return []
    query = (
        sa.select(TitleName)
        .join(TitleLevel, TitleName.level_code == TitleLevel.code)
        .where(
            TitleName.series_code == series_code,
            TitleName.track.in_(specialty.tracks),
            TitleName.level_code.not_in(series.exam_levels),
            ~TitleName.retired,
        )
        .order_by(TitleLevel.rank.desc(), TitleName.position)
    )
    if level_codes is not None:
        query = query.where(TitleName.level_code.in_(level_codes))
    return list(session.scalars(query))


def material_type(session: Session, code: str) -> MaterialType | None:
    return session.get(MaterialType, code)


@dataclass(frozen=True)
class WantedMaterial:
    """A kind of evidence of one business; `required_when` is a condition, "always" or ""."""

    kind: str
    name: str
    formats: tuple[str, ...]
    required_when: str
    note: str


def materials_of(session: Session, service: str, home: str) -> tuple[WantedMaterial, ...]:
    """What a business (by its name in code: declaration, recognition …) asks for at one home, in the file's order."""
    return kept(session, f"materials:{service}:{home}", lambda: _read_materials(session, service, home))


def _read_materials(session: Session, service: str, home: str) -> tuple[WantedMaterial, ...]:
    businesses = [
        code for code, each in code_table(session, CodeList.BUSINESS_TYPE).items()
        if (each.extra or {}).get("service") == service
    ]
    rows = session.execute(
        sa.select(BusinessMaterial, MaterialType)
        .join(MaterialType, MaterialType.code == BusinessMaterial.material)
        .where(BusinessMaterial.business.in_(businesses), MaterialType.home == home)
        .where(~BusinessMaterial.retired, ~MaterialType.retired)
        .order_by(BusinessMaterial.position)
    )
    return tuple(
        WantedMaterial(
            material.code, material.name, tuple(material.formats),
            ALWAYS if wanted.required else wanted.required_when, wanted.note,
        )
        for wanted, material in rows
    )


def sms_template(session: Session, code: str) -> SmsTemplate | None:
    return session.get(SmsTemplate, code)


def workday_overrides(session: Session) -> Mapping[dt.date, bool]:
    """The office's own calendar, as `workdays` takes it."""
    query = sa.select(WorkdayOverride.date, WorkdayOverride.is_workday)
    return kept(session, "workdays", lambda: {day: works for day, works in session.execute(query)})
