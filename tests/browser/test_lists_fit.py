"""The lists of officials fit a desktop's screen whatever stands in them; one that does not scrolls in its frame, and
never takes the page along."""

from typing import Any

import pytest

from tests.browser.test_pages import chromium, visit  # noqa: F401
from tests.chain_lab import at
from tests.city import file_petition, walk_to

pytestmark = pytest.mark.browser
LISTS = ("/desk/", "/desk/ledger/", "/desk/transfers/")
LEAST = """() => [...document.querySelectorAll(".scroll.sticky")].map(frame => {
  const table = frame.querySelector("table");
  table.style.width = "min-content";
  return [frame.clientWidth, table.offsetWidth, frame.classList.contains("fits")];
})"""
"""The width of each list's frame, the least width of its table, and whether its head stays in sight."""


def fill_lists() -> None:
    """Rows with all that makes them wide: a group, an hour before a holiday, states of three words, a class of two."""
    with at("2026-09-03 10:00"):  # what is due on 3 October is due on the 8th by law
        for state in ("received", "forwarded", "answered", "accepted", "handling"):
            walk_to(state, file_petition(persons=23, category="010000", title="“𠮷祥里”3号楼" * 3))


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_a_list_fits_its_page(visit: Any, locale: str) -> None:  # noqa: F811
    fill_lists()
    visitor = visit(viewport={"width": 1440, "height": 900}, locale=locale)
    visitor.sign_in("clerk")
    for path in LISTS:
        visitor.page.goto(path)
        visitor.page.wait_for_timeout(100)
        for frame, least, head_stays in visitor.page.evaluate(LEAST):
            assert least <= frame and head_stays, (path, least, frame)
        assert not visitor.too_wide(), path


def test_a_wider_list_scrolls_in_its_frame(visit: Any) -> None:  # noqa: F811
    fill_lists()
    for script in (True, False):
        visitor = visit(viewport={"width": 1000, "height": 900}, locale="en-US", java_script_enabled=script)
        visitor.sign_in("clerk")
        for path in LISTS:
            visitor.page.goto(path)
            assert not visitor.too_wide(), path
