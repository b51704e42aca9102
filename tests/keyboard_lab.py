"""A page without mouse and eyes: where the focus is, what keys reach, what is announced, and whether all of it fits.

Roles and names are the browser's own, as it tells them to a screen reader (a flag of tests/live_site.py shows them).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.tree_lab import tree_faults

MAX_STOPS = 120
"""The presses of Tab after which something counts as out of reach."""
PATIENCE = 5.0
"""Seconds in which what a key started has happened."""

# A message has no name of its own and is heard by its text. Where nothing has the focus, a page begins with its title.
FOCUSED = """() => {
  const one = document.activeElement ?? document.body;
  if (one === document.body) return {role: "page", name: document.title, faults: []};
  const shown = [one, ...one.labels ?? []].filter(part => part.getClientRects().length);
  const seen = shown.some(part => {
    const box = part.getClientRects()[0];
    const [x, y] = [box.left + Math.min(box.width, 20) / 2, box.top + Math.min(box.height, 20) / 2];
    const hit = document.elementFromPoint(x, y);
    return hit && (part.contains(hit) || hit.contains(part));
  });
  const outlined = one.tabIndex < 0 || one.type === "date" // whose parts are outlined, each by itself
    || [...shown, one.closest("label")].some(part => part && getComputedStyle(part).outlineStyle !== "none");
  const name = (one.computedName || one.innerText || "").replace(/\\s+/g, " ").trim().slice(0, 200);
  return {
    role: one.computedRole || one.localName,
    name,
    faults: [!name && "has no name", !seen && "is not in sight", !outlined && "has no outline"].filter(Boolean),
  };
}"""
# What sticks out of the screen or of the box around it; a box that scrolls may be wider within.
OUTSIDE = """() => {
  const scrolls = one => one && one !== document.documentElement
    && (getComputedStyle(one).overflowX !== "visible" || scrolls(one.parentElement));
  return [...document.body.querySelectorAll("*")]
    .filter(one => {
      const box = one.getBoundingClientRect();
      return box.width && (box.right > innerWidth + 0.5 || box.left < -0.5
        || (one.clientWidth && one.scrollWidth > one.clientWidth + 1));
    })
    .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.closest(".hide, .skip, svg"))
    .filter(one => !scrolls(one))
    .map(one => `${one.outerHTML.slice(0, 120)} ${one.scrollWidth} in ${one.clientWidth}`);
}"""
LIVE = "[role=status], [role=alert], [aria-live]"
# A live region is heard when it changes: one that comes with its text already in it is often not.
LISTEN = f"""() => {{
  window.live = new Map([...document.querySelectorAll("{LIVE}")].map(one => [one, one.textContent]));
}}"""
HEARD = """() => [...window.live].filter(([one, before]) => one.isConnected && one.textContent !== before)
  .map(([one]) => one.textContent.trim())"""


@dataclass(frozen=True)
class Stop:
    """What has the focus."""

    role: str
    name: str
    faults: list[str]

    def is_called(self, role: str, name: str) -> bool:
        return self.role == role and name in self.name


class Keyboard:
    """Somebody who walks through a page with Tab, Enter, Space and arrows alone."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.choosers: list[Any] = []
        page.on("filechooser", lambda chooser: self.choosers.append(chooser))

    # --- Keys -----------------------------------------------------------------------------------------------------
    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def to(self, role: str, name: str, *, back: bool = False) -> None:
        """Presses Tab until the focus is on what is so called; on the way every stop has a name and can be seen."""
        stops = []
        for _press in range(MAX_STOPS):
            self.press("Shift+Tab" if back else "Tab")
            stop = self.focus()
            assert not stop.faults, (self.page.url, stop)
            if stop.is_called(role, name):
                return
            stops.append(f"{stop.role} {stop.name}")
        raise AssertionError((self.page.url, f"no {role} {name}", stops[:40]))

    def type(self, name: str, words: str, *, back: bool = False) -> None:
        """Goes to a field and types into it, in the place of what stands there."""
        self.to("textbox", name, back=back)
        self.press("Control+a")
        self.page.keyboard.insert_text(words)

    def pick(self, name: str, option: str) -> None:
        """Goes to a list and down in it until the option is chosen."""
        self.to("combobox", name)
        for _press in range(MAX_STOPS):
            if option in self.page.evaluate("document.activeElement.selectedOptions[0].text"):
                return
            self.press("ArrowDown")
        raise AssertionError((self.page.url, name, option))

    def choose(self, name: str) -> None:
        """Goes to a group of radios and on with arrows until the one of this name is chosen."""
        for _press in range(MAX_STOPS):
            self.press("Tab")
            if self.focus().role == "radio":
                break
        while name not in self.focus().name:
            self.press("ArrowDown")
        self.press("Space")

    def unfold(self, name: str) -> None:
        self.to("summary", name)
        self.press("Enter")
        assert self.page.evaluate("document.activeElement.parentElement.open"), name

    def follow(self, role: str, name: str, *, back: bool = False) -> None:
        """Goes to a link or a button and presses it; the page that it leads to is sound."""
        self.to(role, name, back=back)
        self.enter()

    def enter(self) -> None:
        """Presses Enter where the focus is, which leads to a page."""
        with self.page.expect_navigation():
            self.press("Enter")
        self.assert_sound()

    def hand_in(self, name: str, file: dict[str, Any]) -> None:
        """Goes to a field for files and chooses one."""
        self.to("button", name)
        self.press("Space")
        self._wait(lambda: bool(self.choosers))
        self.choosers.pop().set_files(file)

    # --- What is heard and seen -----------------------------------------------------------------------------------
    def focus(self) -> Stop:
        return Stop(**self.page.evaluate(FOCUSED))

    def assert_at(self, role: str, name: str) -> None:
        """The focus comes to what is so called."""
        self._wait(lambda: self.focus().is_called(role, name))
        stop = self.focus()
        assert stop.is_called(role, name) and not stop.faults, (self.page.url, role, name, stop)

    def listen(self) -> None:
        """Notes which live regions there are, before a key changes one."""
        self.page.evaluate(LISTEN)

    def assert_heard(self, words: str) -> None:
        """A live region that was there before says so now."""
        self._wait(lambda: any(words in said for said in self.page.evaluate(HEARD)))
        heard = self.page.evaluate(HEARD)
        assert any(words in said for said in heard), (self.page.url, words, heard)

    def _wait(self, check: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE
        while not check() and time.monotonic() < until:
            self.page.wait_for_timeout(50)

    def assert_sound(self) -> None:
        """Nothing leaves its box, and a screen reader stumbles over nothing."""
        faults = self.page.evaluate(OUTSIDE) + tree_faults(self.page)
        assert faults == [], (self.page.url, faults)
