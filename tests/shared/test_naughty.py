"""Every text field of every form on every page gets every naughty string: no 5xx, nothing typed is lost or runs."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from django.utils.html import escape

from massline.keys import key_of
from massline.texts import one_line
from petitions.models import SEEN, Petition, State
from responsibility.models import Escalation
from responsibility.sweep import sweep
from tests.api import FILING, Api
from tests.chain_lab import at
from tests.city import file_petition, walk_to
from tests.naughty import naughty

pytestmark = pytest.mark.django_db
TEXT = {"text", "search", "email", "tel", "number", "date", "password", "url", "textarea"}
CANNOT_BE_SENT = {"\ud800", "\udfff甲"}  # no browser sends half a character: tests/shared/test_api_any_input.py does


@dataclass
class Form:
    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    multipart: bool = False


class Forms(HTMLParser):
    """The forms of a page with what they would send, and which fields one types into."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.found: list[Form] = []
        self._open: Form | None = None
        self._select = ""
        self.areas: dict[str, str] = {}
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = given.get("action") or self.path
            self._open = Form(action.split("#")[0], given.get("method", "get").lower())
        form, name = self._open, given.get("name", "")
        if tag == "textarea":
            self._area = name
        if form is None or not name:
            return
        if tag == "input":
            self._input(form, name, given)
        elif tag == "textarea":
            form.texts.append(name)
            form.values[name] = ""
        elif tag == "select":
            self._select = name
            form.values.setdefault(name, "")

    def _input(self, form: Form, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in TEXT:
            form.texts.append(name)
            form.values[name] = given.get("value", "")
        elif kind == "hidden" or (kind in ("checkbox", "radio") and ("checked" in given or name not in form.values)):
            form.values[name] = given.get("value", "on")

    def handle_data(self, data: str) -> None:
        if self._area:
            self.areas[self._area] = self.areas.get(self._area, "") + data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._open is not None:
            self.found.append(self._open)
            self._open = None
        if tag == "textarea":
            self._area = ""


def forms_on(client: Client, path: str) -> list[Form]:
    page = client.get(path)
    if page.status_code in (302, 404):  # an act before moved it out of this person's hands
        return []
    assert page.status_code == 200, path
    parser = Forms(path)
    parser.feed(page.content.decode())
    return [form for form in parser.found if form.texts and "sign-out" not in form.action]


def send(client: Client, form: Form, values: dict[str, str]) -> Any:
    """The answer; what it did is undone, so that the next string finds the form again."""
    caches["counters"].clear()  # the limits are tested elsewhere
    before, cookies = transaction.savepoint(), client.cookies.copy()
    answer = client.get(form.action, values) if form.method == "get" else client.post(form.action, values)
    transaction.savepoint_rollback(before)
    transaction.savepoint_commit(before)
    client.cookies = cookies
    return answer


@pytest.fixture
def pages(city: SimpleNamespace) -> list[tuple[str, Client, str]]:
    """(who, client, address): each page that has a form to type into, per role, found by what the rail links to."""
    with at("2026-03-02 10:00") as now:
        late = walk_to(State.HANDLING, file_petition(received_at=now)).demand
    for month in ("2026-06", "2026-07", "2026-08"):  # level by level
        with at(f"{month}-28 10:00") as now:
            sweep(now)
    numbers = {state: walk_to(state).number for state in SEEN}
    found: list[tuple[str, Client, str]] = []
    anybody = Client(raise_request_exception=False)
    found += [
        ("anybody", anybody, path)
        for path in ("/", "/file/", "/file/both/", "/where-to-turn/", "/track/", "/desk/sign-in/")
    ]
    for who in ("clerk", "chief", "receiver", "handler", "leader", "mayor", "inspector", "auditor", "sysadmin"):
        client = Client(raise_request_exception=False)
        client.force_login(getattr(city, who), "django.contrib.auth.backends.ModelBackend")
        rail = [path for path in _links(client, "/desk/inbox/") if path.startswith("/desk/")]
        extra = [f"/desk/petitions/{number}/" for number in (*numbers.values(), late.petition.number)]
        extra += [
            f"/desk/escalations/{key_of('escalation', pk)}/"
            for pk in Escalation.objects.values_list("pk", flat=True)[:6]
        ]
        extra += ["/desk/exports/new/", "/desk/imports/", "/desk/preferences/"]
        for path in dict.fromkeys([*rail, *extra]):
            if client.get(path).status_code == 200:
                found.append((who, client, path))
    citizen = Client(raise_request_exception=False)
    filed = walk_to(State.HANDLING)
    citizen.post("/track/", {"number": filed.number, "tracking_code": filed.code})
    found.append(("citizen", citizen, "/track/own/"))
    return found


def _links(client: Client, path: str) -> list[str]:
    found: list[str] = []

    class Links(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag == "a":
                found.append((dict(attrs).get("href") or "").split("#")[0])

    Links().feed(client.get(path).content.decode())
    return found


def test_every_field_of_every_form(pages: list[tuple[str, Client, str]]) -> None:
    """A ninth of the strings for each form, another ninth for the next; all of them for all in `make soak`."""
    through_every_form(pages, share=9)


@pytest.mark.soak
def test_every_field_of_every_form_gets_every_string(pages: list[tuple[str, Client, str]]) -> None:
    through_every_form(pages, share=1)


def through_every_form(pages: list[tuple[str, Client, str]], share: int) -> None:
    """The fields of one form meet different strings in one sending."""
    strings = [text for text in naughty() if text not in CANNOT_BE_SENT]
    seen: set[tuple[str, tuple[str, ...]]] = set()
    sent = 0
    for who, client, path in pages:
        for form in forms_on(client, path):
            kind = (_shape(form.action), tuple(form.texts))
            if kind in seen:
                continue
            seen.add(kind)
            for n in range(len(seen) % share, len(strings), share):
                values = form.values | {
                    name: strings[(n + shift * 7) % len(strings)] for shift, name in enumerate(form.texts)
                }
                answer = send(client, form, values)
                sent += 1
                assert answer.status_code < 500, (who, path, form.action, values)
                if answer.status_code in (200, 422) and answer["Content-Type"].startswith("text/html"):
                    _nothing_runs_and_nothing_is_lost(answer, form, values, path)
    assert len(seen) >= 20, sorted(action for action, _texts in seen)
    assert sent >= 20 * (len(strings) // share)


def _shape(action: str) -> str:
    """The address without its numbers: the note form of one petition is that of every other."""
    return "/".join("#" if any(c.isdigit() for c in part) else part for part in action.split("/"))


def _nothing_runs_and_nothing_is_lost(answer: Any, form: Form, values: dict[str, str], path: str) -> None:
    page = answer.content.decode()
    for raw in ("<script>alert(1)", "<img src=x onerror", "<svg onload", "</textarea><b>"):
        assert raw not in page, (form.action, raw)
    if answer.status_code != 422:
        return
    parser = Forms(path)
    parser.feed(page)
    for name in form.texts:
        typed = values[name].strip()
        if name in parser.areas and typed and "\x00" not in typed:
            kept = parser.areas[name].replace("\r\n", "\n").strip()
            assert kept == typed.replace("\r\n", "\n").replace("\r", "\n"), (form.action, name)


def test_what_rest_takes_it_gives_back_exactly_and_pages_show_it_escaped(city: SimpleNamespace) -> None:
    """A title is kept in one line, a body to the character but for space at its ends; or they are refused."""
    clerk, citizen = Client(), Api()
    clerk.force_login(city.clerk, "django.contrib.auth.backends.ModelBackend")
    taken = 0
    for text in naughty():
        caches["counters"].clear()
        said = {"title": text[:100], "body": f"一{text}二"[:4000]}
        answer = citizen.post("/public/petitions/", FILING | said)
        assert answer.status_code in (201, 422), (text, answer.content)
        if answer.status_code != 201:
            continue
        taken += 1
        kept = Petition.objects.get(number=answer.json()["number"])
        assert kept.title == one_line(said["title"]), text
        assert kept.body.replace("\r\n", "\n") == said["body"].replace("\r\n", "\n").strip(), text
        page = clerk.get(f"/desk/petitions/{kept.number}/").content.decode()
        assert escape(kept.title) in page, text
    assert taken >= 50
