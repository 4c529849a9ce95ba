"""沿用以前的申报: section by section, nothing overwritten unasked, the files along, the earlier application untouched."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.applications import saving, uploads
from app.applications.models import HistoryRow, ReturnedSection, SectionDocument
from app.applications.sections.attach import MERGED_KIND
from app.applications.sections.registry import SECTIONS
from app.files.models import StoredFile
from app.workflow.actions import Action
from app.workflow.actor import Actor
from app.workflow.states import Holder, Party, State
from tests.applications.conftest import BASIC, PROJECT, WORK, WORK_ROW, jpeg, pdf, prefixed
from tests.factories import application, person
from tests.statements import statements

# the section in which the merged PDF is uploaded
MERGED = next(section.code for section in SECTIONS for item in section.attachments if item.kind == MERGED_KIND)


@pytest.fixture
def again(filled):
    """The application of last year, submitted and rejected since, and a fresh one; `desk.number` is the fresh one's."""
    row = filled.row
    row.state, row.year = State.CANCELLED, row.year - 1
    filled.session.commit()
    filled.earlier, filled.earlier_id = filled.number, row.id
    filled.page("/my/apply/")  # reading begins when the page is opened
    filled.start()
    return filled


def document(desk, section, application_id=None):
    desk.session.expire_all()
    row = desk.session.scalar(
        sa.select(SectionDocument).where(
            SectionDocument.section == section, SectionDocument.application_id == (application_id or desk.row.id)
        )
    )
    return row.document if row else {}


def files(desk, section, application_id=None):
    desk.session.expire_all()
    query = sa.select(StoredFile).where(
        StoredFile.section == section, StoredFile.application_id == (application_id or desk.row.id),
        StoredFile.replaced_at.is_(None),
    )  # fmt: skip
    return list(desk.session.scalars(query.order_by(StoredFile.id)))


def where(desk):
    return desk.at("earlier", desk.earlier)


def take(desk, *sections, **more):
    return desk.post(where(desk), section=list(sections), **more)


@pytest.mark.requirement("A6", "A7")
def test_a_whole_application_is_taken_over_and_says_what_came(again):
    answer = again.client.get(again.at("earlier"))
    assert answer.status_code == 302 and answer.location.endswith(where(again))  # the only one
    page = again.page(where(again))
    for text in ("沿用「基本信息」", "补上还没有填的 5 项：民族、政治面貌、参加工作时间、现从事岗位、社保编号（单位参保）",
                 "增加 1 条：<br>大学本科　广西大学　机械工程　2012-06", "带来文件 3 个"):  # fmt: skip
        assert text in page, text
    offered = re.findall(r'name="section" value="(\w+)" checked', page)
    assert {"BASIC", "EDU", "WORK", "TITLE", "PROJECT"} <= set(offered)
    page = take(again, *offered).text
    said = re.search(r"已沿用 (\d+) 个表：(\d+) 条记录、(\d+) 项内容、(\d+) 个文件。请逐表核对。", page)
    mine, before = ([document(again, code, which) for code in offered] for which in (None, again.earlier_id))
    assert [(each.get("rows"), each.get("values")) for each in mine] == [
        (each.get("rows"), each.get("values")) for each in before
    ]  # the pages of the merged PDF too
    assert [int(number) for number in said.groups()] == [
        len(offered), sum(len(each.get("rows", ())) for each in mine), sum(len(each.get("values", ())) for each in mine),
        sum(len(files(again, code)) for code in offered),
    ]  # fmt: skip
    assert "勾选的表里没有可以补充的内容，什么也没有改变。" in take(again, *offered).text
    assert len(files(again, "EDU")) == 3


@pytest.mark.requirement("A8")
def test_the_files_share_their_bytes_and_neither_application_takes_them_from_the_other(again):
    take(again, "EDU")
    mine, before = files(again, "EDU"), files(again, "EDU", again.earlier_id)
    assert [file.storage_key for file in mine] == [file.storage_key for file in before]
    assert {file.public_id for file in mine}.isdisjoint(file.public_id for file in before)
    assert again.client.get(f"/applications/files/{mine[0].public_id}").status_code == 200
    again.post(again.at("files", mine[0].public_id, "delete"), form=again.at("EDU"))
    assert len(files(again, "EDU")) == 2 and len(files(again, "EDU", again.earlier_id)) == 3
    assert again.client.get(f"/applications/files/{before[0].public_id}").status_code == 200


@pytest.mark.requirement("A7")
def test_what_is_filled_stays_unless_its_replacing_is_ticked(again):
    again.post(again.at("BASIC"), **prefixed({"post": "管理", "dept": "二部"}), version=0)
    again.upload(again.at("BASIC", "files", "photo"), jpeg(310, 434))
    page = again.page(where(again))
    assert "「基本信息」中已填的 2 项也替换成以前的" in page and "现在：管理" in page and "以前：设计" in page
    take(again, "BASIC", **{"v-BASIC": 2})
    values = document(again, "BASIC")["values"]
    assert (values["post"], values["dept"], values["ethnic"]) == ("管理", "二部", "08")
    mine = next(file for file in files(again, "BASIC") if file.kind == "PHOTO")
    version = again.session.scalar(
        sa.select(SectionDocument.version).where(SectionDocument.application_id == again.row.id)
    )
    take(again, "BASIC", replace="BASIC", **{"v-BASIC": version})
    values, photo = document(again, "BASIC")["values"], [file for file in files(again, "BASIC") if file.kind == "PHOTO"]
    assert (values["post"], values["dept"]) == ("设计", "二部")  # empty then: nothing to replace it with
    assert len(photo) == 1 and photo[0].sha256 != mine.sha256


