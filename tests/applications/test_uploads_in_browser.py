"""Pictures of phones, interrupted uploads and the look at a file, as only a browser shows them."""

from __future__ import annotations

import io
import os

import pytest
import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import expect

from app.files.models import StoredFile
from tests.applications.conftest import WORK, WORK_ROW, jpeg, pdf, png, prefixed
from tests.factories import log_in

pytestmark = [
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
    pytest.mark.requirement("A8"),
]


@pytest.fixture
def phone(started, browser, live_server):
    """A page of 390 px with a finger, at the applicant's first section."""
    context = browser.new_context(
        base_url=live_server, locale="zh-CN", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    context.set_default_timeout(20_000)
    log_in(started.client, started.session, started.who)
    cookie = started.client.get_cookie("session")
    context.add_cookies([{"name": "session", "value": cookie.value, "url": live_server}])
    page = context.new_page()
    page.goto(started.at("BASIC"))
    yield page
    context.close()


def of_a_phone(width: int = 4000, height: int = 3000) -> bytes:
    """About 8 MB, lying on its side as the camera stores it, its upper left corner (once upright) red."""
    picture = Image.frombytes("RGB", (width // 4, height // 4), os.urandom(width * height * 3 // 16))
    picture = picture.resize((width, height), Image.Resampling.NEAREST)
    picture.paste((220, 20, 20), (0, height - 800, 800, height))
    exif, out = Image.Exif(), io.BytesIO()
    exif[0x0112] = 6
    picture.save(out, "JPEG", quality=90, exif=exif)
    return out.getvalue()


def chosen(name: str, content: bytes, kind: str = "image/jpeg") -> dict[str, object]:
    return {"name": name, "mimeType": kind, "buffer": content}


def kept(desk, app) -> Image.Image:
    desk.session.rollback()
    key = desk.session.scalar(sa.select(StoredFile.storage_key).where(StoredFile.replaced_at.is_(None)))
    return Image.open(app.extensions["gateways"].storage.path(key))


def test_a_large_picture_of_a_phone_is_turned_and_shrunk_before_it_is_sent(started, app, phone):
    content = of_a_phone()
    assert 7_000_000 < len(content) < 12_000_000
    sent = []
    phone.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    phone.locator("#f-id_front").set_input_files(chosen("身份证.jpg", content))
    expect(phone.get_by_text("身份证人像面已上传。")).to_be_visible()
    with kept(started, app) as picture:
        assert picture.width < picture.height <= 2600  # upright
        red, green, _blue = picture.getpixel((picture.width // 20, picture.height // 20))
        assert red > 150 > 90 > green
    assert [request.method for request in sent] == ["POST"]
    assert int(sent[0].headers.get("content-length", 0) or 0) <= 1_050_000


def test_other_formats_become_jpeg_where_the_browser_can_open_them(started, app, phone):
    phone.locator("#f-id_front").set_input_files(chosen("IMG_1.HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", ""))
    expect(phone.get_by_text("“IMG_1.HEIC”是 HEIC 图片，这个浏览器打不开", exact=False)).to_be_visible()
    phone.locator("#f-id_front").set_input_files(chosen("坏的.png", b"\x89PNG\r\n\x1a\n", "image/png"))
    expect(phone.get_by_text("“坏的.png”打不开，可能已损坏", exact=False)).to_be_visible()
    phone.locator("#f-id_front").set_input_files(chosen("合同.docx", b"PK\3\4", "application/msword"))
    expect(phone.get_by_text("“合同.docx”不是 JPG 文件，请换一个。")).to_be_visible()
    phone.locator("#f-id_front").set_input_files(chosen("截图.png", png(), "image/png"))
    expect(phone.get_by_text("身份证人像面已上传。")).to_be_visible()
    with kept(started, app) as picture:
        assert (picture.format, picture.size) == ("JPEG", (30, 30))
    assert started.session.scalar(sa.select(StoredFile.name)) == "截图.jpg"


def test_an_upload_is_cancelled_and_after_a_fault_sent_again_without_choosing_anew(started, phone):
    place, row = "**/files/id_front/", phone.locator("[data-upload]", has=phone.locator("#f-id_front"))
    held = []
    phone.route(place, lambda route: held.append(route))
    phone.locator("#f-id_front").set_input_files(chosen("正面.jpg", jpeg()))
    row.get_by_role("button", name="取消上传").click()
    expect(row.get_by_text("已取消上传，原来的文件仍保留。")).to_be_visible()
    expect(phone.locator("#f-id_front")).to_be_focused()
    phone.unroute(place)
    phone.context.set_offline(True)
    phone.locator("#f-id_front").set_input_files(chosen("正面.jpg", jpeg()))
    expect(row.get_by_text("网络中断，没有上传成功", exact=False)).to_be_visible()
    phone.context.set_offline(False)
    row.get_by_role("button", name="重试").click()
    expect(row.get_by_text("身份证人像面已上传。")).to_be_visible()
    expect(row.get_by_role("button", name="重试")).to_be_hidden()
    started.session.rollback()
    assert started.session.scalars(sa.select(StoredFile.name)).all() == ["正面.jpg"]

    preview = row.get_by_role("link", name="预览")
    preview.press("Enter")
    dialog = phone.get_by_role("dialog", name="正面.jpg")
    expect(dialog.get_by_role("img", name="正面.jpg")).to_be_visible()
    assert dialog.get_by_role("img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 300
    phone.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(preview).to_be_focused()


def test_several_files_of_one_place_are_listed_as_they_come(started, phone):
    row = started.at("PROJECT", "rows", WORK_ROW)
    started.post(row, **prefixed(WORK), **{"f-name": "电池包", "version": 0})
    phone.goto(row)
    for n in range(5):
        phone.locator("#f-file").set_input_files(chosen(f"证明{n}.pdf", pdf(1), "application/pdf"))
        expect(phone.locator("[data-of=f-file]")).to_have_count(n + 1)
    expect(phone.locator("#f-file")).to_be_hidden()  # five is the most
    phone.locator("[data-of=f-file]", has_text="证明2.pdf").get_by_role("button", name="删除").click()
    expect(phone.get_by_text("已删除文件“证明2.pdf”。")).to_be_visible()
    assert phone.locator("[data-of=f-file] span[data-name]").all_inner_texts() == [f"证明{n}.pdf" for n in (0, 1, 3, 4)]


def test_several_files_are_chosen_at_once_and_each_refusal_stays_readable(started, phone):
    row = started.at("PROJECT", "rows", WORK_ROW)
    started.post(row, **prefixed(WORK), **{"f-name": "电池包", "version": 0})
    phone.goto(row)
    many = [chosen(f"证明{n}.pdf", pdf(1), "application/pdf") for n in range(6)]
    phone.locator("#f-file").set_input_files(many)
    expect(phone.get_by_text("选了 6 个文件，这里最多 5 个，现在还能加 5 个；请重新选择。")).to_be_visible()
    broken = chosen("坏.pdf", b"%PDF-1.4", "application/pdf")
    empty = chosen("空.pdf", b"", "application/pdf")
    phone.locator("#f-file").set_input_files([many[0], broken, many[1], empty, many[2]])
    expect(phone.locator("[data-of=f-file] span[data-name]")).to_have_text(["证明0.pdf", "证明1.pdf", "证明2.pdf"])
    expect(phone.get_by_text("“坏.pdf”已损坏", exact=False)).to_be_visible()
    expect(phone.get_by_text("“空.pdf”是空文件，请换一个。", exact=False)).to_be_visible()


def test_the_portrait_is_framed_with_a_finger_keys_and_buttons(started, app, phone):
    phone.locator("#photo-file").set_input_files(chosen("照片.jpg", jpeg(900, 1200)))
    frame = phone.locator("[data-photo] canvas")
    expect(frame).to_be_focused()
    pixels = "canvas => canvas.toDataURL()"
    looks = [frame.evaluate(pixels)]

    def moved(what):
        now = frame.evaluate(pixels)
        assert now != looks[-1], what
        looks.append(now)

    picture = of_a_phone(1200, 900)
    phone.locator("#photo-file").set_input_files(chosen("照片.jpg", picture))
    expect(frame).to_be_focused()
    moved("another picture")
    for key in ("+", "ArrowRight", "ArrowDown"):
        frame.press(key)
        moved(key)
    box = frame.bounding_box()
    touches = phone.context.new_cdp_session(phone)
    finger = {"x": box["x"] + 60, "y": box["y"] + 60}
    touches.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [finger]})
    finger = {"x": box["x"] + 40, "y": box["y"] + 45}
    touches.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [finger]})
    touches.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    moved("a finger")
    phone.get_by_label("缩放").fill("2")
    moved("缩放")
    phone.get_by_role("button", name="左移").click()
    moved("左移")
    phone.get_by_role("button", name="使用这张照片").click()
    expect(phone.get_by_text("证件照已上传。")).to_be_visible()
    with kept(started, app) as saved:
        assert saved.size == (295, 413)
