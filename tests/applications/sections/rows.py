"""Complete rows of every section, and short words for asking about them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from typing import Any

from app.applications.sections.completeness import Uploaded, missing
from app.applications.sections.declaration import (
    Facts,
)
from app.applications.sections.problems import ProblemCode
from app.applications.sections.registry import section
from app.applications.sections.validation import Cleaned, Context, clean
from app.catalogue.files import FILES
from app.catalogue.lists import CodeList
from app.catalogue.loading import REFERENCE_FOLDER

P = ProblemCode
TODAY = date(2026, 11, 24)


class FileCodes:
    """The code lists straight from the reference files."""

    def __init__(self) -> None:
        names = {dict(file.fixed)["list"]: file.name for file in FILES if file.is_code_list}
        names |= {"title_level": "title_level", "title_series": "title_series"}
        self.lists: dict[str, dict[str, str]] = {}
        for kind, name in names.items():
            with (REFERENCE_FOLDER / f"{name}.csv").open(encoding="utf-8") as stream:
                rows = list(csv.DictReader(stream))
            self.lists[kind] = {row[next(iter(row))]: row.get("parent") or "" for row in rows}

    def knows(self, kind: CodeList, code: str) -> bool:
        return code in self.lists[kind.value]

    def parent(self, kind: CodeList, code: str) -> str:
        return self.lists[kind.value].get(code, "")


CONTEXT = Context(FileCodes(), TODAY, birth_date=date(1990, 5, 20), merged_pages=8)
ENGINEER = Facts("declaration", "05", "工程", "ASSOC", "NORMAL", "PRIV", "ID")

BASIC = {
    "former_name": None,
    "ethnic": "08",
    "political": "13",
    "work_start": "2012-07",
    "post": "汽车零部件设计",
    "social_no": "4502001234",
}
BASIC_FILES = {(None, kind): Uploaded(1) for kind in ("PHOTO", "IDCARD_F", "IDCARD_B")}
EDU = {
    "id": "e1",
    "level": "BACHELOR",
    "degree": "408",
    "mode": "FT",
    "school": "广西大学",
    "major": "机械工程",
    "start": "2008-09",
    "end": "2012-07",
    "cert_no": "105931201205001234",
    "degree_no": "1059342012001234",
    "is_highest": True,
    "is_apply_basis": True,
}
EDU_FILES = {("e1", kind): Uploaded(1) for kind in ("EDU", "DEGREE", "EDU_VERIFY")}
WORK = {
    "id": "w1",
    "start": "2012-07",
    "end": None,
    "unit": "柳州某厂",
    "post": "工程师",
    "specialty": "设计",
    "is_pro": True,
}
TITLE = {
    "id": "t1",
    "series": "05",
    "title": "工程师",
    "level": "MID",
    "specialty": "机械",
    "date": "2018-11-30",
    "way": "REVIEW",
    "approve_org": "柳州市职改办",
    "cert_no": "4502201805001",
    "is_current": True,
}
TITLE_FILES = {("t1", "TITLE_CERT"): Uploaded(1)}
PROJECT = {
    "id": "p1",
    "name": "新能源汽车电池包轻量化",
    "kind": "PRODUCT",
    "grade": "UNIT",
    "source": "柳州某厂",
    "start": "2020-03",
    "role": "LEAD",
    "rank": 1,
    "total": 5,
    "status": "CLOSED",
    "duty": "方案设计",
    "effect": "减重12%",
    "pdf_page": "3-5,8",
}


def lacks(
    code: str,
    document: Mapping[str, Any] | None,
    files: Any = None,
    facts: Facts = ENGINEER,
    context: Context = CONTEXT,
) -> list[tuple[str | None, str | None, ProblemCode]]:
    found = missing(section(code), document, files or {}, facts, context)
    return [(each.row_id, each.place, each.problem.code) for each in found]


def cleaned(code: str, **raw: Any) -> Cleaned:
    return clean(section(code), raw, CONTEXT)


def codes_of(result: Cleaned) -> dict[str, ProblemCode]:
    return {field: problem.code for field, problem in result.errors.items()}
