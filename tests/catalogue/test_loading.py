"""Loading the reference files: idempotent, refusing wrong rows by line, never undoing the office."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalogue.files import FILES
from app.catalogue.lists import CodeList
from app.catalogue.loading import REFERENCE_FOLDER, BadReference, Tally, load_reference
from app.catalogue.models import CodeEntry, KeptBy, Specialty, TitleName, TitleSeries
from tests.catalogue.conftest import Spoil

pytestmark = pytest.mark.requirement("M1")


def entry(session: Session, kind: CodeList, code: str) -> CodeEntry:
    return session.scalars(
        sa.select(CodeEntry).where(CodeEntry.list == kind.value, CodeEntry.code == code)
    ).one()


def rows_in_files() -> int:
    return sum(
        len((REFERENCE_FOLDER / f"{file.name}.csv").read_text("utf-8").splitlines()) - 1 for file in FILES
    )


def test_every_file_of_the_folder_is_declared_and_every_declared_file_is_there() -> None:
    assert {path.stem for path in REFERENCE_FOLDER.glob("*.csv")} == {file.name for file in FILES}


def test_the_first_load_inserts_every_row_and_the_second_changes_none(empty_catalogue: Session) -> None:
    first = load_reference(empty_catalogue)
    second = load_reference(empty_catalogue)
    assert sum(tally.inserted for tally in first.files.values()) == first.changed == rows_in_files() == 4923
    assert second.changed == 0
    assert sum(tally.unchanged for tally in second.files.values()) == 4923
    assert first.files["division_gbt2260"] == Tally(inserted=3218)
    assert second.files["division_gbt2260"] == Tally(unchanged=3218)


def test_a_load_takes_less_than_two_seconds(empty_catalogue: Session) -> None:
    started = time.perf_counter()
    load_reference(empty_catalogue)
    assert time.perf_counter() - started < 2


def test_cells_become_typed_values(catalogue: Session) -> None:
    health = catalogue.get_one(TitleSeries, "04")
    assert health.levels == ["SENIOR", "ASSOC", "MID", "ASSIST", "TECH"]
    assert (health.exam_levels, health.exam_review_levels) == (["TECH", "ASSIST", "MID"], ["ASSOC"])
    assert [catalogue.get_one(TitleSeries, code).local for code in ("27", "L1")] == [False, True]
    liubei = entry(catalogue, CodeList.DIVISION, "450205")
    assert (liubei.name, liubei.parent, liubei.initials) == ("柳北区", "450200", "lbq")
    assert liubei.extra == {"level": 3, "is_gb": True}
    assert entry(catalogue, CodeList.QUALIFYING, "EXAM").extra["rank"] is None


def test_a_code_that_leaves_the_file_is_retired_and_comes_back_when_it_returns(
    catalogue: Session, folder: Path, spoil: Spoil
) -> None:
    spoil("return_reason", "R22,重复申报\n", "")
    report = load_reference(catalogue, folder)
    assert report.files["return_reason"].retired == 1
    assert entry(catalogue, CodeList.RETURN_REASON, "R22").retired is True
    assert load_reference(catalogue, folder).files["return_reason"].retired == 0

    load_reference(catalogue)
    assert entry(catalogue, CodeList.RETURN_REASON, "R22").retired is False


def test_a_changed_row_is_updated_and_nothing_else(catalogue: Session, folder: Path, spoil: Spoil) -> None:
    spoil("unit_level", "CITY,市直", "CITY,市级直属")
    report = load_reference(catalogue, folder)
    assert report.changed == report.files["unit_level"].updated == 1
    changed = entry(catalogue, CodeList.UNIT_LEVEL, "CITY")
    assert (changed.name, changed.initials) == ("市级直属", "sjzs")


def test_what_the_office_added_or_edited_is_never_undone(catalogue: Session) -> None:
    entry(catalogue, CodeList.RETURN_REASON, "R22").name = "同一年度重复申报"
    entry(catalogue, CodeList.RETURN_REASON, "R23").retired = True
    catalogue.add(CodeEntry(list="return_reason", code="R50", name="照片陈旧"))
    catalogue.flush()

    report = load_reference(catalogue)

    assert report.changed == 0
    assert report.files["return_reason"].kept == 3
    assert entry(catalogue, CodeList.RETURN_REASON, "R22").name == "同一年度重复申报"
    assert entry(catalogue, CodeList.RETURN_REASON, "R23").retired is True
    added = entry(catalogue, CodeList.RETURN_REASON, "R50")
    assert (added.retired, added.kept_by, added.initials) == (False, KeptBy.OFFICE, "zpcj")


WRONG = [
    (
        "gender_gbt2261_1",
        "code,name",
        "code,title",
        "gender_gbt2261_1.csv:1: 表头是 code,title，应为 code,name",
    ),
    ("unit_level", "PROV,自治区（省）直", "PROV", "unit_level.csv:3: 有 1 列，应为 2 列"),
    ("unit_level", "PROV,自治区", "CENTRAL,自治区", "unit_level.csv:3: code CENTRAL 重复，第一次在第 2 行"),
    ("unit_level", "PROV,自治区（省）直", "PROV,", "unit_level.csv:3: name 不能为空"),
    ("unit_level", "PROV,自治区（省）直", "PROV, 自治区", "unit_level.csv:3: name 首尾有空格：' 自治区'"),
    ("unit_level", "PROV,", "省,", "unit_level.csv:3: code 的写法不对：'省'"),
    ("achievement_grade", "国家级,5", "国家级,五", "achievement_grade.csv:2: rank 不是整数：'五'"),
    ("education_mode", "普通全日制,1", "普通全日制,2", "education_mode.csv:2: fulltime 不是 0 或 1：'2'"),
    (
        "title_name",
        "01,教师,SENIOR,教授,high",
        "01,教师,SENIOR,教授,sure",
        "title_name.csv:2: confidence 是 'sure'，只能是 high、medium、low",
    ),
    (
        "title_name",
        "01-001,01,",
        "01-001,99,",
        "title_name.csv:2: series_code '99' 不在 title_series、title_series_local 中",
    ),
    (
        "eligibility_rule",
        "01-MID-1,01,MID,DOCTOR_DEGREE",
        "01-MID-1,01,MID,DOCTOR_DEGREE|WIZARD",
        "eligibility_rule.csv:2: education_any_of 'WIZARD' 不在 qualification_token 中",
    ),
    (
        "specialty",
        "010101,01,高校,哲学,教师",
        "010101,01,高校,哲学,道士",
        "specialty.csv:2: track '道士' 不是系列 01 的资格类别",
    ),
    (
        "title_series",
        "02,哲学社会科学研究人员,1,1,1,1,0",
        "02,哲学社会科学研究人员,1,1,1,1,1",
        "title_series.csv:3: has_technician 是 1，与 title_name 不符",
    ),
    (
        "sms_template",
        "验证码为{code}",
        "验证码为{pin}",
        "sms_template.csv:2: placeholders 应为 pin|minutes",
    ),
    (
        "material_type",
        "BASIC.photo,jpg,1048576,",
        "BASIC.photo,jpg,,",
        "material_type.csv:2: jpg_max_bytes 须在允许 jpg 时填写，否则留空",
    ),
    (
        "division_gbt2260",
        "110101,东城区,110000,3,1",
        "110101,东城区,,3,1",
        "division_gbt2260.csv:3: 上级 （空） 不在它之上",
    ),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"), WRONG, ids=[row[3].split(":")[2] for row in WRONG]
)
def test_a_wrong_row_is_refused_with_file_and_line(
    catalogue: Session, folder: Path, spoil: Spoil, file: str, old: str, new: str, message: str
) -> None:
    spoil(file, old, new)
    with pytest.raises(BadReference) as refused:
        load_reference(catalogue, folder)
    assert message in [str(error) for error in refused.value.errors]


def test_all_errors_of_all_files_are_told_at_once_and_nothing_is_written(
    empty_catalogue: Session, folder: Path, spoil: Spoil
) -> None:
    spoil("unit_level", "PROV,自治区（省）直", "PROV,")
    spoil("journal_grade", "SCI,SCI收录,7", "SCI,SCI收录,seven")
    (folder / "political_gbt4762.csv").unlink()
    with pytest.raises(BadReference) as refused:
        load_reference(empty_catalogue, folder)
    assert [str(error) for error in refused.value.errors] == [
        "journal_grade.csv:2: rank 不是整数：'seven'",
        "political_gbt4762.csv:1: 缺少这个文件",
        "unit_level.csv:3: name 不能为空",
    ]
    for model in (CodeEntry, TitleSeries, TitleName, Specialty):
        assert empty_catalogue.scalar(sa.select(sa.func.count()).select_from(model)) == 0


def test_a_file_that_is_not_utf_8_is_refused_at_its_line(catalogue: Session, folder: Path) -> None:
    (folder / "unit_level.csv").write_bytes(b"code,name\nPROV,\xd7\xd4\xd6\xce\n")
    with pytest.raises(BadReference) as refused:
        load_reference(catalogue, folder)
    assert [str(error) for error in refused.value.errors] == ["unit_level.csv:2: 不是 UTF-8 编码"]
