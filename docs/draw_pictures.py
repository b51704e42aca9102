"""Makes the README's pictures from a running demo: `make pictures` beside `make up` (needs chromium).

BASE_URL and MASSLINE_DEMO_PASSWORD say where it runs and how to sign in.
"""

import os
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent / "pictures"
BASE = os.environ.get("BASE_URL", "http://127.0.0.1:8000")
PASSWORD = os.environ["MASSLINE_DEMO_PASSWORD"]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
DESK = {"width": 1280, "height": 800}  # what keeps a dense page under 200 KB
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def page(browser: Browser, who: str = "", width: int = 1440, height: int = 900) -> Page:
    """A page of a citizen, or of somebody who has signed in."""
    new = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN").new_page()
    if who:
        new.goto(f"{BASE}/desk/sign-in/")
        new.fill("[name=username]", who)
        new.fill("[name=password]", PASSWORD)
        new.click("main button[type=submit]")
        new.wait_for_url(f"{BASE}/desk/**")
    return new


def first(of: Page, address: str, links: str) -> None:
    """Opens a list, and from it the first link."""
    of.goto(BASE + address)
    of.goto(BASE + str(of.locator(links).first.get_attribute("href")))


def main() -> None:
    HERE.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        citizen = page(browser)
        citizen.goto(BASE)
        citizen.screenshot(path=HERE / "home.png")
        phone = page(browser, width=360, height=760)
        phone.goto(BASE)
        phone.screenshot(path=HERE / "home-phone.png")
        leader = page(browser, "leader", height=800)
        leader.goto(f"{BASE}/desk/ledger/")
        leader.screenshot(path=HERE / "ledger.png")
        leader.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
        first(leader, "/desk/ledger/?state=forwarded", "td.title a")
        leader.screenshot(path=HERE / "petition.png")
        mayor = page(browser, "mayor", **DESK)
        mayor.goto(f"{BASE}/desk/escalations/")
        mayor.screenshot(path=HERE / "escalations.png")
        browser.close()


main()
