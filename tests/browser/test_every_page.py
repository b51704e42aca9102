"""Every page template once in a real browser: it fits, breaks no rule of the browser and none of WCAG."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.test.signals import template_rendered

from tests.browser.test_pages import WIDTHS, chromium, fill, visit  # noqa: F401
from tests.city import file_petition, walk_to
from tests.tree_lab import tree_faults

pytestmark = pytest.mark.browser
PUBLIC = (
    "/", "/public/", "/help/", "/privacy/", "/accessibility/", "/file/", "/file/both/", "/where-to-turn/", "/track/",
    "/desk/sign-in/", "/api/v1/docs/", "/nowhere/",
)  # fmt: skip
OFFICIAL = {
    "clerk": (
        "/desk/", "/desk/ledger/", "/desk/letters/", "/desk/inbox/", "/desk/petitions/new/", "/desk/escalations/",
        "/desk/dashboard/", "/desk/imports/", "/desk/password/", "/desk/preferences/", "/desk/transfers/",
        "/desk/transfers/new/", "/desk/ledger/person/", "/desk/proposals/", "/desk/petitions/{number}/",
        "/desk/petitions/{number}/spill/", "/desk/nowhere/",
    ),
    "auditor": ("/desk/exports/", "/desk/exports/new/"),
    "sysadmin": ("/desk/undelivered/",),
}  # fmt: skip
"""A page of each template; a kind's list and record are `records/list.html` and `desk/record.html`."""
ELSEWHERE = {
    "desk/bulletin_wait.html", "desk/export.html", "desk/secrecy.html", "desk/duty_period.html",
    "desk/create_from.html", "desk/propose.html", "public/catalogue.html",
    "public/catalogue_one.html", "public/catalogue_ended.html",  # where a mechanism brings them
    "desk/entered.html", "desk/export_job.html", "desk/letters_bulk.html", "records/bulk.html",
    "records/import.html", "records/import_preview.html", "public/receipt.html",  # after a form was sent
    "desk/message.html", "public/message.html", "public/not_open.html",  # a sentence each
    "desk/escalation.html",  # as desk/record.html
}  # fmt: skip
"""Page templates that no page above shows; the pictures of `make pictures` have most of them."""
REPEATED = {"/api/v1/docs/": "section ~ section"}
"""What is so long and so alike that its first part stands for all of it where each element takes long to look at."""
FURTHER = ("/file/matter/?check", "/track/own/")
"""Pages that are come to by forms."""
PAGES, TEMPLATES = ("desk", "public", "records"), Path(__file__).parents[2] / "templates"
HARDEST = {(360, "large", "zh-CN"), (360, "normal", "en-US"), (1440, "normal", "zh-CN")}
"""Where a page is likeliest too wide; the other ways to look at it are for `make soak`."""
LOOKS = [
    pytest.param(*look, marks=[pytest.mark.soak] * (look not in HARDEST))
    for look in product(WIDTHS, ("normal", "large"), ("zh-CN", "en-US"))
]


@pytest.mark.parametrize(("width", "size", "locale"), LOOKS)
def test_every_page_fits_and_breaks_no_rule_of_the_browser(
    visit: Any,  # noqa: F811
    width: int,
    size: str,
    locale: str,
) -> None:
    number = walk_to("closed").number
    visitor = visit(viewport={"width": width, "height": 800}, locale=locale)
    wide: list[Any] = []

    def look(path: str) -> None:
        visitor.page.goto(path)
        wide.extend([path] * visitor.too_wide())
        if locale == "en-US":
            wide.extend((path, fault) for fault in tree_faults(visitor.page))

    visitor.page.goto(f"/preferences/?size={size}")
    for path in PUBLIC:
        look(path)
    for who, paths in OFFICIAL.items():
        visitor.sign_in(who)
        visitor.page.goto(f"/preferences/?size={size}")
        for path in paths:
            look(path.format(number=number))
        visitor.context.clear_cookies()
    assert wide == []


# What a finger has to hit and is smaller than that; links in running text and what a label widens are excepted.
SMALLER = """least => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary")]
  .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.closest(".hide, .skip"))
  .filter(one => getComputedStyle(one).display !== "inline"
    || ![...one.parentElement.childNodes].some(text => text.nodeType === 3 && text.data.trim()))
  .map(one => [one, (one.type === "checkbox" || one.type === "radio") && one.labels[0] || one])
  .map(([one, hit]) => [one, hit.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.width < least - 0.5 || box.height < least - 0.5))
  .map(([one, box]) => `${one.outerHTML.slice(0, 90)} ${box.width} x ${box.height}`)"""
