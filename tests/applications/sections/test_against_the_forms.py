"""The declarations against the tables of the forms (data/form_section.csv, data/form_field.csv): section by section and
field by field. What is different on purpose stands in the tables below, with its reason; nothing else may be."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest

from app.applications.sections.declaration import Attachment, Field, Section
from app.applications.sections.registry import SECTIONS
from app.catalogue.files import FILES
from app.catalogue.lists import CodeList
from app.catalogue.loading import REFERENCE_FOLDER

pytestmark = pytest.mark.requirement("A6")

DATA = Path(__file__).parent / "data"
SERVICES = {
    "DECLARE": "declaration", "RECOGNIZE": "recognition", "RECONFIRM": "reconfirmation", "REISSUE": "replacement",
    "REGISTER": "registration",
}  # fmt: skip
TYPES = {"dict": "code", "image": "file", "ref": "reference"}
LISTS = {file.name: dict(file.fixed)["list"] for file in FILES if file.is_code_list} | {
    "title_series": "title_series", "title_level": "title_level",
}  # fmt: skip

# Fields that are called in the code what the application calls them.
CALLED = {
    ("APPLY", "batch"): "campaign", ("APPLY", "committee"): "review_body", ("APPLY", "target_level"): "level",
    ("APPLY", "target_title"): "qualification", ("EXC", "kind"): "exception_kind",
}  # fmt: skip


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


FORM_SECTIONS = {row["code"]: row for row in table(DATA / "form_section.csv")}
FORM_FIELDS = {
    (row["section"], CALLED.get((row["section"], row["code"]), row["code"])): row
    for row in table(DATA / "form_field.csv")
}
MATERIALS = {row["code"]: row for row in table(REFERENCE_FOLDER / "material_type.csv")}

# Sections of the form that are no declared section.
NOT_DECLARED = {"LIST": "the 材料清单 is generated from the checklist"}
# Fields of the form that no section declares.
NOT_ASKED = {
    **dict.fromkeys(
        [("ATTACH", code) for code in ("kind", "title", "file", "pages")],
        "each kind of material has a place of its own; name and pages come from the file",
    ),
    ("REP", "order"): "the order is that of the rows, which are moved up and down",
    ("PROMISE", "read"): "confirmed at the start (A5) and shown here with its time",
    ("PROMISE", "agree"): "confirmed at the start (A5) and shown here with version and check code",
}
# Fields that sections declare beyond the form.
BEYOND = {
    ("BASIC", "review_body"): "chosen at the start, shown locked (A6)",
    ("BASIC", "qualification"): "chosen at the start, shown locked (A6)",
    ("ATTACH", "achieve"): "the one merged PDF of the application",
    **dict.fromkeys(
        [("PROMISE", code) for code in ("pledge_at", "pledge_version", "pledge_code", "pledge")],
        "what was confirmed at the start",
    ),
}

# Words of the form that are said otherwise everywhere.
WORDS = {
    "开始": "开始时间", "起": "开始时间", "结束": "结束时间", "止": "结束时间",
    "见合并PDF第__页": "见合并PDF第几页",  # read aloud, a gap says nothing
}  # fmt: skip
# Types that are narrower than the form's, by (section or "*", field).
NARROWER = {
    ("*", "pdf_page"): "pages",  # the form's pattern, and no page beyond the end
    ("EXC", "clause"): "textarea", ("EXC", "recommenders"): "textarea",  # several lines
    ("EXC", "evidence"): "references",  # several
    ("CE", "year"): "year", ("ASSESS", "year"): "year", ("MEDWORK", "year"): "year",
}  # fmt: skip
# (section, field or "", what) -> (as declared, why)
DIFFERENT: dict[tuple[str, str, str], tuple[Any, str]] = {
    ("APPLY", "review_body", "label"): ("评审会", "the manual's word, as at the start"),
    ("REP", "", "min_rows"): (1, "counts only where an administrator's rule requires the section"),
    ("EXC", "exception_kind", "choices"): (
        (("EDUCATION", "学历破格"), ("YEARS", "资历破格"), ("BOTH", "学历、资历双破"), ("SKIP", "越级申报")),
        "shown locked; 学历 alone would be read as the degree",
    ),
    ("EXC", "recommenders", "label"): ("同行专家推荐", "the hint says how many and of which rank"),
    ("ATTACH", "", "repeats"): (False, "one place for each kind instead of rows"),
    ("ATTACH", "", "min_rows"): (1, "it does not repeat"),
    ("TITLE", "", "name"): ("现任职称", "the name in the requirements (A6), and short on a phone"),
    ("PROJECT", "", "name"): ("业绩成果", "the name in the requirements (A6), and short on a phone"),
    ("PROJECT", "scale", "label"): ("规模", "the choices say 大型, 中型, 小型"),
    ("PROJECT", "file", "label"): ("本条的证明材料", "the merged PDF proves the other rows"),
    ("EDU", "file", "label"): ("毕业证书", "the heading says that files are uploaded here"),
    ("TITLE", "employ_file", "label"): ("聘书、聘任文件或岗位聘用合同", "the three papers that business_material takes"),
    ("EDU", "degree_file", "required_when"): (
        "degree filled and degree not in 0 and service in declaration,recognition",
        "business_material does not ask for it at the other services",
    ),
    ("EDU", "verify_file", "required_when"): (
        "service in recognition or service in declaration and end >= 2002-01",
        "business_material asks always at recognition, never at the other services",
    ),
    ("TITLE", "file", "required_when"): (
        "service not in replacement,recognition", "business_material: optional at recognition",
    ),
}  # fmt: skip


def services_in(condition: str) -> str:
    """The condition with the services as the code names them."""
    return re.sub(rf"\b(?:{'|'.join(SERVICES)})\b", lambda match: SERVICES[match[0]], condition)


def names(text: str, known: dict[str, str] | None = None) -> frozenset[str]:
    return frozenset() if text == "*" else frozenset((known or {}).get(each, each) for each in text.split(","))


def form_of_section(row: dict[str, str]) -> dict[str, Any]:
    return {
        "name": row["name"], "order": int(row["order"]), "repeats": row["repeatable"] == "1",
        "min_rows": int(row["min_rows"]), "services": names(row["service"], SERVICES), "series": names(row["series"]),
        "required_when": services_in(row["required_when"]), "hide_unless_required": row["hide_unless_required"] == "1",
    }  # fmt: skip


def declared_section(section: Section) -> dict[str, Any]:
    return {key: getattr(section, key) for key in form_of_section(next(iter(FORM_SECTIONS.values())))}


def form_of_field(row: dict[str, str]) -> dict[str, Any]:
    """What the form says of a field; limits only where its rule is nothing but a limit."""
    kind = TYPES.get(row["type"], row["type"])
    place = row["section"], row["code"]
    narrower = NARROWER.get(place) or NARROWER.get(("*", row["code"]), kind)
    found: dict[str, Any] = {
        "label": WORDS.get(row["label"], row["label"]), "type": narrower, "required": row["required"] == "1",
        "required_when": services_in(row["required_when"]),
    }  # fmt: skip
    if kind == "file":
        return found
    found["choices"] = choices_in(row["dict_or_options"]) if kind in ("code", "division") else None
    if limit := re.match(r"(?:\d+-)?(\d+)字|≤(\d+)", row["rule"]):
        found["max_length"] = int(limit[1] or limit[2])
    if limits := re.fullmatch(r"(\d+)-(\d+)", row["rule"]):
        found |= {"minimum": int(limits[1]), "maximum": int(limits[2])}
    if least := re.search(r"≥(\d+)(?=$|[且 ])", row["rule"]):
        found["minimum"] = int(least[1])
    return found


def choices_in(text: str) -> Any:
    if ":" in text:
        return tuple(tuple(each.split(":")) for each in text.split("|"))
    return LISTS.get(text)


def declared_field(part: Field | Attachment, asked: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"label": part.label, "required": part.required, "required_when": part.required_when}
    if isinstance(part, Attachment):
        # a file is called as in the form, or as its kind of material is called everywhere else
        own = asked["label"] if part.label in (asked["label"], MATERIALS[part.kind]["name"]) else part.label
        return found | {"type": "file", "label": own}
    chosen = part.choices
    found["type"] = part.type.value
    if not part.held:  # shown in words, never typed
        found |= {key: asked[key] for key in ("type", "choices", "required", "required_when")}
    found["choices"] = (
        chosen.value if isinstance(chosen, CodeList)
        else tuple((each.code, each.label) for each in chosen) if chosen else None
    )  # fmt: skip
    return found | {key: getattr(part, key) for key in asked if key in ("max_length", "minimum", "maximum")}


def parts_of(section: Section) -> dict[str, Field | Attachment]:
    return {each.code: each for each in (*section.fields, *section.attachments)}


def compare(section: str, field: str, asked: dict[str, Any], declared: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What is different without being listed, and what is listed without being different."""
    faults = []
    for what, wanted in asked.items():
        expected, _why = DIFFERENT.get((section, field, what), (wanted, ""))
        if declared[what] != expected:
            faults.append((section, field, what, declared[what], "instead of", expected))
        if (section, field, what) in DIFFERENT and expected == wanted:
            faults.append((section, field, what, "is listed as different but is not"))
    return faults


