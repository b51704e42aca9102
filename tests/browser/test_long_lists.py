"""A long list on the desk is found through by typing: a part of a name, its pinyin, its initials."""

import re
from typing import Any

import pytest
from django.db import transaction

from responsibility.models import Organ, OrganKind
from tests.browser.test_pages import chromium, visit  # noqa: F401
from tests.chain_lab import event

pytestmark = pytest.mark.browser
sync_api = pytest.importorskip("playwright.sync_api")
NAMES = "住房和城乡建设局 教育局 生态环境局 公安局 交通运输局 卫生健康委员会 民政局 重阳街道办事处".split()


@pytest.fixture
def ledger(visit: Any) -> Any:  # noqa: F811
    visitor = visit()
    root = Organ.objects.get(parent=None)
    common = {"kind": OrganKind.DEPARTMENT, "parent": root, "region": root.region, "valid_from": root.valid_from}
    with transaction.atomic():
        event()
        for n, name in enumerate([*NAMES, *(f"第{n}中心" for n in range(15))]):
            Organ.objects.create(code=f"long{n}", name=f"试水市{name}", **common)
    visitor.sign_in("clerk")
    visitor.page.goto("/desk/ledger/")
    visitor.page.wait_for_load_state("networkidle")  # what is chosen before htmx is there asks for nothing
    return visitor.page


def offered(page: Any) -> list[str]:
    return page.locator("[role=option]").all_inner_texts()  # type: ignore[no-any-return]


def test_an_organ_is_found_by_its_name_its_pinyin_or_its_initials(ledger: Any) -> None:
    box = ledger.get_by_role("combobox", name="承办单位")
    box.click()
    assert len(offered(ledger)) > 20, "like any list, it shows all of it first"
    for typed, name in (
        ("教育", "教育局"),
        ("jiaoyu", "教育局"),
        ("jiaoyuj", "教育局"),
        ("jyj", "教育局"),
        ("住建局", "住房和城乡建设局"),
        ("zhujian", "住房和城乡建设局"),
        ("zjj", "住房和城乡建设局"),
        ("zhongyang", "重阳街道办事处"),
        ("chongyang", "重阳街道办事处"),
        ("gonganju 试水", "公安局"),
    ):
        box.fill(typed)
        sync_api.expect(ledger.locator("[role=option]").first, typed).to_have_text(f"试水市{name}")
    box.fill("vvvv")
    assert offered(ledger) == [] and ledger.locator(".finder .none").inner_text() == "没有找到"


def test_what_is_chosen_is_what_the_form_sends(ledger: Any) -> None:
    box, select = ledger.get_by_role("combobox", name="承办单位"), ledger.locator("[name=organ]")
    box.fill("jyj")
    sync_api.expect(ledger.get_by_role("option", name="试水市教育局")).to_be_visible()
    with ledger.expect_response(re.compile(r"/desk/ledger/\?.*organ=long1")):
        box.press("Enter")
    assert (box.input_value(), select.input_value()) == ("试水市教育局", "long1")
    box.fill("gaj")
    box.press("Escape")
    assert (box.input_value(), select.input_value()) == ("试水市教育局", "long1"), "words that were not chosen go"
    box.fill("gaj")
    box.press("ArrowDown")
    box.press("Tab")
    sync_api.expect(box).to_have_value("试水市教育局")
    box.fill("")
    with ledger.expect_response(lambda answer: "/desk/ledger/?" in answer.url and "organ=long" not in answer.url):
        box.press("Tab")
    assert (box.input_value(), select.input_value()) == ("", ""), "an emptied box narrows no more"


def test_a_page_that_comes_with_a_choice_shows_it(ledger: Any) -> None:
    ledger.goto("/desk/ledger/?organ=long1")
    assert ledger.get_by_role("combobox", name="承办单位").input_value() == "试水市教育局"
    assert ledger.locator("select[name=state]").is_visible(), "a short list stays what it is"
