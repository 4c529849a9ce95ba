"""The registration as a person meets it: uploads beside the form, on a phone."""

from __future__ import annotations

import pytest

from tests.units.papers import jpeg, pdf, png


@pytest.mark.requirement("U1")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_papers_are_uploaded_at_once_and_stay_when_the_form_is_refused(page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/register/unit/")
    row = page.locator("li", has=page.locator("#certificate"))
    page.set_input_files("#certificate", {"name": "扫描.jpg", "mimeType": "image/jpeg", "buffer": png()})
    row.get_by_text("您选的文件实际是 PNG").wait_for()
    page.set_input_files("#certificate", {"name": "扫描.jpg", "mimeType": "image/jpeg", "buffer": jpeg()})
    row.get_by_text("已上传。").wait_for()
    page.set_input_files("#pledge", {"name": "承诺书.pdf", "mimeType": "application/pdf", "buffer": pdf()})
    page.locator("li", has=page.locator("#pledge")).get_by_text("已上传。").wait_for()
    page.get_by_label("单位名称").fill("柳州市第一测试设计院")
    page.get_by_role("button", name="完成并提交").click()
    page.get_by_text("还有 10 处需要修改").wait_for()
    assert page.get_by_label("单位名称").input_value() == "柳州市第一测试设计院"
    assert "扫描.jpg" in row.inner_text()
    assert page.evaluate("document.activeElement.className") == "errsum"


@pytest.mark.requirement("P2")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("path", ["/", "/register/unit/", "/notices/", "/conditions/05", "/help/", "/publicity/"])
def test_public_pages_fit_a_phone(page, path):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
