"""Registration and log-in as a person does them on a phone: the scripts of the pages are part of it."""

import pytest
import sqlalchemy as sa

from app.accounts.models import UsualPlace
from tests.accounts.steps import GOOD, code_in, last_text
from tests.factories import PASSWORD, Role, id_number, person, phone_number

SIDEWAYS = "document.documentElement.scrollWidth > innerWidth"


@pytest.mark.requirement("A1", "A2")
def test_a_person_registers_and_logs_in_on_a_phone(browser, live_server, redis, session):
    context = browser.new_context(
        base_url=live_server, locale="zh-CN", viewport={"width": 390, "height": 844}, has_touch=True
    )
    context.set_default_timeout(10_000)
    page, problems = context.new_page(), []
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)

    def picture():
        page.wait_for_load_state("networkidle")
        [key] = redis.keys("captcha:*")
        return redis.get(key).decode()

    page.goto("/register/")
    page.check("[name=agree]")
    page.get_by_role("button", name="同意并继续").click()
    page.fill("#name", "梁小燕")
    page.fill("#id_no", id_number(7).lower())
    page.fill("#phone", "138 0000 0007")
    page.fill("#password", GOOD)
    page.fill("#confirm", GOOD)
    page.fill("#captcha", picture())
    page.get_by_role("button", name="获取短信验证码").click()
    page.get_by_text("验证码已发送，请查收短信").wait_for()
    assert page.get_by_role("button", name="秒后可重发").is_disabled()
    page.fill("#code", code_in(last_text(session)))
    session.rollback()
    assert not page.evaluate(SIDEWAYS)
    page.get_by_role("button", name="完成并提交").click()
    page.get_by_text("注册成功，请登录。").wait_for()
    assert page.input_value("#username") == phone_number(7)
    page.fill("#password", GOOD)
    page.fill("#captcha", picture())
    assert not page.evaluate(SIDEWAYS)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: "/login/" not in url)
    page.goto("/account/")
    assert page.get_by_text("138****0007").is_visible()
    assert not page.evaluate(SIDEWAYS)
    assert problems == []
    context.close()


@pytest.mark.requirement("A2")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_who_cannot_see_the_picture_logs_in_without_it(page, session):
    person(session, Role.APPLICANT, serial=11)
    session.commit()
    page.goto("/login/")
    page.wait_for_load_state("networkidle")
    page.fill("#username", phone_number(11))
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="看不清图片，改用免看图验证").press("Enter")
    page.get_by_role("status").filter(has_text="验证已通过，不用看图，请继续填写。").wait_for()
    assert page.input_value("#captcha").isdigit()
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/my/")


@pytest.mark.requirement("U2")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_clerk_proves_an_unusual_place_once_and_forgets_it(browser, live_server, redis, session):
    person(session, Role.UNIT_OPERATOR, login_name="gongsi-02", phone=phone_number(77))
    session.execute(sa.delete(UsualPlace))
    session.commit()
    context = browser.new_context(base_url=live_server, locale="zh-CN", viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.set_default_timeout(10_000)

    def log_in():
        page.goto("/org/login/?next=/account/devices/")
        page.wait_for_load_state("networkidle")
        page.fill("#username", "gongsi-02")
        page.fill("#password", PASSWORD)
        [key] = redis.keys("captcha:*")
        page.fill("#captcha", redis.get(key).decode())
        page.get_by_role("button", name="登录", exact=True).click()
        page.wait_for_load_state("networkidle")

    def log_out():
        token = page.locator("input[name=csrf_token]").first.input_value()
        context.request.post("/account/logout/", form={"csrf_token": token})
        redis.flushdb()  # the minute between two codes is over

    log_in()
    page.get_by_role("heading", name="短信验证").wait_for()
    assert not page.evaluate(SIDEWAYS)
    page.get_by_label("短信验证码").fill(code_in(last_text(session)))
    session.rollback()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="登录设备").wait_for()
    log_out()
    log_in()
    page.get_by_role("heading", name="登录设备").wait_for()
    assert not page.evaluate(SIDEWAYS)
    page.locator("input[name=place]").check()
    page.fill("#places-current", PASSWORD)
    page.get_by_role("button", name="忘记所选").click()
    page.get_by_text("已忘记 1 个常用登录地点").wait_for()
    log_out()
    log_in()
    page.get_by_role("heading", name="短信验证").wait_for()
    context.close()
