"""What the declarations promise."""

from __future__ import annotations

import csv
from itertools import product

import pytest

from app.applications.sections.declaration import (
    Attachment,
    Facts,
    FieldType,
    Section,
    Source,
)
from app.applications.sections.registry import SECTIONS, is_required, section, sections_for
from app.applications.sections.validation import Cleaned
from app.catalogue.lists import CodeList
from app.catalogue.loading import REFERENCE_FOLDER
from tests.applications.sections.rows import (
    CONTEXT,
    cleaned,
)

pytestmark = pytest.mark.requirement("A6")


def test_the_sections_stand_in_the_order_of_the_form() -> None:
    assert [(each.code, each.name) for each in SECTIONS] == [
        ("BASIC", "基本信息"),
        ("APPLY", "申报信息"),
        ("EDU", "学历学位"),
        ("TRAIN", "学习培训经历"),
        ("WORK", "工作经历"),
        ("TITLE", "现任职称"),
        ("LICENSE", "职业（执业）资格"),
        ("CE", "继续教育"),
        ("ASSESS", "年度考核"),
        ("EXAM", "水平能力测试（外语、计算机、专业考试）"),
        ("GRASS", "基层服务（支教、支医、驻村）"),
        ("PROJECT", "业绩成果"),
        ("AWARD", "获奖情况"),
        ("PATENT", "专利与软件著作权"),
        ("PAPER", "论文"),
        ("BOOK", "著作、教材"),
        ("STD", "标准、工法、技术报告"),
        ("TEACH", "教学工作量（课时）"),
        ("CLASSTEACHER", "班主任及育人"),
        ("MEDWORK", "临床（专业）工作量"),
        ("CASE", "病案"),
        ("ARTWORK", "作品"),
        ("COACH", "带训与竞赛成绩"),
        ("MENTOR", "培养指导人才"),
        ("PARTTIME", "学术及社会兼职"),
        ("REP", "代表性成果"),
        ("SUMMARY", "专业技术工作总结"),
        ("EXC", "破格申报"),
        ("PROMISE", "诚信承诺"),
        ("ATTACH", "附件上传"),
    ]
    assert [each.order for each in SECTIONS] == sorted(each.order for each in SECTIONS)


SERVICES = {
    "declaration": [
        "BASIC", "APPLY", "EDU", "TRAIN", "WORK", "TITLE", "LICENSE", "CE", "ASSESS", "EXAM", "GRASS", "PROJECT", "AWARD", "PATENT",
        "PAPER", "BOOK", "STD", "MENTOR", "PARTTIME", "REP", "SUMMARY", "PROMISE", "ATTACH",
    ],
    "recognition": ["BASIC", "APPLY", "EDU", "WORK", "TITLE", "LICENSE", "CE", "ASSESS", "SUMMARY", "PROMISE", "ATTACH"],
    "reconfirmation": ["BASIC", "APPLY", "EDU", "WORK", "TITLE", "LICENSE", "PROMISE", "ATTACH"],
    "replacement": ["BASIC", "TITLE", "PROMISE", "ATTACH"],
    "registration": ["BASIC", "TITLE", "PROMISE", "ATTACH"],
}  # fmt: skip


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_its_sections(service: str) -> None:
    assert [each.code for each in sections_for(Facts(service))] == SERVICES[service]


def title_is_required(service: str, level: str, apply_type: str) -> bool:
    if apply_type == "CONVERT" or service in ("reconfirmation", "replacement", "registration"):
        return True
    upward = ("NORMAL", "EXC_EDU", "EXC_YEARS", "EXC_BOTH", "GRASS", "EXAM")
    return service == "declaration" and level in ("ASSOC", "SENIOR") and apply_type in upward


@pytest.mark.parametrize(
    ("service", "level", "apply_type"),
    list(
        product(
            SERVICES,
            ("SENIOR", "ASSOC", "MID", "TECH", ""),
            ("NORMAL", "GRASS", "SKIP", "CONVERT", "INIT", ""),
        )
    ),
)
def test_a_current_title_is_required_where_one_must_be_held(
    service: str, level: str, apply_type: str
) -> None:
    facts = Facts(service, "05", "工程", level, apply_type)
    assert is_required(section("TITLE"), facts) is title_is_required(service, level, apply_type)


@pytest.mark.parametrize("each", SECTIONS, ids=lambda each: each.code)
def test_every_choice_has_a_list_or_options(each: Section) -> None:
    lists = set(CONTEXT.codes.lists)  # type: ignore[attr-defined]
    for field in each.fields:
        chooses = field.type in (FieldType.CODE, FieldType.DIVISION)
        assert chooses is bool(field.choices), field.code
        if isinstance(field.choices, CodeList):
            assert field.choices.value in lists


@pytest.mark.parametrize("each", SECTIONS, ids=lambda each: each.code)
def test_attachments_agree_with_the_kinds_of_material(each: Section) -> None:
    with (REFERENCE_FOLDER / "material_type.csv").open(encoding="utf-8") as stream:
        kinds = {row["code"]: row for row in csv.DictReader(stream)}
    for item in each.attachments:
        kind = kinds[item.kind]
        assert item.formats == tuple(kind["formats"].split("|"))
        assert kind["home"] in (f"{each.code}.{item.code}", "ATTACH")
        for name in item.formats:
            assert item.max_bytes(name) == int(kind[f"{name}_max_bytes"])


@pytest.mark.requirement("A8")
def test_pictures_may_have_one_megabyte_and_pdf_thirty() -> None:
    item = Attachment("file", "EDU", "x")
    assert (item.max_bytes("jpg"), item.max_bytes("pdf")) == (1_048_576, 31_457_280)
    with pytest.raises(KeyError):
        Attachment("photo", "PHOTO", "x", ("jpg",)).max_bytes("pdf")


def test_identity_and_unit_values_never_enter_the_document() -> None:
    locked = {field.code: field.source for field in section("BASIC").fields if not field.typed}
    assert locked == {
        **dict.fromkeys(("name", "gender", "id_type", "id_no", "birth_date", "mobile"), Source.PERSON),
        **dict.fromkeys(("review_body", "qualification"), Source.APPLICATION),
        **dict.fromkeys(
            ("unit_name", "unit_uscc", "unit_nature", "unit_level", "unit_division"), Source.UNIT
        ),
    }
    result = cleaned("BASIC", post="设计", **dict.fromkeys(locked, "450202199005201234"))
    assert result == Cleaned({"post": "设计"}, ())
