"""Pictures of named pages on the frozen morning, to compare two states of the code pixel by pixel.

    python -m tests.picture_pages OUT [NAME ...]       takes them, or those whose names begin so
    python -m tests.picture_pages --compare ONE OTHER  says of each how many pixels differ, and paints where

The same code gives the same pixels: clock, numbers and the order of all that happens are fixed, and what is drawn anew
each time is covered.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any
from unittest import mock

import django
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError
from time_machine import escape_hatch

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright keeps a loop running in the thread that fills the database
django.setup()

from django.test.utils import setup_test_environment  # noqa: E402

from massline.celery import app  # noqa: E402
from tests import database  # noqa: E402
from tests.chain_lab import SHANGHAI, at, sh  # noqa: E402
from tests.city import PASSWORD, WAYS, act, file_petition  # noqa: E402
from tests.frozen_city import NOW, frozen_city  # noqa: E402
from tests.import_lab import private_folder  # noqa: E402
from tests.live_site import CHROMIUM, FLAGS, live_site  # noqa: E402
from tests.picture_diff import compare  # noqa: E402
from tests.pictures import DESK, ENGLISH, PUBLIC, Picture  # noqa: E402

STEADY = [
    *FLAGS,
    "--font-render-hinting=none",
    "--disable-lcd-text",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--num-raster-threads=1",
    "--disable-partial-raster",  # what is painted over a part of a tile has other edges than what is painted at once
    "--disable-checker-imaging",
    "--disable-threaded-animation",
    "--run-all-compositor-stages-before-draw",
]
WIDE, PHONE = 1440, 360
COVER = r"""today => {
  const zeros = said => said.replace(/[0-9A-Za-z]/g, "0");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (text.parentElement.closest(".code")) text.data = zeros(text.data);
    text.data = text.data.replace(/\b[0-9a-f]{64}\b/, zeros);
    text.data = text.data.replace(new RegExp(`${today} \\d\\d:\\d\\d`), zeros);
  }
  for (const code of document.querySelectorAll("svg.qr-code")) code.style.visibility = "hidden";
}"""
"""Tracking codes are random; an export says by the database's clock, which runs on, as of when it is, and its hash."""
UNFOLD = """() => { for (const part of document.querySelectorAll("main details")) part.open = true; }"""


def take(out: Path, wanted: tuple[str, ...] = ("",)) -> None:
    out.mkdir(parents=True, exist_ok=True)
    with _site() as (address, names), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=STEADY)
        for width, language, pictures in (
            (WIDE, "zh-CN", (*DESK, *PUBLIC)),
            (PHONE, "zh-CN", PUBLIC),
            (WIDE, "en-US", ENGLISH),
        ):
            visitors = _Visitors(browser, address, width, language)
            for picture in (each for each in pictures if each.name.startswith(wanted)):
                path = out / f"{picture.name}-{width}.png"
                try:
                    _take(picture, visitors, names, path)
                except PlaywrightError as error:  # compared, it is missing: the others are wanted all the same
                    print(f"{path.name} could not be taken: {error}", file=sys.stderr)
        if "bulletin".startswith(wanted):
            _bulletin(_Visitors(browser, address, WIDE, "zh-CN").page("leader"), out / "bulletin.pdf")
        browser.close()


@contextmanager
def _site() -> Iterator[tuple[str, Mapping[str, str]]]:
    """The frozen city, served, with a worker that does at once whatever it is woken for; and the names of its parts."""
    setup_test_environment()
    app.loader.import_default_modules()
    database.start_postgres()
    with ExitStack() as stack:
        stack.enter_context(database.passing("pictures"))
        stack.enter_context(private_folder(Path(stack.enter_context(TemporaryDirectory()))))
        frozen = frozen_city()
        _more(frozen)
        stack.enter_context(at(NOW))
        stack.enter_context(mock.patch.object(app, "send_task", _work_at_once))
        names = {name: filed.number for name, filed in frozen.filed.items()}
        yield stack.enter_context(live_site()), names | {f"code of {n}": f.code for n, f in frozen.filed.items()}


def _more(frozen: SimpleNamespace) -> None:
    """Letters that nobody has told yet."""
    for n, day in enumerate(("2026-09-09", "2026-09-11", "2026-09-14")):
        with at(sh(f"{day} 16:20")):
            filed = file_petition(title=f"健身器材损坏（{n + 1}）", tell_by=("sms", "phone", "letter")[n])
            for who, slug, data in WAYS["forwarded"]:
                act(filed.demand, who, slug, data)


def _work_at_once(name: str, arguments: Any = (), **more: Any) -> None:
    app.tasks[name].apply(arguments, throw=True)


class _Visitors:
    """A browser for each person, who signs in when first asked for; of somebody unknown, a fresh one each time."""

    def __init__(self, browser: Browser, address: str, width: int, language: str) -> None:
        self.browser, self.address, self.width, self.language = browser, address, width, language
        self.known: dict[str, BrowserContext] = {}

    def page(self, who: str) -> Page:
        if not who:
            return self._context().new_page()
        if who not in self.known:
            self.known[who] = self._context()
            page = self.known[who].new_page()
            page.goto("/desk/sign-in/")
            page.fill("[name=username]", who)
            page.fill("[name=password]", PASSWORD)
            page.click("main button[type=submit]")
            page.wait_for_url("**/desk/**")
            page.close()
        return self.known[who].new_page()

    def _context(self) -> BrowserContext:
        context = self.browser.new_context(
            base_url=self.address,
            viewport={"width": self.width, "height": 900},
            locale=self.language,
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            color_scheme="light",
        )
        context.clock.set_fixed_time(sh(NOW))
        context.set_default_timeout(15_000)
        return context


def _take(picture: Picture, visitors: _Visitors, names: Mapping[str, str], path: Path) -> None:
    page = visitors.page(picture.who)
    broken: list[str] = []
    page.on("response", lambda answer: broken.append(answer.url) if answer.status >= 500 else None)
    page.goto(picture.address.format(**names))
    if picture.then:
        picture.then(page, names)
    page.wait_for_load_state("networkidle")
    if picture.unfold:
        page.evaluate(UNFOLD)
    if broken:  # a page that says that something broke is no page to compare with
        sys.exit(f"{broken} broke")
    _paint_anew(page)
    page.evaluate(COVER, f"{escape_hatch.datetime.datetime.now(SHANGHAI):%Y-%m-%d}")
    page.screenshot(path=path, full_page=True, animations="disabled", caret="hide")
    page.close()
    print(path.name, flush=True)


def _paint_anew(page: Page) -> None:
    """All of it at once, whatever was painted step by step while it came; the focus stays where it is."""
    size = page.viewport_size or {}
    page.set_viewport_size({**size, "width": size["width"] + 1})
    page.set_viewport_size(size)


def _bulletin(page: Page, path: Path) -> None:
    """The newest bulletin, which is a file: the same figures give the same bytes."""
    page.goto("/desk/dashboard/")
    address = page.locator("#bulletins a").first.get_attribute("href")
    for _until_it_is_made in range(2):
        answer = page.request.get(str(address))
    path.write_bytes(answer.body())
    print(path.name, flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "--compare":
        differing = compare(Path(sys.argv[2]), Path(sys.argv[3]))
        print(f"{differing} differ")
        sys.exit(differing > 0)
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    take(Path(sys.argv[1]), tuple(sys.argv[2:]) or ("",))
