"""The payment page in a browser: it follows the payment by itself."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from app.workflow.states import State
from tests.factories import log_in

pytestmark = [pytest.mark.requirement("A13"), pytest.mark.parametrize("database", ["sqlite"], indirect=True)]


def test_an_applicant_pays_on_the_phone_and_the_open_page_turns_to_success(app, session, due, page, live_server):
    visitor = log_in(app.test_client(), session, due.applicant)
    cookie = visitor.get_cookie(app.config["SESSION_COOKIE_NAME"])
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server}])
    page.goto(f"/my/{due.application.number}/pay/")
    code = page.get_by_alt_text("缴费二维码")
    assert code.evaluate("picture => picture.naturalWidth") > 100
    cashier = page.context.new_page()
    cashier.goto(page.get_by_role("link", name="在本机支付").get_attribute("href"))
    assert urlsplit(cashier.url).path.startswith("/demo/cashier/")
    cashier.get_by_role("button", name="确认支付（模拟）").click()
    cashier.get_by_text("付款成功，已通知平台").wait_for()
    page.get_by_text("缴费成功").wait_for()
    assert not page.get_by_alt_text("缴费二维码").count()
    session.refresh(due.application)
    assert due.application.state is State.READY
