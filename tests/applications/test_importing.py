"""批量导入: pasted or uploaded, shown line by line as it was understood, written only when confirmed."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
from redis.exceptions import RedisError

from app.accounts.roles import Role
from app.applications.sections.portable import library_sections
from app.applications.sections.registry import SECTIONS
from app.applications.sources.pending_import import PendingImport
from tests.applications.conftest import Desk, prefixed
from tests.applications.test_library import rows
from tests.applications.test_saving import send_back, stored
from tests.factories import log_in, person
from tests.gateways.test_spreadsheets import workbook
from tests.statements import statements

HEAD = "开始时间\t结束时间\t单位\t岗位/职务\t从事何专业技术工作\t是否专业技术岗位"
FIRST = "2012.7\t2015年6月\t柳州某厂\t技术员\t设计\t是"
SECOND = "201507\t至今\t柳州某院\t工程师\t设计\t1"


def table(*lines):
    return "\n".join((HEAD, *lines))


def preview(desk, text, section="WORK"):
    """The page on which the pasted table is shown; `desk.there` is its address."""
    answer = desk.post(desk.at(section, "import"), follow=False, table=text)
    assert answer.status_code == 302, answer.text
    desk.there = answer.location
    return desk.page(answer.location)


def confirm(desk, *lines, **more):
    return desk.post(desk.there, form="/my/unit/", line=[str(line) for line in lines], **more)


def sentences(page):
    return [re.sub(r"<[^>]+>", "", text).strip() for text in re.findall(r'<p class="err">(.*?)</p>', page, re.S)]


@pytest.mark.requirement("A6", "A7")
def test_a_pasted_table_is_shown_first_and_becomes_rows_in_one_save_when_confirmed(started):
    started.post(started.at("WORK", "rows", "a" * 12), **prefixed({"start": "2010-01", "unit": "早先的单位"}))
    page = preview(started, table(FIRST, "", SECOND))
    assert "读出 2 行，2 行可以导入。" in page and "2012-07" in page and "2015-06" in page
    assert len(rows(started, "WORK")) == 1
    version = stored(started, "WORK").version
    page = confirm(started, 2, 4).text
    assert "已导入 2 条。" in page and "没有导入" not in page
    assert [{key: value for key, value in row.items() if key != "id"} for row in rows(started, "WORK")[1:]] == [
        {"start": "2012-07", "end": "2015-06", "unit": "柳州某厂", "dept": None, "post": "技术员",
         "specialty": "设计", "is_pro": True, "witness": None},
        {"start": "2015-07", "end": None, "unit": "柳州某院", "dept": None, "post": "工程师",
         "specialty": "设计", "is_pro": True, "witness": None},
    ]  # fmt: skip
    assert stored(started, "WORK").version == version + 1
    assert "已导入 2 条。" in confirm(started, 2, 4).text  # a second click shows the same and adds nothing
    assert len(rows(started, "WORK")) == 3


@pytest.mark.requirement("A6")
def test_each_wrong_cell_is_named_and_its_line_is_left_out_only_by_a_tick(started):
    bad = "很久以前\t2015-06\t柳州某厂\t技术员\t设计\t也许"
    page = preview(started, table(FIRST, bad, SECOND))
    assert sentences(page) == [
        "第 3 行「开始时间」：看不懂「很久以前」，请写成 2020-03。",
        "第 3 行「是否专业技术岗位」：看不懂「也许」，请写「是」或「否」。",
    ]
    again = started.page(started.at("WORK", "import") + f"?again={started.there.rstrip('/').rsplit('/', 1)[-1]}")
    assert f">{table(FIRST, bad, SECOND)}\n</textarea>" in again  # to be put right here
    answer = confirm(started, 2, 4)
    assert answer.status_code == 422 and "第 3 行有错误。请改正后重新粘贴或上传，或勾选「有错误的行不导入」。" in answer.text
    assert rows(started, "WORK") == []
    page = confirm(started, 2, 3, 4, leave="1").text
    assert "已导入 2 条。" in page
    assert "第 3 行：有错误。「开始时间」：看不懂「很久以前」，请写成 2020-03。「是否专业技术岗位」：看不懂「也许」，请写「是」或「否」。" in page
    assert [row["post"] for row in rows(started, "WORK")] == ["技术员", "工程师"]


EDU_HEAD = ["学历", "学位", "学习形式", "毕业院校", "所学专业", "入学时间", "毕业时间", "毕业证书编号", "是否最高学历", "备注"]


@pytest.mark.requirement("A6")
def test_what_table_programs_and_people_write_is_understood_or_named(started):
    fair = ["本科", "工学学士", "全日制", "广西大学", "机械工程", dt.date(2008, 9, 1), "2012/6", "105931201205001234", "是"]
    lost = "这个号码在表格里存成了数字，末几位已经丢失；请把这一格设为「文本」格式，重新填写完整的号码。"
    cases = (
        (0, "BACHELOR", ""), (0, "大学", "「学历」：不认识「大学」，请写：大学本科、大学专科。"),
        (0, "飞行员", "「学历」：不认识「飞行员」，请写代码表中的名称，例如 博士研究生、硕士研究生、研究生班、大学本科、大学专科、"
                      "中等专科（中专）、职业高中、技工学校。"),
        (5, 2008.9, ""), (5, 200809, ""), (5, "２００８年９月", ""), (8, True, ""), (8, "√", ""), (8, "×", ""),
        (5, 2008.1, "「入学时间」：看不出是1月还是10月，请写成 2008-01 或 2008-10。"),
        (5, "2013.9", "「毕业时间」：毕业时间须晚于入学时间，请检查这两项。"),
        (7, 1.05931201205e17, f"「毕业证书编号」：{lost}"), (7, "1.05931E+17", f"「毕业证书编号」：{lost}"),
        (7, "9" * 51, "「毕业证书编号」：毕业证书编号最多50个字，现在有51个字，请缩短。"),
    )  # fmt: skip
    content = workbook(EDU_HEAD, *([*fair[:place], cell, *fair[place + 1 :]] for place, cell, _said in cases))
    answer = started.client.post(
        started.at("EDU", "import"), content_type="multipart/form-data",
        data={"csrf_token": started.token("/my/unit/"), "file": (io.BytesIO(content), "学历.xlsx"), "table": ""},
    )  # fmt: skip
    started.there = answer.location
    page = started.page(started.there)
    assert sentences(page) == [f"第 {line} 行{said}" for line, (_place, _cell, said) in enumerate(cases, 2) if said]
    assert "这些列没有对应的项目，不会导入：备注。" in page
    confirm(started, 2, leave="1")
    row = rows(started, "EDU")[0]
    assert (row["level"], row["start"], row["end"], row["cert_no"], row["is_highest"]) == (
        "BACHELOR", "2008-09", "2012-06", "105931201205001234", True,
    )  # fmt: skip


def test_a_doubtful_month_is_said(started):
    page = preview(started, table(FIRST.replace("2012.7", "2012.1")))
    assert "开始时间「2012.1」理解为 2012 年 1 月；是 10 月的，请改写为 2012-10。" in page


@pytest.mark.requirement("A7")
def test_lines_that_are_there_already_or_twice_are_not_doubled_and_the_report_says_why(started):
    preview(started, table(FIRST))
    confirm(started, 2)
    page = preview(started, table(FIRST, SECOND, SECOND, SECOND.replace("某院", "某所").replace("\t1", "\t")))
    assert "不导入：这份申报中已有相同的一条" in page and "不导入：和前面的一行相同" in page
    assert "导入后还要补填：是否专业技术岗位" in page
    page = confirm(started, 3, 5).text
    for text in ("已导入 2 条。", "第 2 行：这份申报中已有相同的一条", "第 4 行：和前面的一行相同", "第 5 行：是否专业技术岗位"):
        assert text in page, text
    preview(started, table(FIRST.replace("柳州某厂", "甲"), FIRST.replace("柳州某厂", "乙")))
    assert "第 3 行：没有勾选" in confirm(started, 2).text
    assert len(rows(started, "WORK")) == 4


def test_without_a_heading_the_columns_are_those_of_the_template(started):
    page = preview(started, "2012-07\t2015-06\t柳州某厂\t设计部\t技术员\t设计\t是\t韦一")
    assert "没有认出表头，各列按模板的顺序读取" in page and "读出 1 行，1 行可以导入。" in page
    confirm(started, 1)
    assert rows(started, "WORK")[0]["witness"] == "韦一"


def test_a_title_above_the_heading_is_passed_over_and_a_heading_alone_is_nothing(started):
    page = preview(started, "工作经历一览表\n\n" + table(FIRST))
    assert "读出 1 行，1 行可以导入。" in page and "第 4 行" in page and "没有认出表头" not in page
    answer = started.post(started.at("WORK", "import"), table=HEAD)
    assert answer.status_code == 302  # from the page of lines back to the first
    assert "只读到表头，表头下面没有内容" in started.page(answer.location)


@pytest.mark.requirement("A7")
def test_more_rows_than_the_section_takes_are_refused_until_fewer_are_ticked(started):
    line = "\t".join(["本科", "全日制", "广西大学", "机械", "2008-09", "20{:02d}-06", "1"])
    text = "\n".join(["学历\t学习形式\t毕业院校\t所学专业\t入学时间\t毕业时间\t毕业证书编号", *(line.format(n) for n in range(9, 21))])
    assert "「学历学位」还能再加 10 条，请只勾选要导入的行。" in preview(started, text, "EDU")
    answer = confirm(started, *range(2, 14))
    assert answer.status_code == 422
    assert "「学历学位」最多 10 条，还能再加 10 条，您勾选了 12 条，请减少。" in answer.text
    assert "没有可以导入的行，请至少勾选一行。" in confirm(started).text
    assert "已导入 10 条。" in confirm(started, *range(2, 12)).text


@pytest.mark.requirement("A6")
def test_what_cannot_be_read_keeps_what_was_pasted_and_says_what_to_do(started, monkeypatch):
    where = started.at("WORK", "import")
    for text, sentence in (
        ("", "没有读到内容。请把要导入的内容放在第一张工作表，或直接粘贴。"),
        ("一\t二\n" * 302, "一次最多导入 300 行，请分几次导入。"),
        ("<table>", "这个文件不是表格。请另存为 .xlsx、.xls 或 .csv 后再上传。"),
    ):
        answer = started.post(where, table=text)
        assert answer.status_code == 422 and sentence in answer.text
    assert "&lt;table&gt;</textarea>" in answer.text
    data = {"csrf_token": started.csrf, "file": (io.BytesIO(b"PK\x03\x04junk"), "坏.xlsx")}
    answer = started.client.post(where, data=data, content_type="multipart/form-data")
    assert "这个表格打不开，可能已损坏。" in answer.text
    data = {"csrf_token": started.csrf, "file": (io.BytesIO(b"x" * 2_100_000), "大.csv")}
    answer = started.client.post(where, data=data, content_type="multipart/form-data")
    assert "表格不能超过 2 MB" in answer.text


@pytest.mark.requirement("A7")
def test_what_was_read_is_its_persons_its_sections_and_not_for_ever(app, started, redis):
    preview(started, table(FIRST))
    token = started.there.rstrip("/").rsplit("/", 1)[-1]
    sealed = redis.get(f"import:{started.who.id}")
    assert "柳州某厂".encode() not in sealed and 0 < redis.ttl(f"import:{started.who.id}") <= 1800
    answer = started.client.get(started.at("EDU", "import", token))
    assert answer.status_code == 302 and answer.location == started.at("EDU", "import")
    stranger = person(started.session, Role.APPLICANT, serial=7, unit_id=started.town.unit.id)
    started.session.commit()
    other = Desk(log_in(app.test_client(), started.session, stranger), started.session, started.town, stranger)
    other.page(started.there, status=404)
    assert PendingImport(redis, stranger.id, started.number, "WORK").lines(token) is None
    preview(started, table(SECOND))  # a new table takes the place of the old one
    expired = "这次导入的内容已经过期或被新的一次代替，请重新粘贴或上传。"
    assert expired in started.client.get(started.at("WORK", "import", token), follow_redirects=True).text
    redis.flushdb()
    assert expired in started.client.get(started.there, follow_redirects=True).text


def test_without_redis_nothing_pasted_is_lost_and_nothing_added_is_denied(started, monkeypatch):
    def away(*_arguments):
        raise RedisError

    preview(started, table(FIRST))
    monkeypatch.setattr(PendingImport, "finish", away)
    assert "已导入 1 条。" in confirm(started, 2).text and len(rows(started, "WORK")) == 1
    monkeypatch.setattr(PendingImport, "put", away)
    answer = started.post(started.at("WORK", "import"), table=table(SECOND))
    assert answer.status_code == 503 and "现在不能导入，请过几分钟再试" in answer.text and "柳州某院" in answer.text


@pytest.mark.requirement("A12")
def test_nothing_is_imported_into_what_is_not_open(filled):
    preview(filled, table(FIRST))
    filled.submit()
    assert "材料已提交到单位，不能再修改" in confirm(filled, 2).text
    assert "这个表现在不能修改。" in filled.page(filled.at("WORK", "import"))
    send_back(filled, "BASIC")
    assert "这个表没有被退回" in filled.post(filled.at("WORK", "import"), form="/my/unit/", table=table(FIRST)).text
    assert len(rows(filled, "WORK")) == 1


@pytest.mark.requirement("A6")
def test_every_repeating_section_has_a_template_whose_own_example_is_never_taken(started):
    offered = set(re.findall(rf"/my/{started.number}/([A-Z]+)/", started.page(started.at())))
    for section in SECTIONS:
        where = started.at(section.code, "import")
        if section.code not in offered or section not in library_sections():
            started.page(where, status=404)
            continue
        answer = started.client.get(where + "template.xlsx")
        said = answer.headers["Content-Disposition"]
        assert answer.status_code == 200 and said.startswith("attachment; filename") and said.isascii()
        data = {"csrf_token": started.token("/my/unit/"), "file": (io.BytesIO(answer.data), "模板.xlsx")}
        sent = started.client.post(where, data=data, content_type="multipart/form-data")
        page = started.page(sent.location)
        assert "不导入：模板的示例行" in page and "读出 1 行，0 行可以导入。" in page, section.code
        assert "没有认出表头" not in page and "这些列没有对应的项目" not in page, section.code


@pytest.mark.requirement("A7")
def test_the_import_asks_the_database_a_bounded_number_of_times(started, database):
    many = table(*(FIRST.replace("柳州某厂", f"第{place}厂") for place in range(29)))
    preview(started, many)
    with statements(database.engine) as sent:
        started.page(started.there)
    assert len(sent) <= 16, (len(sent), sent)
    with statements(database.engine) as sent:
        started.client.post(started.there, data={"csrf_token": started.csrf, "line": [str(n) for n in range(2, 31)]})
    assert len(sent) <= 22, (len(sent), sent)
    assert len(rows(started, "WORK")) == 29
