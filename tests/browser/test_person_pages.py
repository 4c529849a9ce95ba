"""Every page that the public and an applicant see, in the demonstration's city, on a desk and on a phone:
sound, quiet, readable for everybody (axe: WCAG 2.2, A and AA), and never wider than the screen."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from app.accounts.models import Person
from app.accounts.phones import phone_digest
from app.applications.models import Application
from app.demo.commands import prepare_demo
from app.extensions import db
from app.public_notices.models import PublicNotice
from app.workflow.states import Party
from tests.conftest import forget, use
from tests.factories import log_in, phone_number

pytestmark = [
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
    pytest.mark.parametrize("width", [1440, 390]),
]

HEIGHTS = {1440: 900, 390: 844}
NARROW = 320
TARGET = 44  # px, the least height for a finger
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}

PUBLIC = (
    "/", "/login/", "/org/login/", "/register/", "/register/unit/", "/forgot/", "/notices/", "/notices/1",
    "/conditions/", "/conditions/05", "/self-check/", "/self-check/05/MID", "/self-check/26/MID", "/help/", "/publicity/", "/verify/", "/privacy/", "/accessibility/", "/demo/sms/",
)  # fmt: skip
OWN = (
    "/my/", "/my/apply/", "/self-check/17/ASSOC", "/my/unit/", "/my/certificates/", "/messages/", "/account/", "/account/password/",
    "/account/phone/", "/account/identity/", "/my/library/", "/my/library/EDU/new/", "/account/devices/", "/my/data/", "/my/data/deletion/",
)  # fmt: skip
DRAFT, RETURNED, TO_PAY, CERTIFIED, AT_UNIT, LAPSED = 1, 2, 3, 4, 5, 16
RENAMED, LEAVING = 6, 13
EACH_SECTION = ("BASIC", "APPLY", "EDU", "WORK", "TITLE", "PROJECT", "REP", "PROMISE", "ATTACH")
REPEATING = ("EDU", "WORK", "TITLE", "PROJECT", "REP")

# What a finger must hit; links within running text are exempt (WCAG 2.5.8), a box counts with its label.
SMALL = """least => [...document.querySelectorAll('a, button, input, select, textarea, summary')]
.filter(e => {
  const box = (e.matches('[type=checkbox], [type=radio]') && e.closest('label') || e).getBoundingClientRect()
  const inText = e.tagName === 'A' && getComputedStyle(e).display === 'inline'
    && e.closest('p, li, dd') && !e.closest('nav')
  return e.checkVisibility({visibilityProperty: true}) && !e.matches('.sr, .skip') && !inText
    && box.height > 0 && box.height < least - 0.5
}).map(e => `${e.tagName} ${e.textContent.trim() || e.id} ${e.getBoundingClientRect().height}`)"""


# Where the focus is, and what is wrong there: no mark, or something lies over it. A hidden file field is its label.
FOCUS = """() => {
  const e = document.activeElement
  if (!e || e === document.body) return null
  const shown = e.matches('.sr') && e.labels?.length ? e.labels[e.labels.length - 1] : e
  const box = shown.getBoundingClientRect(), style = getComputedStyle(shown)
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 20))
  const name = `${e.tagName} ${e.id} ${e.textContent.trim().slice(0, 20)}`
  if (style.outlineStyle === 'none') return `no mark at ${name}`
  return top && (shown.contains(top) || top.contains(shown)) ? '' : `${name} is covered`
}"""


@pytest.fixture(scope="module")
def town(whole_app, database) -> Iterator[tuple[Any, str]]:
    """The application with the demonstration's city, served; the tests here only read."""
    database.restore()
    use(whole_app, database)
    with whole_app.app_context():
        prepare_demo(whole_app)
        db.session.remove()
    server = make_server("127.0.0.1", 0, whole_app, threaded=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield whole_app, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
    forget(whole_app)


@pytest.fixture
def look(town, database, browser, width):
    """`with look(serial) as window`: a browser of that applicant (None: a visitor); `window.at(path)` opens a
    page and notes what is wrong with it. At the end nothing may be noted."""
    app, url = town
    use(app, database)

    @contextmanager
    def opened(serial: int | None = None) -> Iterator[Window]:
        context = browser.new_context(
            base_url=url, locale="zh-CN", viewport={"width": width, "height": HEIGHTS[width]}
        )
        context.set_default_timeout(15_000)
        number = ""
        if serial is not None:
            with Session(database.engine) as session:
                value, number = session_of(app, session, serial)
            context.add_cookies([{"name": "session", "value": value, "url": url}])
        window = Window(context.new_page(), width, number)
        try:
            yield window
        finally:
            context.close()
        assert not window.faults, "\n".join(window.faults)

    return opened


def session_of(app: Any, session: Session, serial: int) -> tuple[str, str]:
    """The session cookie of the applicant with that phone, and the number of the newest application."""
    digest = phone_digest(phone_number(serial))
    owner = sa.select(Person).where(Person.phone_digest == digest, Person.kind == Party.APPLICANT)
    who = session.scalar(owner)
    assert who is not None
    newest = sa.select(Application.number).where(Application.applicant_id == who.id)
    number = session.scalar(newest.order_by(Application.id.desc()).limit(1))
    client = log_in(app.test_client(), session, who)
    cookie = client.get_cookie("session")
    assert cookie is not None and number is not None
    return cookie.value, number


class Window:
    """A page that remembers what was wrong."""

    def __init__(self, page: Any, width: int, number: str) -> None:
        self.page, self.width, self.number, self.faults, self.status = page, width, number, [], 200
        page.on("pageerror", lambda error: self.note(f"script error {error}"))
        page.on("console", self.heard)

    def heard(self, message: Any) -> None:
        own_status = f"status of {self.status} " in message.text and self.status >= 400
        if message.type == "error" and not own_status:
            self.note(f"console {message.text}")

    def note(self, fault: str) -> None:
        self.faults.append(f"{self.page.url} at {self.width}: {fault}")

    def at(self, path: str, status: int = 200) -> None:
        self.status = status
        answer = self.page.goto(path.replace("NUMBER", self.number))
        if answer.status != status:
            self.note(f"status {answer.status}")
        self.judge()

    def judge(self) -> None:
        page = self.page
        if not page.title().strip():
            self.note("no title")
        if (headings := page.locator("h1").count()) != 1:
            self.note(f"{headings} h1")
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > self.width:
            self.note(f"{wide} px wide")
        if self.width < 700 and (small := page.evaluate(SMALL, TARGET)):
            self.note(f"small targets {small}")
        if self.width < 700:
            self.narrow()
        # at full length, so that no bar at the foot of the screen covers what is judged
        tall = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": self.width, "height": max(tall, HEIGHTS[self.width])})
        for rule in Axe().run(page, options=RULES).response["violations"]:
            places = [" ".join(map(str, node["target"])) for node in rule["nodes"][:3]]
            self.note(f"axe {rule['id']}: {places}")
        page.set_viewport_size({"width": self.width, "height": HEIGHTS[self.width]})


    def tab(self) -> str | None:
        """One stop on: "" when all is well there, None after the last."""
        self.page.keyboard.press("Tab")
        return self.page.evaluate(FOCUS)

    def narrow(self) -> None:
        """The least width that WCAG 1.4.10 asks for (a desk at 400 %), in usual and in large type."""
        page = self.page
        page.set_viewport_size({"width": NARROW, "height": HEIGHTS[self.width]})
        for big in (False, True):
            page.evaluate("big => document.documentElement.classList.toggle('big', big)", big)
            if (wide := page.evaluate("document.documentElement.scrollWidth")) > NARROW:
                self.note(f"{wide} px wide at {NARROW}{' in large type' if big else ''}")
        page.evaluate("document.documentElement.classList.remove('big')")
        page.set_viewport_size({"width": self.width, "height": HEIGHTS[self.width]})


@pytest.mark.requirement("P1")
def test_the_public_pages_are_sound_for_everybody(look, database):
    with Session(database.engine) as session:
        today = datetime.now(UTC).date()
        tokens = sa.select(PublicNotice.token).where(PublicNotice.closes_on >= today)
        running = session.scalar(tokens.limit(1))
    with look() as window:
        for path in (*PUBLIC, f"/notices/public/{running}"):
            window.at(path)
        window.at("/self-check/05/MID")
        window.page.get_by_label("最高学历").select_option(label="大学本科学历")
        window.page.get_by_role("button", name="核对").click()
        window.page.get_by_role("heading", name="逐项核对").wait_for()
        window.page.get_by_text("其他 4 条").click()
        window.judge()
        window.at("/nothing-here", status=404)
        window.at("/my/", status=200)  # to the login window


def test_refused_public_forms_are_sound_too(look):
    with look() as window:
        for path, button in (("/login/", "登录"), ("/org/login/", "登录"), ("/forgot/", "设为新密码")):
            window.at(path)
            window.page.get_by_role("button", name=button, exact=True).click()
            expect(window.page).to_have_title(re.compile("^有错误："))
            window.page.locator(".errsum").wait_for()
            window.judge()
        window.at("/register/")
        window.page.get_by_role("checkbox").check()
        window.page.get_by_role("button", name="同意并继续").click()
        window.page.get_by_role("button", name="完成并提交").click()
        window.page.locator(".errsum").wait_for()
        window.judge()
        window.at("/verify/")
        window.page.get_by_label("证书编号").fill("450220260540000000")
        window.page.get_by_label("姓名").fill("某某")
        window.page.get_by_role("main").get_by_role("button", name="查验").click()
        window.page.get_by_text("没有查到").wait_for()
        window.judge()


@pytest.mark.requirement("A6")
def test_the_pages_of_an_applicant_who_fills_in_are_sound(look):
    with look(DRAFT) as window:
        for path in OWN:
            window.at(path)
        for path in ("", "progress/", "check/", "change/", *(f"{section}/" for section in EACH_SECTION)):
            window.at(f"/my/NUMBER/{path}")
        for section in REPEATING:
            window.at(f"/my/NUMBER/{section}/rows/new/")
        for path in ("earlier/", "WORK/library/", "WORK/library/keep/", "WORK/import/"):
            window.at(f"/my/NUMBER/{path}")
        window.page.get_by_label("粘贴表格").fill("开始时间\t单位\t备注\n2012.1\t柳州某厂\t甲\n很久以前\t柳州某院\t乙")
        for button, window.status in (("下一步：核对", 200), ("确认导入", 422)):
            window.page.get_by_role("button", name=button).click()
            window.page.wait_for_load_state("load")
            window.judge()
        expect(window.page.locator(".errsum")).to_contain_text("第 3 行有错误。")
        window.at("/my/NUMBER/NOTHING/", status=404)


@pytest.mark.requirement("A15")
def test_the_pages_about_the_own_account_are_sound_in_each_state(look):
    with look(RENAMED) as window:
        window.at("/account/identity-change/")
        window.page.get_by_role("heading", name="正在审核的申请").wait_for()
    with look(LEAVING) as window:
        window.at("/my/data/deletion/")
        window.page.get_by_role("button", name="撤回注销申请").wait_for()
    with look(AT_UNIT) as window:
        window.at("/my/data/deletion/")
        window.page.get_by_role("heading", name="现在不能注销").wait_for()
        window.at("/account/identity-change/")
        window.status = 422
        window.page.get_by_role("button", name="提交申请").click()
        window.page.locator(".errsum").wait_for()
        window.judge()


@pytest.mark.parametrize(
    ("serial", "said", "pages"),
    [
        (RETURNED, "材料已退回，请修改 2 处", ("#", "#progress/", "#check/", "#EDU/", "#PROJECT/")),
        (TO_PAY, "请缴评审费 480 元", ("#progress/", "#check/", "#pay/")),
        (CERTIFIED, "职称证书已发放", ("#progress/", "#submitted/", "/my/certificates/")),
        (AT_UNIT, "现在没有需要您办理的事项", ("#", "#progress/", "#BASIC/")),
        (LAPSED, "逾期未缴费", ("#progress/", "#pay/")),
    ],
    ids=["returned", "to pay", "certified", "at the unit", "lapsed"],
)
@pytest.mark.requirement("A10")
def test_the_home_says_what_is_next_above_the_fold(look, serial, said, pages):
    with look(serial) as window:
        window.at("/my/")
        box = window.page.get_by_text(said).first.bounding_box()
        assert box is not None and box["y"] + box["height"] < HEIGHTS[window.width] - 60
        for path in pages:
            window.at(path.replace("#", "/my/NUMBER/"))


def test_a_service_that_is_not_open_says_so_and_leads_nowhere(look):
    for serial, start in ((None, "/login/?next=/my/apply/"), (DRAFT, "/my/apply/")):
        with look(serial) as window:
            window.page.goto("/")
            tiles = window.page.locator(".svc li")
            closed = tiles.filter(has_text="暂未开放")
            assert [text.split()[0] for text in closed.locator("b").all_inner_texts()] == [
                "职称认定", "重新确认", "遗失补办", "注册登记",
            ]  # fmt: skip
            assert closed.locator("a[href]").count() == 0
            assert tiles.filter(has_text="职称申报").locator("a").first.get_attribute("href") == start


@pytest.mark.requirement("P2")
def test_the_keyboard_alone_reaches_what_it_wants_and_sees_where_it_is(look):
    with look(DRAFT) as window:
        page = window.page
        for path in ("", "EDU/rows/new/", "progress/"):
            page.goto(f"/my/{window.number}/{path}")
            stops: list[str] = []
            while len(stops) < 100 and (found := window.tab()) is not None:
                stops.append(found)
            assert len(stops) > 10
            window.faults += filter(None, stops)
        page.goto(f"/my/{window.number}/")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#main")).to_be_focused()
        asks = page.get_by_role("button", name="取消申报")
        asks.press("Enter")
        expect(page.locator("#dlg-confirm button").first).to_be_focused()
        page.keyboard.press("Escape")
        expect(asks).to_be_focused()
        if window.width < 700:
            menu = page.get_by_role("button", name="打开菜单")
            menu.press("Enter")
            expect(page.locator(".side a").first).to_be_focused()
            assert page.locator("#main").evaluate("main => main.inert") is True
            page.keyboard.press("Escape")
            expect(menu).to_be_focused()
            assert page.locator("#main").evaluate("main => main.inert") is False
