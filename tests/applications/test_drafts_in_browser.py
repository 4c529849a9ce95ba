"""Nothing typed is lost: whatever happens to tab, network, session or server, it is stored, or kept in the browser,
said so, and offered again to the same person only."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from app.accounts.models import LoginSession
from app.applications.models import SectionDocument
from tests.applications.conftest import WORK_ROW
from tests.factories import log_in

pytestmark = [
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
    pytest.mark.requirement("A7"),
]

COPIES = "Object.keys(localStorage).filter(key => key.startsWith('draft:')).length"


def log_in_again(desk, window, url):
    """What the login page does, without its picture, whose answer brings a cookie too: that one must not come last."""
    window.wait_for_load_state("load")
    log_in(desk.client, desk.session, desk.who)
    cookie = desk.client.get_cookie("session")
    window.context.add_cookies([{"name": "session", "value": cookie.value, "url": url}])


@pytest.fixture
def window(started, page, live_server):
    log_in_again(started, page, live_server)
    page.goto(started.at("BASIC"))
    return page


def wait_until(holds: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def stored(desk, field, section="BASIC"):
    desk.session.rollback()
    document = desk.session.scalar(
        sa.select(SectionDocument.document).where(SectionDocument.section == section)
    )
    return (document or {}).get("values", {}).get(field)


def state(window, text):
    expect(window.locator("[data-draft-state]")).to_contain_text(text)


def test_a_closed_tab_has_sent_what_was_typed(started, window):
    context = window.context
    window.locator("#f-post").fill("刚输入就关掉")
    window.close(run_before_unload=True)
    wait_until(lambda: stored(started, "post") == "刚输入就关掉")
    other = context.new_page()
    other.goto(started.at("BASIC"))
    assert other.locator("#f-post").input_value() == "刚输入就关掉"
    assert other.get_by_text("还存在本机").count() == 0


def test_without_network_it_waits_in_the_browser_and_is_offered_again(started, window):
    window.locator("#f-dept").fill("总装车间")
    state(window, "已保存")
    window.context.set_offline(True)
    window.locator("#f-post").fill("没有网络时写的")
    state(window, "没有网络，已存在本机")
    window.get_by_role("button", name="保存", exact=True).click()  # the page stays where it is
    expect(window.get_by_role("alert")).to_contain_text("现在连不上服务器，还没有保存")
    window.close(run_before_unload=False)
    window.context.set_offline(False)
    assert stored(started, "post") is None

    again = window.context.new_page()
    again.goto(started.at())
    expect(again.get_by_text("填写的内容只存在本机，还没有保存到平台")).to_be_visible()
    again.get_by_role("link", name="打开并恢复").click()
    expect(again.get_by_text("填写的内容没有送到服务器，还存在本机，现在恢复吗？")).to_be_visible()
    again.get_by_role("button", name="恢复").click()
    state(again, "已保存")
    assert (stored(started, "post"), stored(started, "dept")) == ("没有网络时写的", "总装车间")
    assert again.evaluate(COPIES) == 0


def test_an_ended_session_is_said_and_the_way_leads_back_to_the_page(started, window, live_server):
    started.session.execute(sa.delete(LoginSession))
    started.session.commit()
    window.locator("#f-post").fill("登录过期时写的")
    window.get_by_role("button", name="保存", exact=True).click()
    expect(window.get_by_role("alert")).to_contain_text("登录已过期，这里填写的内容还没有保存，已存在本机")
    window.get_by_role("link", name="重新登录").click()
    expect(window).to_have_url(f"{live_server}/login/?next={started.at('BASIC')}")
    log_in_again(started, window, live_server)
    window.goto(started.at("BASIC"))
    window.get_by_role("button", name="恢复").click()
    state(window, "已保存")
    assert stored(started, "post") == "登录过期时写的"


def test_two_windows_are_shown_side_by_side_and_nothing_is_overwritten(started, window):
    other = window.context.new_page()
    other.goto(started.at("BASIC"))
    window.locator("#f-post").fill("甲岗")
    window.locator("#f-dept").fill("一部")
    state(window, "已保存")
    other.locator("#f-post").fill("乙岗")
    expect(other.get_by_role("alert")).to_contain_text("这个表已在别的窗口修改过")
    assert stored(started, "post") == "甲岗"

    other.get_by_role("button", name="对照两份内容").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("两处都修改过：请选择保留哪一份")
    # proposed: what this window has changed, and for the rest what is stored
    expect(other.get_by_role("group", name="现从事岗位").get_by_role("radio", name="我这次填写的")).to_be_checked()
    expect(other.get_by_role("group", name="所在部门").get_by_role("radio", name="已保存的")).to_be_checked()
    other.get_by_role("group", name="所在部门").get_by_text("（空）").click()
    other.get_by_role("group", name="所在部门").get_by_text("一部").click()
    other.get_by_role("button", name="按选择保存").click()
    other.get_by_text("已保存，还差").wait_for()
    assert (stored(started, "post"), stored(started, "dept")) == ("乙岗", "一部")
    assert other.evaluate(COPIES) == 0

    window.locator("#f-dept").fill("二部")
    window.get_by_role("button", name="保存", exact=True).click()  # straight to the comparison
    expect(window.get_by_role("heading", level=1)).to_have_text("两处都修改过：请选择保留哪一份")
    assert window.evaluate(COPIES) == 1  # until the choice is made
    window.get_by_role("link", name="全部用已保存的").click()
    assert window.locator("#f-dept").input_value() == "一部"
    assert window.evaluate(COPIES) == 0


def test_a_server_in_trouble_is_asked_again_and_a_foreign_copy_is_not_offered(started, window):
    foreign = f"draft:{started.who.id + 1}:{started.number}:BASIC~x"
    window.evaluate("key => localStorage.setItem(key, JSON.stringify({at: 1, version: '0', v: [['f-post', '别人']]}))", foreign)
    window.reload()
    assert window.get_by_text("现在恢复吗").count() == 0  # another account on the same computer
    window.evaluate("localStorage.clear()")
    window.route("**/draft", lambda route: route.fulfill(status=502, body="<h1>Bad Gateway</h1>"))
    window.locator("#f-post").fill("服务器重启时写的")
    state(window, "服务器没有回应，已存在本机")
    window.unroute("**/draft")
    state(window, "已保存")
    assert stored(started, "post") == "服务器重启时写的" and window.evaluate(COPIES) == 0


def test_a_campaign_that_closes_meanwhile_is_said_at_the_next_save(started, window, clock):
    clock.set(started.town.campaign.closes_at - timedelta(minutes=20))
    window.locator("#f-post").fill("截止前")
    expect(window.get_by_role("alert")).to_contain_text("还剩 20 分钟，请尽快检查并提交")
    clock.set(started.town.campaign.closes_at + timedelta(minutes=1))
    window.locator("#f-post").fill("截止后")
    expect(window.get_by_role("alert")).to_contain_text("截止，现在不能提交。填写的内容仍会保存。")
    state(window, "已保存")
    assert stored(started, "post") == "截止后"


def test_logging_out_saves_first_and_leaves_nothing_behind_in_any_window(started, window):
    other = window.context.new_page()
    other.goto(started.at("WORK", "rows", WORK_ROW))
    window.evaluate("localStorage.setItem('draft:1:x:BASIC~z', '{}'); localStorage.setItem('big', 'true')")
    window.locator("#f-post").fill("退出前写的")
    window.get_by_label("账号菜单", exact=False).click()
    window.get_by_role("button", name="退出登录").click()
    window.get_by_text("您已退出登录。").wait_for()
    assert stored(started, "post") == "退出前写的"
    assert window.evaluate(COPIES) == 0 and window.evaluate("localStorage.getItem('big')") == "true"
    expect(other.get_by_role("alert")).to_contain_text("已在别的窗口退出登录")
    other.locator("#f-unit").fill("退出后写的")
    other.goto("/login/")
    assert other.evaluate(COPIES) == 0
