"""Reading and checking the CSV files: the shape of each row and what the files say about one another.
Nothing is written here; every complaint is collected, so that a bad delivery is mended in one round."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.catalogue.conditions import BadCondition, parse
from app.catalogue.files import FILES, Column, File, Kind

Cells = dict[str, str]


@dataclass(frozen=True)
class RowError:
    """One wrong row: the file, its line (1 is the header) and what is wrong with it."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class BadReference(Exception):
    """The files were refused; `errors` holds every complaint about every file."""

    def __init__(self, errors: list[RowError]) -> None:
        super().__init__("\n".join(map(str, errors)))
        self.errors = errors


@dataclass
class Delivery:
    """What was read: per file the rows with their line numbers, and the complaints so far."""

    rows: dict[str, list[tuple[int, Cells]]] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)

    def complain(self, file: str, line: int, message: str) -> None:
        self.errors.append(RowError(f"{file}.csv", line, message))

    def codes(self, *files: str) -> set[str]:
        key = {spec.name: spec.columns[0].header for spec in FILES}
        return {cells[key[file]] for file in files for _, cells in self.rows[file]}

    def table(self, file: str) -> Iterator[tuple[int, Cells]]:
        return iter(self.rows[file])


def read_delivery(folder: Path) -> Delivery:
    """Read and check all files of `folder`; raises BadReference with all errors, or returns clean rows."""
    delivery = Delivery()
    for spec in FILES:
        delivery.rows[spec.name] = list(_rows(delivery, spec, folder / f"{spec.name}.csv"))
    for spec in FILES:
        _check_cells(delivery, spec)
        _check_links(delivery, spec)
    if not delivery.errors:  # the rules below may rely on the shape
        for rule in (_titles, _exams, _divisions, _materials, _texts, _patterns):
            rule(delivery)
    if delivery.errors:
        raise BadReference(sorted(delivery.errors, key=lambda error: (error.file, error.line)))
    return delivery


def listed(cell: str) -> list[str]:
    return cell.split("|") if cell else []


def _rows(delivery: Delivery, spec: File, path: Path) -> Iterator[tuple[int, Cells]]:
    expected = [column.header for column in spec.columns]
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return delivery.complain(spec.name, 1, "缺少这个文件")
    except UnicodeDecodeError as error:
        return delivery.complain(spec.name, error.object[: error.start].count(b"\n") + 1, "不是 UTF-8 编码")
    reader = csv.reader(io.StringIO(text, newline=""))
    header = next(reader, [])
    if sorted(header) != sorted(expected):
        return delivery.complain(spec.name, 1, f"表头是 {','.join(header)}，应为 {','.join(expected)}")
    for cells in reader:
        if len(cells) != len(expected):
            delivery.complain(spec.name, reader.line_num, f"有 {len(cells)} 列，应为 {len(expected)} 列")
        else:
            yield reader.line_num, dict(zip(header, cells, strict=True))


def _check_cells(delivery: Delivery, spec: File) -> None:
    first: dict[str, int] = {}
    key = spec.columns[0].header
    for line, cells in delivery.table(spec.name):
        for column in spec.columns:
            for complaint in _complaints(column, cells[column.header]):
                delivery.complain(spec.name, line, complaint)
        if cells[key] in first:
            delivery.complain(spec.name, line, f"{key} {cells[key]} 重复，第一次在第 {first[cells[key]]} 行")
        first.setdefault(cells[key], line)


def _complaints(column: Column, cell: str) -> Iterator[str]:
    if cell != cell.strip():
        yield f"{column.header} 首尾有空格：{cell!r}"
    if not cell:
        if column.filled:
            yield f"{column.header} 不能为空"
        return
    values = listed(cell) if column.kind is Kind.CODES else [cell]
    if len(values) != len(set(values)):
        yield f"{column.header} 中有重复：{cell}"
    if column.kind is Kind.INT and not re.fullmatch(r"[0-9]{1,9}", cell):
        yield f"{column.header} 不是整数：{cell!r}"
    if column.kind is Kind.FLAG and cell not in ("0", "1"):
        yield f"{column.header} 不是 0 或 1：{cell!r}"
    if column.allowed and not set(values) <= set(column.allowed):
        yield f"{column.header} 是 {cell!r}，只能是 {'、'.join(column.allowed)}"
    if column.kind is Kind.CONDITION:
        try:
            parse(cell)
        except BadCondition:
            yield f"{column.header} 不是可以读懂的条件：{cell!r}"
    if column.pattern and not re.fullmatch(column.pattern, cell):
        yield f"{column.header} 的写法不对：{cell!r}"


