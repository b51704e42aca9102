"""Walks through the pages in a real browser: by keyboard and on a phone, with script and without, within the CSP.

A walk a role, and each page template once (test_every_page.py); the rest of it is for `make soak`.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from accounts.models import User
from massline.time import today
from reports import figures_cache
from reports.dashboard import period_of
from tests.city import PASSWORD, build_city, file_petition, walk_to
from tests.keyboard_lab import Keyboard
from tests.live_site import CHROMIUM, FLAGS

pytestmark = pytest.mark.browser
sync_api = pytest.importorskip("playwright.sync_api")

WIDTHS = (360, 1440)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip("no chromium here")
    with pytest.MonkeyPatch.context() as patch, sync_api.sync_playwright() as playwright:
        # Playwright keeps a loop running in this thread; ours is the only thread here that asks the database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


class Visitor:
    """A page that remembers every complaint of the browser."""

    def __init__(self, chromium: Any, site: str, **options: Any) -> None:
        self.context = chromium.new_context(base_url=site, **({"locale": "zh-CN"} | options))
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._heard)

    def _heard(self, message: Any) -> None:
        # Chromium reports each answer of 400 and above as an error of its own: the status is what we asked for.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def sign_in(self, username: str) -> None:
        self.page.goto("/desk/sign-in/")
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url(re.compile(r"/desk/(ledger/|inbox/)?$"))
        # What the worker would have computed by now; while nobody has, the dashboard asks again by itself.
        figures_cache.compute("petition", "overview", User.objects.get(username=username), period_of("weeks", today()))

    def too_wide(self) -> bool:
        return self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


@pytest.fixture
def visit(chromium: Any, site: str) -> Iterator[Any]:
    build_city()
    visitors: list[Visitor] = []

    def make(**options: Any) -> Visitor:
        visitors.append(Visitor(chromium, site, **options))
        return visitors[-1]

    yield make
    for visitor in visitors:
        visitor.context.close()
        assert visitor.complaints == []


def fill(page: Any, *, script: bool) -> None:
    """Types a petition, as a citizen would."""
    page.check("[name=purpose][value=request]")
    page.fill("[name=title]", "小区电梯停运两周")
    page.fill("[name=body]", "三号楼两部电梯都停了，楼里有八十岁的老人。")
    if script:
        page.get_by_role("combobox", name=re.compile("分类|类别")).first.type("物业服务")
        page.keyboard.press("Enter")
    else:
        page.select_option("[name=category]", "010101")
    page.select_option("[name=region]", "990100000000")
    page.fill("[name=name]", "王小明")
    page.fill("[name=phone]", "13912345678")


def send(page: Any, *, press_enter: bool = False) -> None:
    """Sends the form, checks the answers and files them."""
    if press_enter:
        page.locator("[name=phone]").press("Enter")
    else:
        page.locator(".finish button").click()
    page.wait_for_url("**/?check")
    assert "小区电梯停运两周" in page.inner_text("main")
    page.locator(".finish button").click()
    page.wait_for_url("**/receipt/")


@pytest.mark.soak
def test_filing_without_script_and_following_it(visit: Any) -> None:
    page = visit(java_script_enabled=False, viewport={"width": 360, "height": 800}).page
    page.goto("/file/matter/")
    fill(page, script=False)
    send(page)
    number, code = page.inner_text(".ticket .number"), page.inner_text(".ticket .code")
    page.goto("/track/")
    page.fill("[name=number]", number.lower())
    page.fill("[name=tracking_code]", code.replace("-", " ").lower())
    page.click("main button[type=submit]")
    page.wait_for_url("**/track/own/")
    assert "小区电梯停运两周" in page.inner_text("h1")


def test_filing_with_script_by_keyboard_and_the_receipt_is_shown_once(visit: Any) -> None:
    page = visit(viewport={"width": 390, "height": 800}).page
    page.goto("/file/matter/")
    fill(page, script=True)
    send(page, press_enter=True)
    code = page.inner_text(".ticket .code")
    page.reload()
    assert page.inner_text(".ticket .code") == code
    page.get_by_text("我已保存", exact=True).click()
    assert "离开后不能再看到查询码" in page.inner_text("details[open]") and code in page.inner_text(".ticket")
    with page.expect_download() as saved:
        page.get_by_role("button", name="存成图片").click()
    assert re.fullmatch(r"回执 XF\d{8}-\d{6}\.png", saved.value.suggested_filename)
    page.get_by_role("button", name="确定已保存").click()
    page.wait_for_load_state()
    assert code not in page.content()


def test_an_email_is_asked_for_where_it_is_the_way(visit: Any) -> None:
    page = visit(java_script_enabled=False).page
    page.goto("/file/matter/")
    email = page.locator("[name=email]")
    assert not email.is_visible()
    page.check("[name=tell_by][value=email]")
    email.fill("song@example.org")
    page.check("[name=tell_by][value=letter]")
    assert not email.is_visible()


def test_a_faulty_form_keeps_what_was_typed_and_leads_to_each_fault(visit: Any) -> None:
    page = visit().page
    page.goto("/file/matter/")
    fill(page, script=True)
    page.fill("[name=name]", "")
    page.click(".finish button")
    page.wait_for_selector("#error-summary")
    assert page.evaluate("document.activeElement.id") == "error-summary"
    assert page.input_value("[name=body]").startswith("三号楼")
    assert page.input_value("[name=category]") == "010101"
    page.click("#error-summary a")
    assert page.evaluate("document.activeElement.name") == "name"


def test_large_type_and_language_need_no_script(visit: Any) -> None:
    page = visit(java_script_enabled=False).page
    page.goto("/help/")
    page.get_by_role("link", name="大字版").click()
    assert page.url.partition("#")[0].endswith("/help/")
    assert page.locator("html[data-size=large]").count() == 1
    page.get_by_role("button", name="English").click()
    assert page.inner_text("h1") == "Help"


def test_the_qr_code_fills_the_form_and_leaves_nothing_in_the_address(visit: Any) -> None:
    page = visit().page
    page.goto("/track/#number=XF20261123-000001&code=ABCD-EFGH")
    assert page.input_value("[name=number]") == "XF20261123-000001"
    assert page.input_value("[name=tracking_code]") == "ABCD-EFGH"
    assert page.url.endswith("/track/")


def test_the_proof_of_work_is_what_the_server_asks_for(visit: Any, site: str) -> None:
    from citizens.filing.proof_of_work import proved

    page = visit().page
    page.goto("/file/matter/")
    payload = page.evaluate(
        """async () => {
            const { prove } = await import("/static/js/altcha.js");
            return prove("/altcha/challenge/");
        }"""
    )
    assert proved(payload)
    assert not proved(payload), "a proof counts once"


def act(page: Any, slug: str, **fields: str) -> None:
    """Fills in an act on the petition's page and confirms it, all by keyboard; one that is not owed is unfolded."""
    box = page.locator(f"#act-{slug}")
    if box.evaluate("box => box.open"):
        box.locator("summary").first.focus()
    else:
        box.locator("summary").first.press("Enter")
    for name, value in fields.items():
        control = box.locator(f"[name={name}]").first
        kind = control.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
        if kind == "select":
            control.select_option(value)
        elif kind == "radio":
            box.locator(f"[name={name}][value={value}]").press("Space")
        else:
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.name") == name, "the next stop of Tab"
            page.keyboard.insert_text(value)
    box.locator("form button[type=submit]").press("Enter")
    page.wait_for_load_state()


