"""What a browser puts on paper: the list itself across the sheet, and each letter on a sheet of its own."""

import io
from typing import Any

import pikepdf
import pytest

from petitions.models import State
from tests.browser.test_pages import chromium, visit  # noqa: F401
from tests.city import file_petition, walk_to

pytestmark = pytest.mark.browser


def shown(page: Any, css: str) -> bool:
    return bool(page.locator(css).first.is_visible())


def test_the_list_lies_across_the_sheet_without_menu_and_forms(visit: Any) -> None:  # noqa: F811
    file_petition(title="甲事")
    visitor = visit()
    visitor.sign_in("clerk")
    page = visitor.page
    page.goto("/desk/ledger/?state=received")
    with pikepdf.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as pdf:
        _x, _y, width, height = map(float, pdf.pages[0].mediabox)
    assert width > height, "A4 across"
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1030, "height": 700})
    assert not any(shown(page, css) for css in (".rail", ".bar", "form.filters", ".chips a", "tbody .pick"))
    assert shown(page, "h1") and shown(page, ".chips span") and shown(page, "thead th:nth-child(3)")


def test_only_the_letters_that_are_ticked_are_printed(visit: Any) -> None:  # noqa: F811
    first, second = (walk_to(State.FORWARDED, told=False) for _each in range(2))
    visitor = visit()
    visitor.sign_in("clerk")
    page = visitor.page
    page.add_init_script("window.print = () => {}")
    page.goto("/desk/letters/")
    page.get_by_label("全选本页").check()
    assert page.locator("[name=letter]:checked").count() == 2
    page.locator("[name=letter]").nth(1).uncheck()
    page.get_by_role("button", name="打印所选").click()
    page.emulate_media(media="print")
    (paper,) = [one for one in page.locator(".letter").all() if one.is_visible()]
    printed = first.number if first.number in paper.inner_text() else second.number
    assert printed in page.locator(".tell-row:not(.noprint)").inner_text() and not shown(page, ".rail")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".letter:visible").count() == 2