@pytest.mark.requirement("A7")
def test_values_changed_in_another_window_are_not_replaced_by_an_older_page(again):
    again.post(again.at("BASIC"), **prefixed({"post": "管理"}), version=0)
    again.post(again.at("BASIC"), **prefixed({"post": "财务"}), version=1)
    page = take(again, "BASIC", "EDU", replace="BASIC", **{"v-BASIC": 1}).text
    assert "这份申报刚刚在别的窗口修改过，什么也没有沿用。" in page and "现在：财务" in page
    assert document(again, "BASIC")["values"]["post"] == "财务" and document(again, "EDU") == {}


@pytest.mark.requirement("A7")
def test_rows_that_are_there_are_not_doubled(again):
    again.post(again.at("WORK", "rows", "b" * 12), **prefixed(WORK))
    page = again.page(where(again))
    assert "1 条这份申报中已有，不重复加入" in page
    take(again, "WORK")
    assert [row["id"] for row in document(again, "WORK")["rows"]] == ["b" * 12]


@pytest.mark.requirement("A8")
def test_pages_of_another_merged_pdf_are_left_out_and_said(again):
    again.upload(again.at(MERGED, "files", "achieve"), pdf(2), "别的.pdf")
    page = take(again, "PROJECT", MERGED).text
    assert "有 1 条填的是以前合并PDF的页码" in page
    row = document(again, "PROJECT")["rows"][0]
    assert "pdf_page" not in row and row["name"] == PROJECT["name"]
    assert [file.name for file in files(again, MERGED) if file.kind == MERGED_KIND] == ["别的.pdf"]


def test_a_row_that_was_deleted_comes_again_with_its_files_once(again):
    take(again, "EDU")
    again.post(again.at("EDU", "rows", WORK_ROW, "delete"), form=again.at("EDU"))
    assert "已沿用 1 个表：1 条记录、0 项内容、0 个文件。" in take(again, "EDU").text
    assert len(files(again, "EDU")) == 3


def test_too_many_rows_or_bytes_take_nothing_over(again, monkeypatch):
    many = [WORK | {"id": f"c000000000{place:02d}", "unit": f"第{place}厂"} for place in range(30)]
    actor = Actor(Party.APPLICANT, person_id=again.who.id)
    saving.add_rows(again.session, again.row, actor, "WORK", many, now=again.row.created_at)
    again.session.commit()
    assert "这份申报只能再加 0 条，请先删除不用的" in again.page(where(again))
    page = take(again, "EDU", "WORK").text
    assert "没有沿用：这个表最多填写 30 条" in page and document(again, "EDU") == {}
    monkeypatch.setattr(uploads, "QUOTA_BYTES", 10)
    assert "没有沿用：这份申报的文件合计不能超过 1 KB" in take(again, "EDU").text
    assert files(again, "EDU") == []


@pytest.mark.requirement("A12")
def test_only_an_open_application_takes_over_and_only_from_an_own_one(again, app):
    stranger = person(again.session, Role.APPLICANT, serial=7, unit_id=again.town.unit.id)
    foreign = application(again.session, again.town, stranger, state=State.CERTIFIED).number
    again.session.commit()
    again.page(again.at("earlier", foreign), status=404)
    again.page(again.at("earlier", again.number), status=404)
    assert again.post(again.at("earlier", foreign), form=again.at(), section="EDU").status_code == 404
    assert "请先勾选要沿用的表。" in again.post(where(again)).text
    take(again, "EDU")
    row = again.row
    row.state = State.RETURNED
    move = HistoryRow(
        application_id=row.id, version=2, action=Action.RETURN_TO_APPLICANT, from_state=State.UNIT_REVIEW,
        to_state=State.RETURNED, holder=Holder.APPLICANT, party=Party.UNIT, at=row.created_at,
    )  # fmt: skip
    again.session.add(move)
    again.session.flush()
    again.session.add(ReturnedSection(application_id=row.id, history_id=move.id, section="BASIC", reason="请修改"))
    again.session.commit()
    assert "沿用「基本信息」" in again.page(where(again)) and "沿用「学历学位」" not in again.page(where(again))
    assert "没有沿用：这个表没有被退回，不能修改。" in take(again, "BASIC", "EDU").text
    assert document(again, "BASIC") == {}  # all or none
    row = again.row
    row.state = State.UNIT_REVIEW
    again.session.commit()
    again.page(where(again), status=404)


def test_without_another_application_the_page_says_so_and_with_several_one_is_chosen(started):
    assert "您没有别的申报可以沿用。" in started.page(started.at("earlier"))
    for state in (State.CERTIFIED, State.CANCELLED):
        application(started.session, started.town, started.who, state=state, extra_granted=True)
    started.session.commit()
    page = started.page(started.at("earlier"))
    assert page.count(f"/{started.number}/earlier/LZ") == 2 and "已取消" in page


@pytest.mark.requirement("A6")
def test_birth_date_and_sex_come_from_the_id_number_and_the_unit_from_the_key(started):
    page = started.page(started.at("BASIC"))
    for text in ("1988-04-28", "男" if int(started.who.id_no[16]) % 2 else "女", started.town.unit.name, "91450200MA5NXXXX1A"):
        assert text in page, text
    unit = started.town.unit
    started.session.refresh(unit)
    unit.name, unit.nature_code = "改名后的公司", "SOE"
    started.session.commit()
    page = started.page(started.at("BASIC"))
    assert "改名后的公司" in page  # joined when it is shown, never copied
    started.post(started.at("BASIC"), **prefixed(BASIC), version=0)
    assert "unit_name" not in document(started, "BASIC")["values"]


def test_the_preview_asks_the_database_a_bounded_number_of_times(again, database):
    again.page(where(again))
    with statements(database.engine) as sent:
        again.page(where(again))
    assert len(sent) <= 24, (len(sent), sent)