def test_from_filing_to_write_off_in_the_browser(visit: Any) -> None:
    filed = file_petition()
    path = f"/desk/petitions/{filed.number}/"
    desks = {}
    for username in ("clerk", "receiver", "deputy", "handler", "chief"):
        desks[username] = visit()
        desks[username].sign_in(username)
    steps = (
        ("clerk", "register", {}),
        ("clerk", "forward", {"organ": "department"}),
        ("receiver", "accept", {}),
        ("deputy", "assign", {"handler": "handler"}),
        ("handler", "answer", {"outcome": "supported", "text": "电梯已修好。"}),
        ("chief", "write_off", {"evidence": "现场查看，电梯正常运行。"}),
    )
    for username, slug, fields in steps:
        page = desks[username].page
        page.goto(path)
        act(page, slug, **fields)
    filed.demand.refresh_from_db()
    assert filed.demand.state == "closed"


def test_the_ledger_narrows_in_place_and_is_walked_with_arrows(visit: Any) -> None:
    first, second = file_petition(title="甲事"), file_petition(title="乙事")
    visitor = visit()
    visitor.sign_in("chief")
    page = visitor.page
    page.goto("/desk/ledger/")
    for expected in ("甲事", "乙事"):
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.activeElement.textContent") == expected, "the first press finds the first row"
    keys = Keyboard(page)
    keys.listen()
    with page.expect_response(re.compile(r"/desk/ledger/\?")):
        page.select_option("[name=state]", "closed")
    page.wait_for_selector("#results .empty")
    keys.assert_heard("没有符合条件的事项")
    assert first.number not in page.content()
    assert second.number not in page.content()
    page.reload()
    assert page.locator("form.filters").is_visible(), "the address leads to the whole page"
    page.go_back()
    page.get_by_role("link", name="甲事").wait_for()
    page.fill("[name=q]", "乙事")
    with page.expect_response(re.compile(r"/desk/ledger/\?")) as answer:
        page.keyboard.press("Enter")
    page.wait_for_selector("#results mark")
    assert answer.value.request.headers["hx-request"] == "true"
    stored = "JSON.stringify([{...localStorage}, {...sessionStorage}])"
    assert "乙事" not in page.evaluate(stored), "no list stays in the browser when its reader has signed out"