def test_every_section_of_the_form_is_declared_as_it_stands_there() -> None:
    assert {each.code for each in SECTIONS} == set(FORM_SECTIONS) - set(NOT_DECLARED)
    faults = [
        fault
        for each in SECTIONS
        for fault in compare(each.code, "", form_of_section(FORM_SECTIONS[each.code]), declared_section(each))
    ]
    assert faults == []


@pytest.mark.parametrize("section", SECTIONS, ids=lambda each: each.code)
def test_every_field_of_the_form_is_declared_as_it_stands_there(section: Section) -> None:
    asked = {code: row for (of, code), row in FORM_FIELDS.items() if of == section.code}
    parts = parts_of(section)
    absent = {code for of, code in NOT_ASKED if of == section.code}
    assert set(asked) - set(parts) == absent
    assert set(parts) - set(asked) == {code for of, code in BEYOND if of == section.code}
    faults = []
    for code in [code for code in asked if code in parts]:
        form = form_of_field(asked[code])
        faults += compare(section.code, code, form, declared_field(parts[code], form))
    assert faults == []


@pytest.mark.parametrize("section", SECTIONS, ids=lambda each: each.code)
def test_the_fields_stand_in_the_order_of_the_form(section: Section) -> None:
    declared = [each.code for each in section.fields if (section.code, each.code) in FORM_FIELDS]
    assert declared == sorted(declared, key=lambda code: int(FORM_FIELDS[(section.code, code)]["order"]))


def test_every_difference_is_of_something_declared() -> None:
    for code, field, _what in DIFFERENT:
        section = next(each for each in SECTIONS if each.code == code)
        assert not field or field in parts_of(section), (code, field)


def test_a_dropped_or_changed_field_is_noticed() -> None:
    """The comparison itself looks at every row of the form and at each of its words."""
    assert (len(FORM_SECTIONS), len(FORM_FIELDS)) == (31, 279)
    form = form_of_field(FORM_FIELDS[("PATENT", "kind")])
    assert set(form) == {"label", "type", "required", "required_when", "choices"}
    for what in form:
        assert [fault[2] for fault in compare("PATENT", "kind", form, {**form, what: "else"})] == [what]
    assert form_of_field(FORM_FIELDS[("PAPER", "title")])["max_length"] == 300
    assert form_of_field(FORM_FIELDS[("TEACH", "weekly")])["maximum"] == 40
    assert form_of_field(FORM_FIELDS[("CE", "total")])["minimum"] == 90
