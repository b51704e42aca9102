"""One act on many petitions in a real browser: chosen in the ledger, done together, told line by line."""

import re
from typing import Any

import pytest

from tests.browser.test_pages import chromium, visit  # noqa: F401
from tests.city import act, file_petition

pytestmark = pytest.mark.browser


def states(*filed: Any) -> list[str]:
    for one in filed:
        one.demand.refresh_from_db()
    return [one.demand.state for one in filed]


@pytest.mark.parametrize("width", [360, pytest.param(1440, marks=pytest.mark.soak)])
def test_the_chosen_ones_are_registered_and_the_others_are_not(visit: Any, width: int) -> None:  # noqa: F811
    first, second, third = (file_petition(title=title) for title in ("甲事", "乙事", "丙事"))
    visitor = visit(viewport={"width": width, "height": 800})
    visitor.sign_in("clerk")
    page = visitor.page
    page.goto("/desk/ledger/")
    page.get_by_label(f"选择 {first.number}").check()
    page.get_by_label(f"选择 {third.number}").check()
    page.get_by_role("button", name="批量办理所选").click()
    page.wait_for_url("**/desk/petitions/bulk/")
    assert not visitor.too_wide()
    rows = page.locator("tbody tr")
    assert rows.count() == 2 and second.number not in page.inner_text("main")
    page.locator("#act-register summary").click()
    page.locator("#act-register button[type=submit]").click()
    result = page.get_by_role("status")
    result.wait_for()
    assert "办理 2 件" in result.inner_text() and page.evaluate("document.activeElement.matches('.bulk-result')")
    assert states(first, second, third) == ["registered", "received", "registered"]
    assert [tag.strip() for tag in page.locator("tbody .tag").all_inner_texts()] == ["已办理"] * 2
    assert not visitor.too_wide()


def test_the_whole_page_is_chosen_with_one_box_or_without_script_by_a_button(visit: Any) -> None:  # noqa: F811
    filed = [file_petition(title=f"第{n}件") for n in range(3)]
    visitor = visit()
    visitor.sign_in("clerk")
    visitor.page.goto("/desk/ledger/")
    visitor.page.get_by_label("全选本页").check()
    assert visitor.page.locator("[name=number]:checked").count() == 3
    plain = visit(java_script_enabled=False)
    plain.sign_in("clerk")
    page = plain.page
    page.goto("/desk/ledger/")
    page.get_by_role("button", name="批量办理本页全部").click()
    page.wait_for_url(re.compile("/desk/petitions/bulk/$"))
    page.locator("tbody input[type=checkbox]").first.uncheck()
    page.locator("#act-register summary").click()
    page.locator("#act-register button[type=submit]").click()
    assert "办理 2 件" in page.get_by_role("status").inner_text()
    assert sorted(states(*filed)) == ["received", "registered", "registered"]


@pytest.mark.soak
def test_one_that_cannot_be_done_says_why_and_stays_chosen(visit: Any) -> None:  # noqa: F811
    mine, theirs = file_petition(title="甲事"), file_petition(title="乙事")
    visitor = visit()
    visitor.sign_in("clerk")
    page = visitor.page
    page.goto("/desk/ledger/")
    page.get_by_label("全选本页").check()
    page.get_by_role("button", name="批量办理所选").click()
    page.locator("#act-register").wait_for()
    act(theirs.demand, "citizen", "withdraw", {"reason": "已经解决"})  # the petitioner was quicker
    page.locator("#act-register summary").click()
    page.locator("#act-register button[type=submit]").click()
    page.get_by_role("status").wait_for()
    assert "未办成 1 件" in page.get_by_role("status").inner_text()
    line = page.locator("tbody tr", has_text=theirs.number)
    assert line.locator("input[type=checkbox]").is_checked() and line.locator(".tag.bad").inner_text() == "未办成"
    assert states(mine) == ["registered"]
