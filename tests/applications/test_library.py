"""我的资料库: kept once, chosen into applications, brought back from them; nobody else's."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.applications.models import LibraryRow
from app.applications.sections.portable import library_sections
from app.applications.sources import library
from tests.applications.conftest import EDU, PROJECT, WORK, Desk, prefixed
from tests.applications.test_saving import send_back, stored
from tests.factories import log_in, person
from tests.statements import statements

HOME = "/my/library/"
ROW, OTHER = "a00000000001", "b00000000002"


def rows(desk, section):
    return (stored(desk, section).document if stored(desk, section) else {}).get("rows", [])


def kept(desk, section="WORK"):
    desk.session.expire_all()
    query = sa.select(LibraryRow).where(LibraryRow.section == section).order_by(LibraryRow.id)
    return list(desk.session.scalars(query))


def shelve(desk, section="WORK", values=WORK, row_id=ROW, version=0):
    return desk.post(f"{HOME}{section}/{row_id}/", **prefixed(values), version=version)


@pytest.mark.requirement("A6")
def test_an_empty_library_offers_every_repeating_section_and_fills_one(desk):
    page = desk.page(HOME)
    assert "资料库还是空的。" in page
    for section in library_sections():
        assert f"/my/library/{section.code}/new/" in page
    answer = desk.client.get(f"{HOME}WORK/new/")
    assert answer.status_code == 302 and "添加一条" in desk.page(answer.location)
    page = shelve(desk).text
    assert "已存入资料库。" in page and "柳州某厂" in page and "共 1 条" in page
    assert kept(desk)[0].values == {
        "start": "2012-07", "unit": "柳州某厂", "post": "工程师", "specialty": "设计", "is_pro": True,
    }  # fmt: skip


@pytest.mark.requirement("A7")
def test_a_row_of_the_library_is_changed_deleted_and_brought_back(desk):
    shelve(desk)
    shelve(desk, values=WORK | {"post": "高级工程师"}, version=1)
    assert kept(desk)[0].values["post"] == "高级工程师"
    page = desk.post(f"{HOME}WORK/{ROW}/delete/", form=HOME).text
    assert "已从资料库删除这一条；点「恢复」可以找回。" in page and "柳州某厂" not in page
    assert "刚才删除的一条可以找回。" in page
    page = desk.post(f"{HOME}WORK/restore/", form=HOME).text
    assert "已恢复。" in page and "高级工程师" in page
    desk.post(f"{HOME}WORK/{ROW}/delete/", form=HOME)
    shelve(desk, values=WORK, version=2)  # from a page that was open meanwhile
    assert [row.values["post"] for row in kept(desk)] == ["工程师"]
    shelve(desk, row_id=OTHER)
    for row in (ROW, OTHER):
        desk.post(f"{HOME}WORK/{row}/delete/", form=HOME)
    assert [row.row_id for row in kept(desk)] == [OTHER]  # only the last one waits to be brought back


@pytest.mark.requirement("A7")
def test_what_cannot_be_read_is_kept_and_said(desk):
    page = shelve(desk, values=WORK | {"start": "很久以前"}).text
    assert "内容已保存，但有几处需要改正" in page and "看不懂开始时间「很久以前」" in page
    assert 'value="很久以前"' in page


@pytest.mark.requirement("A7")
def test_a_second_window_does_not_overwrite_the_row_unasked(desk):
    shelve(desk)
    shelve(desk, values=WORK | {"post": "甲"}, version=1)
    answer = shelve(desk, values=WORK | {"post": "乙"}, version=1)
    assert answer.status_code == 409 and "这一条刚刚在别的窗口修改过。" in answer.text
    assert 'value="乙"' in answer.text and 'name="version" value="2"' in answer.text
    assert kept(desk)[0].values["post"] == "甲"
    shelve(desk, values=WORK | {"post": "乙"}, version=2)
    assert kept(desk)[0].values["post"] == "乙"


def test_a_library_has_its_limits(desk, monkeypatch):
    monkeypatch.setattr(library, "SECTION_MAX_ROWS", 1)
    shelve(desk)
    answer = shelve(desk, row_id=OTHER)
    assert answer.status_code == 409 and "这个表最多填写 1 条" in answer.text and 'value="柳州某厂"' in answer.text
    monkeypatch.setattr(library, "ROW_MAX_BYTES", 50)
    assert shelve(desk, values=WORK | {"post": "长" * 60}, version=1).status_code == 409
    assert kept(desk)[0].values["post"] == "工程师"
    assert desk.client.get(f"{HOME}BASIC/new/").status_code == 404
    assert desk.client.get(f"{HOME}WORK/../{ROW}/").status_code == 404


@pytest.mark.requirement("A6")
def test_a_library_is_its_persons_only(app, desk):
    shelve(desk)
    stranger = person(desk.session, Role.APPLICANT, serial=7, unit_id=desk.town.unit.id)
    desk.session.commit()
    other = Desk(log_in(app.test_client(), desk.session, stranger), desk.session, desk.town, stranger)
    assert "柳州某厂" not in other.page(HOME) and "柳州某厂" not in other.page(f"{HOME}WORK/{ROW}/")
    other.post(f"{HOME}WORK/{ROW}/delete/", form=HOME)
    assert kept(desk)[0].deleted_at is None
    shelve(other, values=WORK | {"unit": "别人的单位"})
    assert [(row.person_id, row.values["unit"]) for row in kept(desk)] == [
        (desk.who.id, "柳州某厂"), (stranger.id, "别人的单位"),
    ]  # fmt: skip


@pytest.mark.requirement("A6", "A7")
def test_rows_are_chosen_from_the_library_in_one_save_and_marked_when_they_are_there(started):
    shelve(started)
    shelve(started, values=WORK | {"start": "2015-01", "unit": "南宁某院"}, row_id=OTHER)
    shelve(started, values=WORK | {"start": "2018-01", "unit": "桂林某所"}, row_id="c00000000003")
    started.post(started.at("WORK", "rows", "d00000000004"), **prefixed(WORK))  # the same, typed by hand
    where = started.at("WORK", "library")
    page = started.page(where)
    assert page.count("这份申报中已有") == 1 and page.count('name="row"') == 2
    before = stored(started, "WORK").version
    page = started.post(where, row=[OTHER, "c00000000003", ROW]).text
    assert "已从资料库加入 2 条；证明材料请在各条中上传。" in page
    assert [row["unit"] for row in rows(started, "WORK")] == ["柳州某厂", "南宁某院", "桂林某所"]
    assert stored(started, "WORK").version == before + 1
    assert "没有勾选可以加入的内容，什么也没有改变。" in started.post(where, row=[OTHER]).text


@pytest.mark.requirement("A6")
def test_an_empty_shelf_says_what_to_do(started):
    assert "资料库里还没有「工作经历」。" in started.page(started.at("WORK", "library"))
    assert "这份申报的「工作经历」还没有内容。" in started.page(started.at("WORK", "library", "keep"))
    started.page(started.at("BASIC", "library"), status=404)


@pytest.mark.requirement("A7")
def test_the_library_respects_the_number_of_rows_and_the_lock(filled):
    for place in range(10):
        shelve(filled, "EDU", EDU | {"end": f"20{place + 13}-06"}, f"e0000000000{place}")
    ten = [f"e0000000000{place}" for place in range(10)]
    page = filled.post(filled.at("EDU", "library"), row=ten).text
    assert "这个表最多填写 10 条" in page and len(rows(filled, "EDU")) == 1
    filled.submit()
    assert "材料已提交到单位，不能再修改" in filled.post(filled.at("EDU", "library"), row=ten[1:2]).text
    send_back(filled, "BASIC")
    assert "这个表没有被退回" in filled.post(filled.at("EDU", "library"), row=ten[1:2]).text
    assert len(rows(filled, "EDU")) == 1


@pytest.mark.requirement("A7")
def test_rows_are_kept_in_the_library_and_brought_up_to_date_not_doubled(filled):
    where = filled.at("PROJECT", "library", "keep")
    assert "资料库中没有" in filled.page(where)
    assert "已存入资料库：新增 1 条，更新 0 条，原样 0 条。" in filled.post(where, row=[ROW]).text
    assert "pdf_page" not in kept(filled, "PROJECT")[0].values  # a page of that application's PDF
    version = stored(filled, "PROJECT").version
    filled.post(filled.at("PROJECT", "rows", ROW), **prefixed(PROJECT | {"name": "电池包轻量化二期"}), version=version)
    assert "资料库中的内容不同，将更新" in filled.page(where)
    assert "新增 0 条，更新 1 条，原样 0 条。" in filled.post(where, row=[ROW]).text
    assert [row.values["name"] for row in kept(filled, "PROJECT")] == ["电池包轻量化二期"]
    assert "资料库中已有，内容相同" in filled.page(where)
    assert "更新 0 条，原样 1 条。" in filled.post(where, row=[ROW]).text
    filled.submit()
    assert "原样 1 条。" in filled.post(where, row=[ROW]).text  # what was submitted can still be kept


def test_a_row_that_was_deleted_comes_back_once(started):
    started.post(started.at("WORK", "rows", ROW), **prefixed(WORK))
    started.post(started.at("WORK", "library", "keep"), row=[ROW])
    started.post(started.at("WORK", "rows", ROW, "delete"), form=started.at("WORK"))
    started.post(started.at("WORK", "library"), row=[ROW])
    started.post(started.at("WORK", "restore"), form=started.at("WORK"))
    assert [row["id"] for row in rows(started, "WORK")] == [ROW]


@pytest.mark.requirement("A6")
def test_the_pages_of_the_library_ask_the_database_a_bounded_number_of_times(filled, database):
    shelve(filled)
    bounds = ((HOME, 8), (f"{HOME}WORK/{ROW}/", 8), (filled.at("WORK", "library"), 16), (filled.at("WORK", "library", "keep"), 16))
    for path, most in bounds:
        filled.page(path)
        with statements(database.engine) as sent:
            filled.page(path)
        assert len(sent) <= most, (path, len(sent), sent)