def test_a_long_story_begins_with_its_last_steps_on_a_narrow_screen(visit: Any) -> None:
    filed = walk_to("closed")
    for viewport, shown in ((360, 5), (1440, None)):
        visitor = visit(viewport={"width": viewport, "height": 800})
        visitor.sign_in("chief")
        page = visitor.page
        page.goto(f"/desk/petitions/{filed.number}/")
        steps = page.locator("ol.timeline > li")
        assert steps.locator("visible=true").count() == (shown or steps.count()) and steps.count() > 7
    page = visit(viewport={"width": 360, "height": 800})
    page.sign_in("chief")
    page.page.goto(f"/desk/petitions/{filed.number}/")
    page.page.get_by_role("button", name="更早的步骤").click()
    assert page.page.locator("ol.timeline > li").locator("visible=true").count() > 7


@pytest.mark.soak
def test_a_list_that_cannot_be_fetched_says_why(visit: Any) -> None:
    file_petition()
    visitor = visit()
    visitor.sign_in("chief")
    page = visitor.page
    page.goto("/desk/ledger/")
    visitor.context.clear_cookies()
    page.select_option("[name=state]", "closed")
    page.wait_for_url(re.compile(r"/desk/sign-in/\?next="))
    visitor.sign_in("chief")
    page.goto("/desk/ledger/")
    page.route(re.compile(r"/desk/ledger/\?"), lambda route: route.fulfill(status=502, body="bad gateway"), times=1)
    page.select_option("[name=state]", "closed")
    page.wait_for_selector("#results .empty")
    assert page.url.count("/desk/ledger/?") == 1, "opened as a page, which is tried again"
    visitor.complaints = [said for said in visitor.complaints if "502" not in said]


@pytest.mark.soak
def test_every_account_lands_where_it_has_something_to_see(visit: Any) -> None:
    for username, path, said in (
        ("inspector", "/desk/ledger/", "台账"),
        ("auditor", "/desk/ledger/", "台账"),
        ("sysadmin", "/desk/inbox/", "系统管理员"),
        ("secadmin", "/desk/inbox/", "安全管理员"),
        ("auditadmin", "/desk/inbox/", "审计管理员"),
    ):
        visitor = visit()
        visitor.sign_in(username)
        assert visitor.page.url.endswith(path)
        assert said in visitor.page.inner_text("main")


def test_telling_takes_a_letter_off_the_queue(visit: Any) -> None:
    number = file_petition().number
    visitor = visit()
    visitor.sign_in("clerk")
    page = visitor.page
    page.goto(f"/desk/petitions/{number}/")
    act(page, "register")
    page.goto(f"/desk/petitions/{number}/")
    act(page, "forward", organ="department")
    page.goto("/desk/letters/")
    assert page.locator(".tell").count() == 1
    assert "139****0000" in page.inner_text(".tell summary")
    page.get_by_role("button", name="显示联系方式").click()
    assert page.inner_text(".tell .clear") == "139 0000 0000"
    page.goto("/desk/letters/")
    assert page.locator(".tell .clear").count() == 0
    page.get_by_role("button", name="已经告知").click()
    page.wait_for_load_state()
    assert page.locator(".tell").count() == 0
    page.goto(f"/desk/petitions/{number}/")
    assert "告知信访人：转送告知" in page.inner_text(".timeline"), "the number was looked at, and why"
