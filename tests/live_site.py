"""The site, served from a thread of this process, and chromium as all browser tests start it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pytest_django.live_server_helper import LiveServer

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-renderer-accessibility",  # or each of the names that are asked for next is made out of the whole page
    "--enable-blink-features=ComputedAccessibilityInfo",  # computedRole, computedName: what a screen reader is told
]


@contextmanager
def live_site() -> Iterator[str]:
    """Serves from the database that is pointed at; yields the address."""
    server = LiveServer("127.0.0.1")
    server._live_server_modified_settings.enable()
    try:
        yield server.url
    finally:
        server.stop()
        server._live_server_modified_settings.disable()
