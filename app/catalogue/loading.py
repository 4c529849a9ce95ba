"""Bringing the tables up to the CSV files, idempotently, in the caller's transaction.
Not here: what a right row is (checking.py) and which file goes where (files.py)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalogue.checking import BadReference, Cells, RowError, listed, read_delivery
from app.catalogue.files import FILES, Column, File, Kind
from app.catalogue.models import EligibilityRule, KeptBy, pinyin_initials
from app.catalogue.versions import CONTENT, supersede

__all__ = ["REFERENCE_FOLDER", "BadReference", "LoadReport", "RowError", "Tally", "load_reference"]

REFERENCE_FOLDER = Path(__file__).resolve().parent.parent / "data"

Values = dict[str, Any]


@dataclass
class Tally:
    """What became of the rows of one file; `kept` are those that the office has made its own."""

    inserted: int = 0
    updated: int = 0
    retired: int = 0
    unchanged: int = 0
    kept: int = 0


@dataclass
class LoadReport:
    """Per file (without .csv) its tally."""

    files: dict[str, Tally] = field(default_factory=dict)

    @property
    def changed(self) -> int:
        """How many rows were written; 0 when the tables already said what the files say."""
        return sum(tally.inserted + tally.updated + tally.retired for tally in self.files.values())


def load_reference(
    session: Session, folder: Path = REFERENCE_FOLDER, *, now: datetime | None = None
) -> LoadReport:
    """Insert, update and retire rows until the tables say what the files say; does not commit.

    Raises BadReference with every error of every file before anything is written. Rows that the office has
    added or edited are left alone. A rule of eligibility that says something else than before gets a new
    version from `now` on (None: the machine's time). Call `queries.forget()` after the commit.
    """
    now = now or datetime.now(UTC)
    delivery = read_delivery(folder)
    report = LoadReport()
    for spec in FILES:
        wanted = [
            _values(spec, position, cells)
            for position, (_, cells) in enumerate(delivery.rows[spec.name], start=1)
        ]
        report.files[spec.name] = _bring_up(session, spec, wanted, now)
    session.expire_all()
    return report


def _values(spec: File, position: int, cells: Cells) -> Values:
    values: Values = {"position": position, "retired": False, **dict(spec.fixed)}
    if spec.is_code_list:
        values |= {"parent": "", "extra": {}}
    for column in spec.columns:
        value = _value(column, cells[column.header])
        group, dot, member = column.attribute.partition(".")
        if dot:
            values.setdefault(group, []).extend([member] * bool(value))
        elif spec.is_code_list and column.attribute not in ("code", "name", "parent"):
            values["extra"][column.attribute] = value
        elif column.attribute:
            values[column.attribute] = value
    return values


def _value(column: Column, cell: str) -> Any:
    match column.kind:
        case Kind.INT:
            return int(cell) if cell else None
        case Kind.FLAG:
            return cell == "1"
        case Kind.CODES:
            return listed(cell)
    return cell


def _bring_up(session: Session, spec: File, wanted: list[Values], now: datetime) -> Tally:
    table = sa.inspect(spec.model).local_table
    before = {row["code"]: row for row in session.execute(_rows_of(spec, table)).mappings()}
    present = dict(before)
    tally = Tally()
    new, changed = [], []
    for values in wanted:
        row = present.pop(values["code"], None)
        if row is None:
            new.append(_complete(table, values))
        elif row["kept_by"] is KeptBy.OFFICE:
            tally.kept += 1
        elif any(row[name] != value for name, value in values.items()):
            changed.append(_complete(table, values))
        else:
            tally.unchanged += 1
    gone = [row for row in present.values() if row["kept_by"] is KeptBy.FILE and not row["retired"]]
    tally.kept += sum(row["kept_by"] is KeptBy.OFFICE for row in present.values())
    tally.inserted, tally.updated, tally.retired = len(new), len(changed), len(gone)
    if new:
        session.execute(table.insert(), new)
    retired = [{"code": row["code"], "retired": True} for row in gone]
    if spec.model is EligibilityRule:
        supersede(session, [row["code"] for row in (*changed, *retired) if _says_else(before, row)], now=now)
    _update(session, spec, table, changed)
    _update(session, spec, table, retired)
    return tally


def _says_else(before: Mapping[str, Mapping[str, Any]], row: Values) -> bool:
    return any(name in row and before[row["code"]][name] != row[name] for name in CONTENT)


def _rows_of(spec: File, table: sa.Table) -> sa.Select[Any]:
    """The rows that this file answers for: its table, or the part with its fixed list or locality."""
    query = sa.select(table)
    for name in ("list", "local"):
        if name in dict(spec.fixed):
            query = query.where(table.c[name] == dict(spec.fixed)[name])
    return query


def _complete(table: sa.Table, values: Values) -> Values:
    values = values | {"kept_by": KeptBy.FILE}
    return values | {"initials": pinyin_initials(values["name"])} if "initials" in table.c else values


def _update(session: Session, spec: File, table: sa.Table, rows: Iterable[Values]) -> None:
    rows = list(rows)
    if not rows:
        return
    names = [name for name in rows[0] if name != "code"]
    statement = table.update().where(table.c.code == sa.bindparam("this_code"))
    if spec.is_code_list:
        statement = statement.where(table.c.list == dict(spec.fixed)["list"])
    statement = statement.values({name: sa.bindparam(f"new_{name}") for name in names})
    session.connection().execute(
        statement,
        [{"this_code": row["code"]} | {f"new_{name}": row[name] for name in names} for row in rows],
    )
