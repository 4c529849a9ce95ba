"""The people of a journey, each at a browser of their own, doing what the manual says they do."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect
from redis import Redis

WIDTHS = {1440: 900, 390: 844}


@dataclass
class Stage:
    """Where the journey plays: the running site, and what its people can see besides (SMS on their phones)."""

    app: Flask
    browser: Browser
    base_url: str
    redis: Redis
    run_jobs: Callable[[], None]
    width: int
    complaints: list[str] = field(default_factory=list)

    def visitor(self) -> Visitor:
        """Somebody new at a browser of `width`; what the browser complains about is kept."""
        context = self.browser.new_context(
            base_url=self.base_url, locale="zh-CN", viewport={"width": self.width, "height": WIDTHS[self.width]}
        )
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("console", lambda message: message.type == "error" and self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return Visitor(self, page)

    def sms_to(self, phone: str) -> list[str]:
        """What has arrived on a phone, oldest first."""
        self.run_jobs()
        return [each.text for each in self.app.extensions["gateways"].sms.sent if each.phone == phone]


@dataclass
class Visitor:
    """One browser. Methods are named for what a person does."""

    stage: Stage
    page: Page

    def open(self, path: str) -> None:
        answer = self.page.goto(path)
        assert answer is not None and answer.status < 400, f"{path}: {answer and answer.status}"
        self.check_page()

    def check_page(self) -> None:
        """Every page of the journey has one heading and fits its screen."""
        assert self.page.locator("h1").count() == 1, self.page.url
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.stage.width, f"{self.page.url} is {wide} px wide"

    def fill(self, label: str, text: str) -> None:
        self.field(label).fill(text)

    def field(self, label: str) -> Locator:
        """The control of a label; the words of a label may be followed by （选填）. Scripts have replaced what they
        replace by the time that a page is loaded."""
        self.page.wait_for_load_state("load")
        return self.page.get_by_label(re.compile(f"^{re.escape(label)}(（选填）)?$")).first

    def choose(self, label: str, option: str) -> None:
        """An option of a select, natively or by typing into a searchable one."""
        control = self.field(label)
        if control.evaluate("e => e.tagName") == "SELECT":
            control.select_option(label=option)
            return
        control.fill(option)
        self.page.get_by_role("option", name=re.compile(f"^{re.escape(option)}")).first.click()

    def tick(self, label: str) -> None:
        self.page.get_by_label(label).first.check()

    def pick(self, question: str, answer: str) -> None:
        """是 or 否."""
        group = self.page.get_by_role("group", name=re.compile(f"^{re.escape(question)}"))
        group.get_by_label(answer, exact=True).check()

    def press(self, name: str) -> None:
        """A button; if the page asks whether one is sure, one is."""
        self.page.get_by_role("button", name=name, exact=True).first.click()
        sure = self.page.locator("#dlg-confirm[open]")
        if sure.count():
            sure.get_by_role("button", name="确定").click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def reads(self, heading: str) -> None:
        """Waits for a page by its heading, and looks at it."""
        expect(self.page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        self.check_page()

    def upload(self, control: str, name: str, content: bytes) -> None:
        """Gives a file to the input with that id and waits until its row says that it has arrived."""
        self.page.wait_for_load_state("load")
        kind = "application/pdf" if name.endswith(".pdf") else "image/jpeg"
        self.page.set_input_files(f"#{control}", {"name": name, "mimeType": kind, "buffer": content})
        row = self.page.locator("li", has=self.page.locator(f"#{control}"))
        expect(row.get_by_text("已上传。").first).to_be_visible()

    def type_captcha(self) -> None:
        self.page.locator("[data-captcha-answer]").fill(self.captcha())

    def captcha(self) -> str:
        """What the picture on the page says, as a person would read it."""
        name = self.stage.app.config["SESSION_COOKIE_NAME"]
        cookie = next(each["value"] for each in self.page.context.cookies() if each["name"] == name)
        serializer = self.stage.app.session_interface.get_signing_serializer(self.stage.app)  # type: ignore[attr-defined]
        browser_id = serializer.loads(cookie)["browser"]
        self.page.wait_for_load_state("networkidle")
        return self.stage.redis.get(f"captcha:{browser_id}").decode()

    def log_in(self, window: str, name: str, password: str) -> None:
        self.open("/login/" if window == "个人登录" else "/org/login/")
        self.reads(window)
        self.fill("手机号" if window == "个人登录" else "登录名", name)
        self.fill("密码", password)
        self.type_captcha()
        self.press("登录")
        self.page.wait_for_url(lambda url: "login" not in url)
        self.check_page()

    def log_out(self) -> None:
        token = self.page.locator("input[name=csrf_token]").first.input_value()
        self.page.context.request.post("/account/logout/", form={"csrf_token": token})
        self.page.context.clear_cookies()


def shot(visitor: Any, name: str) -> None:
    """A picture for the eye, into the folder of `SCREENSHOTS`, if there is one."""
    import os
    from pathlib import Path

    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        visitor.page.screenshot(path=f"{folder}/{visitor.stage.width}-{name}.png", full_page=True)
