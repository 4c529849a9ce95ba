"""Rules across the rows of one section. Each takes the stored rows, answers with (row id or None, Problem):
None concerns the section, an id the row that should be changed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from app.applications.sections.declaration import Row, RowsRule
from app.applications.sections.problems import Problem, ProblemCode

Found = list[tuple[str | None, Problem]]
NEVER_ENDS = "9999-12"


def at_most_one(field: str, twice: ProblemCode) -> RowsRule:
    """No more than one row says yes; every further one is named."""

    def rule(rows: Sequence[Row]) -> Found:
        yes = [row for row in rows if row.get(field) is True]
        return [(row["id"], Problem(twice, field)) for row in yes[1:]]

    return rule


def exactly_one(field: str, none: ProblemCode, twice: ProblemCode) -> RowsRule:
    """One row says yes; no rows at all are no breach, that is for `min_rows` to say."""

    def rule(rows: Sequence[Row]) -> Found:
        if rows and not any(row.get(field) is True for row in rows):
            return [(None, Problem(none, field))]
        return at_most_one(field, twice)(rows)

    return rule


def no_repeat(field: str, twice: ProblemCode) -> RowsRule:
    """No two rows hold the same value; every further one is named."""

    def rule(rows: Sequence[Row]) -> Found:
        seen: set[Any] = set()
        found: Found = []
        for row in rows:
            value = row.get(field)
            if value is not None and value in seen:
                found.append((row["id"], Problem(twice, field, {"value": value})))
            seen.add(value)
        return found

    return rule


def no_overlap(start: str, end: str) -> RowsRule:
    """Periods of months may touch in one month, no more; only one may be open-ended."""

    def rule(rows: Sequence[Row]) -> Found:
        known = sorted(
            (row for row in rows if row.get(start)), key=lambda row: (row[start], row.get(end) or NEVER_ENDS)
        )
        opened = [row for row in known if not row.get(end)]
        found: Found = [(row["id"], Problem(ProblemCode.TWO_OPEN_ENDS, end)) for row in opened[1:]]
        for earlier, later in combinations(known, 2):
            both_open = not earlier.get(end) and not later.get(end)
            if later[start] < (earlier.get(end) or NEVER_ENDS) and not both_open:
                found.append((later["id"], _overlap(start, end, earlier)))
        return found

    return rule


def no_year_left_out(field: str) -> RowsRule:
    """Between the first and the last year every one is there; the first that is not is named."""

    def rule(rows: Sequence[Row]) -> Found:
        years = {row[field] for row in rows if isinstance(row.get(field), int)}
        absent = next((year for year in sorted(years) if year + 1 < max(years) and year + 1 not in years), None)
        return [] if absent is None else [(None, Problem(ProblemCode.YEAR_LEFT_OUT, None, {"value": absent + 1}))]

    return rule


def _overlap(start: str, end: str, other: Row) -> Problem:
    params: dict[str, Any] = {"start": other[start], "end": other.get(end) or ""}
    return Problem(ProblemCode.PERIODS_OVERLAP, start, params)
