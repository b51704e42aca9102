"""A file that is sent after the session ended: the page says so, and the file stays chosen."""

from typing import Any

import pytest

from tests.browser.test_pages import chromium, visit  # noqa: F401
from tests.city import file_petition
from tests.file_lab import pdf

pytestmark = pytest.mark.browser


def test_files_that_come_too_late_are_no_fault_of_the_network(visit: Any) -> None:  # noqa: F811
    filed, visitor = file_petition(), visit()
    visitor.sign_in("clerk")
    page = visitor.page
    page.goto(f"/desk/petitions/{filed.number}/")
    visitor.context.clear_cookies(name="sessionid")
    page.set_input_files("#attachments-file", {"name": "a.pdf", "mimeType": "x/x", "buffer": pdf()})
    page.locator(".attachments button[type=submit]").click()
    error = page.locator("[data-upload-error]")
    error.wait_for()
    assert "登录已失效" in error.inner_text()
    assert page.evaluate("document.querySelector('#attachments-file').files.length") == 1, "still chosen"
