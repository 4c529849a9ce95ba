"""导出 in Chromium: hidden columns stay out of the file, and the page that waits shows the download by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.accounts.roles import Role
from app.exports import grids
from app.workflow.states import State
from tests.exports.conftest import xlsx_rows
from tests.factories import application, person


@pytest.mark.requirement("U4")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_hidden_columns_stay_out_and_a_large_file_appears_when_it_is_made(
    page, live_server, session, town, operator, monkeypatch, run_jobs
):
    from playwright.sync_api import expect

    who = person(session, Role.APPLICANT, serial=1, unit_id=town.unit.id)
    for serial in range(3):
        application(session, town, who, state=State.UNIT_REVIEW, number=f"LZ{serial}", extra_granted=True)
    session.commit()
    page.context.add_cookies([{"name": "session", "value": operator.get_cookie("session").value, "url": live_server}])
    page.goto("/unit/review/list/")
    page.get_by_text("列设置").click()
    for column in ("系列、专业、拟评资格", "停留"):
        page.get_by_role("checkbox", name=column, exact=True).uncheck()
    page.locator("summary", has_text="导出").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Excel 表格（.xlsx）").click()
    rows = xlsx_rows(Path(download.value.path()).read_bytes())
    assert (rows[0], len(rows)) == (["姓名", "申报编号", "状态", "提交时间"], 4)
    assert download.value.suggested_filename.startswith("单位审核-")

    monkeypatch.setattr(grids, "AT_ONCE", 2)
    page.get_by_role("button", name="CSV 文本（.csv）").click()
    expect(page.get_by_role("heading", name="我的导出")).to_be_visible()
    expect(page.get_by_text("等待生成")).to_be_visible()
    run_jobs()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载").click()
    assert Path(download.value.path()).read_text("utf-8-sig").startswith("姓名,申报编号,状态,提交时间\n")
