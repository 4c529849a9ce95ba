"""What only a browser can show: the narrowing lists, drafts while typing, uploads with progress, the photo."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.applications.models import SectionDocument
from app.applications.views import apply
from app.files.models import StoredFile
from tests.applications.conftest import SPECIALTY, TITLE, jpeg, pdf, png

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def window(desk, page, live_server):
    page.context.add_cookies(
        [{"name": "session", "value": desk.client.get_cookie("session").value, "url": live_server}]
    )
    return page


@pytest.mark.requirement("A5")
def test_the_three_steps_are_walked_with_the_keyboard_lists(desk, window, monkeypatch):
    monkeypatch.setattr(apply, "READING_SECONDS", 0)
    window.goto("/my/")
    window.get_by_role("link", name="开始申报").click()
    window.get_by_label("我已阅读评审须知").check()
    window.get_by_role("button", name="下一步").click()
    window.get_by_label("我作出以上承诺").check()
    window.get_by_role("button", name="确认承诺").click()
    window.wait_for_load_state("load")
    assert window.locator("#campaign").input_value()  # the only one is chosen already
    window.locator("input#specialty").fill("机械设计")
    window.locator("input#specialty").press("Enter")
    window.locator("input#title").click()
    window.get_by_role("option", name="高级工程师").first.click()
    window.get_by_role("button", name="生成申报清单").click()
    window.get_by_role("heading", name="高级工程师 · 机械设计").wait_for()
    assert (SPECIALTY, TITLE) == ("050101", "05-039")


@pytest.mark.requirement("A7")
def test_typing_is_kept_without_a_click(started, window):
    window.goto(started.at("BASIC"))
    window.locator("#f-post").fill("汽车设计")
    window.get_by_text("已保存", exact=False).first.wait_for()
    started.session.expire_all()
    assert started.session.scalar(sa.select(SectionDocument.document))["values"]["post"] == "汽车设计"
    window.locator("#f-post").fill("汽车零部件设计")
    window.get_by_role("button", name="保存").click()
    window.get_by_text("已保存，还差").wait_for()
    assert window.locator("#f-post").input_value() == "汽车零部件设计"


@pytest.mark.requirement("A8")
def test_files_go_up_with_a_sentence_and_a_preview(started, window):
    window.goto(started.at("BASIC"))
    window.locator("#f-id_front").set_input_files(
        {"name": "正面.jpg", "mimeType": "image/jpeg", "buffer": png()}
    )
    window.get_by_text("身份证人像面须为JPG", exact=False).wait_for()
    window.locator("#f-id_front").set_input_files(
        {"name": "正面.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    )
    window.get_by_text("身份证人像面已上传。").wait_for()
    window.locator("#photo-file").set_input_files(
        {"name": "照片.jpg", "mimeType": "image/jpeg", "buffer": jpeg(600, 900)}
    )
    window.get_by_role("button", name="使用这张照片").click()
    window.get_by_text("证件照已上传。").wait_for()
    window.goto(started.at("ATTACH"))
    window.locator("#f-achieve").set_input_files(
        {"name": "业绩.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    )
    window.get_by_text("业绩成果证明材料（合并PDF）已上传。").wait_for()
    started.session.expire_all()
    kinds = started.session.scalars(sa.select(StoredFile.kind).order_by(StoredFile.id)).all()
    assert kinds == ["IDCARD_F", "PHOTO", "ACHIEVE"]


@pytest.mark.requirement("A8")
def test_a_replaced_file_is_deleted_and_brought_back_without_opening_the_page_again(started, window):
    started.upload(started.at("BASIC", "files", "id_front"), jpeg())
    window.goto(started.at("BASIC"))
    window.locator("#f-id_front").set_input_files(
        {"name": "新的.jpg", "mimeType": "image/jpeg", "buffer": jpeg(400, 300)}
    )
    window.get_by_text("身份证人像面已上传。").wait_for()
    place = window.locator("li", has=window.locator("#f-id_front"))
    place.get_by_role("button", name="删除").click()
    window.get_by_text("已删除文件“新的.jpg”。").wait_for()
    assert "还没有上传" in place.inner_text()
    window.get_by_role("button", name="恢复").click()
    window.get_by_text("已恢复文件“新的.jpg”。").wait_for()
    assert "新的.jpg" in place.inner_text()


@pytest.mark.requirement("A6", "A7", "P2")
def test_rows_come_from_a_pasted_table_and_out_of_the_library_on_a_phone(started, window):
    window.set_viewport_size({"width": 390, "height": 844})
    window.goto(started.at("WORK"))
    window.get_by_role("link", name="批量导入").click()
    with window.expect_download() as template:
        window.get_by_role("link", name="下载「工作经历」模板").click()
    assert template.value.suggested_filename == "工作经历导入模板.xlsx"
    window.get_by_label("粘贴表格").fill(
        "开始时间\t结束时间\t单位\t岗位/职务\t从事何专业技术工作\t是否专业技术岗位\n"
        "2012.7\t2015年6月\t柳州某厂\t技术员\t设计\t是\n"
        "很久以前\t至今\t柳州某院\t工程师\t设计\t是"
    )
    window.get_by_role("button", name="下一步：核对").click()
    window.get_by_text("第 3 行「开始时间」：看不懂「很久以前」，请写成 2020-03。").wait_for()
    window.get_by_label("有错误的行不导入（第 3 行）").check()
    window.get_by_role("button", name="确认导入").click()
    window.get_by_text("已导入 1 条。").wait_for()
    window.get_by_role("link", name="查看「工作经历」").click()
    window.get_by_role("heading", name="柳州某厂").wait_for()
    window.get_by_role("link", name="存入资料库").click()
    window.get_by_role("button", name="存入资料库").click()
    window.get_by_text("已存入资料库：新增 1 条").wait_for()
    window.get_by_role("button", name="删除").click()
    window.get_by_text("共 0 条").wait_for()
    window.get_by_role("link", name="从资料库选择").click()
    window.get_by_label("柳州某厂").check()
    window.get_by_role("button", name="加入这份申报").click()
    window.get_by_text("已从资料库加入 1 条").wait_for()
    assert window.evaluate("document.documentElement.scrollWidth") == 390
    started.session.expire_all()
    rows = started.session.scalar(sa.select(SectionDocument.document))["rows"]
    assert [(row["start"], row["end"], row["unit"]) for row in rows] == [("2012-07", "2015-06", "柳州某厂")]