def _check_links(delivery: Delivery, spec: File) -> None:
    for column in spec.columns:
        if not column.links:
            continue
        known = delivery.codes(*column.links)
        for line, cells in delivery.table(spec.name):
            cell = cells[column.header]
            for value in listed(cell) if column.kind is Kind.CODES else [cell] * bool(cell):
                if value not in known:
                    message = f"{column.header} {value!r} 不在 {'、'.join(column.links)} 中"
                    delivery.complain(spec.name, line, message)


def _titles(delivery: Delivery) -> None:
    names = [cells for _, cells in delivery.table("title_name")]
    tracks = {(cells["series_code"], cells["track"]) for cells in names}
    levels = {(cells["series_code"], cells["level_code"]) for cells in names}
    national = delivery.codes("title_series")
    for line, cells in delivery.table("title_series_local"):
        if cells["code"] in national:
            delivery.complain("title_series_local", line, f"code {cells['code']} 已在 title_series 中")
    for line, cells in delivery.table("specialty"):
        for track in listed(cells["track"]):
            if (cells["series_code"], track) not in tracks:
                delivery.complain(
                    "specialty", line, f"track {track!r} 不是系列 {cells['series_code']} 的资格类别"
                )
    for column in next(spec for spec in FILES if spec.name == "title_series").columns:
        if not column.attribute.startswith("levels."):
            continue
        level = column.attribute.removeprefix("levels.")
        for line, cells in delivery.table("title_series"):
            if (cells[column.header] == "1") != ((cells["code"], level) in levels):
                message = f"{column.header} 是 {cells[column.header]}，与 title_name 不符"
                delivery.complain("title_series", line, message)
    for line, cells in delivery.table("eligibility_rule"):
        if (cells["series_code"], cells["target_level"]) not in levels:
            message = f"系列 {cells['series_code']} 没有级别 {cells['target_level']} 的资格"
            delivery.complain("eligibility_rule", line, message)


def _exams(delivery: Delivery) -> None:
    by_exam = {
        (cells["code"], level)
        for _, cells in delivery.table("title_series")
        for level in listed(cells["exam_levels"])
    }
    for line, cells in delivery.table("eligibility_rule"):
        exam = "EXAM" in listed(cells["education_any_of"])
        if exam != ((cells["series_code"], cells["target_level"]) in by_exam):
            delivery.complain(
                "eligibility_rule", line, "EXAM 只用于、且必须用于 title_series.exam_levels 的级别"
            )


def _divisions(delivery: Delivery) -> None:
    nation = {cells["code"]: cells for _, cells in delivery.table("division_gbt2260")}
    for line, cells in delivery.table("division_gbt2260"):
        above = nation.get(cells["parent"])
        if (cells["level"] == "1") != (above is None) or above and int(above["level"]) >= int(cells["level"]):
            delivery.complain("division_gbt2260", line, f"上级 {cells['parent'] or '（空）'} 不在它之上")
    for line, cells in delivery.table("division_liuzhou"):
        same = nation.get(cells["code"])
        if same is None or same["name"] != cells["name"]:
            delivery.complain("division_liuzhou", line, f"{cells['code']} 与 division_gbt2260 不符")


def _materials(delivery: Delivery) -> None:
    for line, cells in delivery.table("material_type"):
        formats = listed(cells["formats"])
        for kind in ("jpg", "pdf"):
            if (kind in formats) != bool(cells[f"{kind}_max_bytes"]):
                delivery.complain("material_type", line, f"{kind}_max_bytes 须在允许 {kind} 时填写，否则留空")


def _texts(delivery: Delivery) -> None:
    for line, cells in delivery.table("sms_template"):
        named = list(dict.fromkeys(re.findall(r"\{([^{}]*)\}", cells["text"])))
        if named != listed(cells["placeholders"]):
            delivery.complain("sms_template", line, f"placeholders 应为 {'|'.join(named) or '空'}")


def _patterns(delivery: Delivery) -> None:
    for line, cells in delivery.table("id_type"):
        try:
            re.compile(cells["pattern"])
        except re.error as error:
            delivery.complain("id_type", line, f"pattern 不是正则表达式：{error}")
