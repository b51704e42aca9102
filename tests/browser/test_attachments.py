"""Files of a petition in a real browser: from the receipt on, with script and without; by citizens and officials."""

import io
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from massline.files import process
from records.files import background, storing
from tests.browser.test_pages import chromium, fill, send, visit  # noqa: F401
from tests.city import file_petition, walk_to
from tests.file_lab import pdf

pytestmark = pytest.mark.browser
PROGRAM = {"name": "a.exe", "mimeType": "x/x", "buffer": b"MZ\x90\0" + bytes(200)}


def picture() -> dict[str, Any]:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG")
    return {"name": "楼道.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def add(page: Any, file: dict[str, Any]) -> None:
    page.set_input_files("#attachments-file", file)
    page.locator(".attachments button[type=submit]").click()


@pytest.mark.parametrize("script", [True, pytest.param(False, marks=pytest.mark.soak)], ids=["script", "plain"])
def test_from_the_receipt_a_picture_is_added_and_a_program_is_not(visit: Any, script: bool) -> None:  # noqa: F811
    visitor = visit(java_script_enabled=script, viewport={"width": 360, "height": 800})
    page = visitor.page
    page.goto("/file/matter/")
    fill(page, script=script)
    send(page)
    add(page, picture())
    page.locator("#attachments .files").get_by_text("楼道.jpg").wait_for()
    assert "/receipt/" in page.url and page.locator("#tracking-code").count() == 1
    add(page, PROGRAM)
    page.get_by_text("a.exe").wait_for()
    assert "只接收照片" in page.inner_text("main")
    assert script == (page.locator("#attachments-file").count() == 1)  # with script the page stays


def test_a_citizen_follows_and_opens_what_was_added(visit: Any) -> None:  # noqa: F811
    filed = file_petition()
    page = visit().page
    page.goto("/track/")
    page.fill("[name=number]", filed.number)
    page.fill("[name=tracking_code]", filed.code)
    page.click("main button[type=submit]")
    page.wait_for_url("**/track/own/")
    page.route("**/files/", lambda route: (page.wait_for_timeout(300), route.continue_()))
    add(page, picture())
    page.locator("[data-upload-progress]").wait_for(state="visible")
    link = page.get_by_role("link", name="楼道.jpg")
    link.wait_for()
    shown = page.request.get(link.get_attribute("href"))
    assert shown.headers["content-type"] == "image/jpeg" and "sandbox" in shown.headers["content-security-policy"]


def test_an_official_adds_a_paper_and_shows_it_to_the_petitioner(visit: Any) -> None:  # noqa: F811
    filed = walk_to("handling", file_petition())
    official = visit()
    official.sign_in("handler")
    page = official.page
    page.goto(f"/desk/petitions/{filed.number}/")
    add(page, PROGRAM)
    page.locator("[data-upload-error]").get_by_text("a.exe").wait_for()
    page.check("#attachments-public")
    add(page, {"name": "验收单.pdf", "mimeType": "application/pdf", "buffer": pdf()})
    page.get_by_role("link", name="验收单.pdf").wait_for()
    assert "信访人可见" in page.locator("#attachments .files").inner_text()


@pytest.mark.parametrize("width", [360, pytest.param(1440, marks=pytest.mark.soak)])
def test_a_file_that_takes_long_is_announced_and_appears(visit: Any, monkeypatch: Any, width: int) -> None:  # noqa: F811
    monkeypatch.setattr(storing, "QUICK", replace(process.QUICK, wall=0.001))
    filed = walk_to("handling", file_petition())
    official = visit(viewport={"width": width, "height": 800})
    official.sign_in("handler")
    page = official.page
    page.goto(f"/desk/petitions/{filed.number}/")
    add(page, picture())
    page.locator("#attachments .files").get_by_text("文件已收到，正在检查").wait_for()
    assert page.get_by_role("link", name="楼道.jpg").count() == 0 and not official.too_wide()
    background.check_queued()
    page.reload()
    assert page.get_by_role("link", name="楼道.jpg").count() == 1