FINGER, POINTER = 44, 24
"""Citizens' pages keep the size of WCAG 2.5.5 (AAA), the dense tables of officials that of 2.5.8 (AA)."""


def test_on_the_narrowest_screen_nothing_scrolls_sideways_and_a_finger_hits_everything(visit: Any) -> None:  # noqa: F811
    number = walk_to("handling").number
    visitor = visit(viewport={"width": 320, "height": 700})
    faults: list[Any] = []

    def look(path: str, least: int) -> None:
        visitor.page.goto(path)
        faults.extend([path] * visitor.too_wide())
        faults.extend((path, small) for small in visitor.page.evaluate(SMALLER, least))

    for path in PUBLIC:
        look(path, FINGER)
    for who, paths in OFFICIAL.items():
        visitor.sign_in(who)
        for path in paths:
            look(path.format(number=number), POINTER)
        visitor.context.clear_cookies()
    assert faults == []


def page_templates() -> set[str]:
    return {path.relative_to(TEMPLATES).as_posix() for part in PAGES for path in (TEMPLATES / part).glob("*.html")}


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.soak)])
def test_no_page_breaks_wcag(visit: Any, scheme: str) -> None:  # noqa: F811
    """Once a page template; a new one has its page above. What a screen reader is told of these pages is asked where
    they are looked at in English."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    visitor = visit(color_scheme=scheme, bypass_csp=True)
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
    faults: list[Any] = []
    seen: set[str] = set()
    filed = file_petition()

    def noted(sender: Any, template: Any, **_more: Any) -> None:
        seen.add(template.name)

    template_rendered.connect(noted)

    def look(path: str) -> None:
        part = {"exclude": [REPEATED[path]]} if path in REPEATED else None
        found = axe.run(visitor.page, part, rules).response["violations"]
        faults.extend((path, fault["id"], fault["nodes"][0]["html"][:120]) for fault in found)
        if path in FURTHER:
            faults.extend((path, fault) for fault in tree_faults(visitor.page))

    for path in PUBLIC:
        visitor.page.goto(path)
        look(path)
    visitor.page.goto("/file/matter/")
    fill(visitor.page, script=True)
    visitor.page.click(".finish button")
    visitor.page.wait_for_url("**/?check")
    look(FURTHER[0])
    track(visitor.page, filed)
    look(FURTHER[1])
    for who, paths in OFFICIAL.items():
        visitor.sign_in(who)
        for path in paths:
            visitor.page.goto(path.format(number=filed.number))
            look(path)
        visitor.context.clear_cookies()
    template_rendered.disconnect(noted)
    assert faults == []
    assert page_templates() - seen == ELSEWHERE, "each page template is looked at once"


def track(page: Any, filed: Any) -> None:
    page.goto("/track/")
    page.fill("[name=number]", filed.number)
    page.fill("[name=tracking_code]", filed.code)
    page.click("main button[type=submit]")
    page.wait_for_url("**/track/own/")


# How far the error summary is from the first field, and how large the labels of the chart and how high its dates are.
MEASURES = {
    "below the summary": "() => {const s = document.querySelector('.summary');"
    " return s.nextElementSibling.getBoundingClientRect().top - s.getBoundingClientRect().bottom}",
    "label of the chart": "() => {const svg = document.querySelector('svg.chart');"
    " return 12 * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width}",
    "broken dates": "() => [...document.querySelectorAll('time')].filter(t => t.getClientRects().length > 1).length",
    "sign of more": "() => {const box = document.querySelector('.scroll:has(.trend-table)');"
    " return [box.scrollWidth > box.clientWidth, getComputedStyle(box).backgroundImage.includes('gradient')]}",
}


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_touches_breaks_or_gets_too_small(visit: Any, width: int) -> None:  # noqa: F811
    filed = walk_to("handling")
    visitor = visit(viewport={"width": width, "height": 800})
    page = visitor.page
    visitor.sign_in("clerk")
    page.goto("/desk/petitions/new/")
    page.get_by_role("button", name="登记", exact=True).click()
    page.wait_for_selector(".summary")
    assert page.evaluate(MEASURES["below the summary"]) >= 16
    for path in ("/desk/", "/desk/ledger/", "/desk/dashboard/", f"/desk/petitions/{filed.number}/"):
        page.goto(path)
        assert page.evaluate(MEASURES["broken dates"]) == 0, path
    page.goto("/desk/dashboard/")
    assert page.evaluate(MEASURES["label of the chart"]) >= 11
    is_cut, has_sign = page.evaluate(MEASURES["sign of more"])
    assert has_sign and (is_cut or width > 360)
