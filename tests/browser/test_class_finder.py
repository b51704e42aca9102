"""The box that finds a content class: everyday words lead to the right one, in Chinese and in English."""

import re
from typing import Any

import pytest

from tests.browser.test_pages import chromium, visit  # noqa: F401

pytestmark = pytest.mark.browser


def test_the_class_finder_knows_everyday_words(visit: Any) -> None:  # noqa: F811
    page = visit().page
    page.goto("/file/matter/")
    box = page.get_by_role("combobox", name=re.compile("分类"))
    for typed, name in (
        ("路灯", "城市公共设施"),
        ("老板欠薪", "工资发放"),
        ("学区房", "招生录取"),
        ("停水", "自来水供应"),
    ):
        box.fill(typed)
        assert name in page.locator("[role=option]").first.inner_text(), typed
    box.press("Enter")
    assert page.input_value("[name=category]") == "010206"


def test_a_class_is_found_by_the_pinyin_of_its_name_or_of_an_everyday_word(visit: Any) -> None:  # noqa: F811
    page = visit().page
    page.goto("/file/matter/")
    box = page.get_by_role("combobox", name=re.compile("分类"))
    with page.expect_response(re.compile("pinyin.txt")):
        box.focus()
    for typed, name in (
        ("ludeng", "城市公共设施 · 路灯"),
        ("gongzifafang", "工资发放"),
        ("gzff", "工资发放"),
        ("gongzif", "工资发放"),
        ("zhaosheng", "招生录取"),
        ("zslq", "招生录取"),
    ):
        box.fill(typed)
        name, *meant = name.split(" · ")
        shown = page.locator("[role=option]").first.inner_text()
        assert shown.split("\n")[0] == name and all(f" · {word}" in shown for word in meant), typed
    box.fill("vvvv")
    assert page.locator("[role=option]").count() == 0


def test_words_that_came_back_unchosen_offer_the_classes_they_may_mean(visit: Any) -> None:  # noqa: F811
    page = visit().page
    page.goto("/file/matter/")
    page.get_by_role("combobox", name=re.compile("分类")).fill("噪")
    page.get_by_role("button", name=re.compile("下一步")).click()
    assert page.get_by_text("“噪”还没有选定类别").first.is_visible()
    offered = page.locator(".nearest button")
    assert 1 <= offered.count() <= 5
    name = offered.first.inner_text()
    offered.first.click()
    assert name in page.locator(".chosen strong").inner_text() and not page.locator(".nearest").is_visible()
    assert page.input_value("[name=category]")


ENGLISH = {
    "noise": "030101",
    "loud music at night": "030101",
    "Rubbish!": "010203",
    "garbage": "010203",
    "unpaid wages": "020101",
    "wages": "020101",
    "pension": "020301",
    "school bus": "050101",
    "bus stop": "010210",
    "demolition": "010401",
    "my house was demolished": "010401",
    "street light": "010212",
    "streetlights": "010212",
    "the street lights are broken": "010212",
    "potholes": "010212",
    "water bill": "010206",
    "leaking pipe": "010206",
    "stray dogs": "010201",
    "no heating": "010209",
    "power cut": "010207",
    "elevator": "010101",
    "illegal parking": "080101",
    "taxi": "040202",
    "food poisoning": "060301",
    "domestic violence": "080201",
}


def test_who_reads_english_finds_a_class_by_everyday_words_and_by_chinese_ones(visit: Any) -> None:  # noqa: F811
    page = visit(locale="en-GB").page
    page.goto("/file/matter/")
    box = page.get_by_role("combobox").first
    found = {}
    for typed in [*ENGLISH, "路灯"]:
        box.fill(typed)
        box.press("Enter")
        found[typed] = page.input_value("[name=category]")
        page.locator(".chosen button").click()
    assert found == ENGLISH | {"路灯": "010212"}


def test_what_stands_in_the_middle_of_a_word_is_not_found(visit: Any) -> None:  # noqa: F811
    page = visit(locale="en-GB").page
    page.goto("/file/matter/")
    box = page.get_by_role("combobox").first
    box.fill("art")
    assert [one.split("\n")[0] for one in page.locator("[role=option]").all_inner_texts()] == ["Arts"]
    box.fill("xyzzy")
    assert page.locator("[role=option]").count() == 0
