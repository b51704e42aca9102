"""Every form of every kind, and of the pages that no kind has for itself: no 5xx, nothing typed is lost or runs."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from massline.keys import key_of
from massline.texts import one_line
from petitions.models import Petition
from records.files.acts import ADDING
from responsibility.models import Escalation
from responsibility.sweep import sweep
from tests.api import FILING, Api
from tests.chain_lab import at
from tests.city import file_petition, walk_to
from tests.naughty import naughty
from tests.shared.kinds import all_kinds, declared, given, grouped, open_acts

pytestmark = pytest.mark.django_db
TEXT = {"text", "search", "email", "tel", "number", "date", "password", "url", "textarea"}
WORST = ('"><img src=x onerror=alert(1)>', "</textarea><b>甲\x00乙", "\u202e反过来" + "甲" * 5000)
"""What forms of old broke on: markup, what the database cannot keep, and more than there is room for."""
CANNOT_BE_SENT = {"\ud800", "\udfff甲"}  # no browser sends half a character: tests/shared/test_api_any_input.py does
STRINGS = tuple(text for text in naughty() if text not in CANNOT_BE_SENT)


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
def found(city: SimpleNamespace) -> Iterator[SimpleNamespace]:
    """The city with all kinds."""
    with all_kinds():
        yield city


def signed_in(user: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def pages_of(kind: str, city: SimpleNamespace) -> Iterator[tuple[Client, str, set[str]]]:
    """(client, address, actions): few pages of records on which somebody may do each act, with the addresses that the
    forms of these acts go to; and the list."""
    of, one = given(kind), declared(kind)
    of.city(city)
    actions: dict[tuple[str, str], set[str]] = defaultdict(set)
    for act, who, record in open_acts(kind, city):
        address = f"/desk/{one.plural}/{one.number_of(record)}/"
        actions[who, address].add(f"{address}files/" if act.slug in ADDING else f"{address}acts/{act.slug}/")
    address = reverse(one.listing.address)
    actions[of.cases["ordinary"].officials[0], address].add(address)
    for (who, address), those in actions.items():
        yield signed_in(getattr(city, who)), address, those


@grouped("naughty")
def test_every_form_of_a_kind_keeps_what_was_typed_and_runs_none_of_it(found: SimpleNamespace, kind: str) -> None:
    """Each form once; every string in every type of field: test_naughty_fields.py."""
    tried = 0
    for client, address, actions in pages_of(kind, found):
        for form in forms_on(client, address):
            if form.action in actions:
                send_strings(client, form, WORST, address, first=tried, times=1)
                tried += 1
    assert tried


@pytest.mark.soak
@grouped("naughty")
def test_every_form_of_a_kind_gets_every_string(found: SimpleNamespace, kind: str) -> None:
    for client, address, _actions in pages_of(kind, found):
        for form in forms_on(client, address):
            send_strings(client, form, STRINGS, address)


# --- Pages that no kind has for itself alone ----------------------------------------------------------------------
@pytest.fixture
def pages(city: SimpleNamespace) -> list[tuple[Client, str]]:
    """Each page that has a form to type into, per role, found by what the rail links to; and those of citizens."""
    with at("2026-03-02 10:00") as now:
        walk_to("handling", file_petition(received_at=now))
    for month in ("2026-06", "2026-07", "2026-08"):  # level by level
        with at(f"{month}-28 10:00") as now:
            sweep(now)
    anybody = Client(raise_request_exception=False)
    paths = ("/", "/file/", "/file/both/", "/where-to-turn/", "/track/", "/desk/sign-in/")
    found: list[tuple[Client, str]] = [(anybody, path) for path in paths]
    for who in ("clerk", "leader", "mayor", "auditor", "sysadmin"):
        client = signed_in(getattr(city, who))
        rail = [path for path in _links(client, "/desk/inbox/") if path.startswith("/desk/")]
        mine = Escalation.objects.filter(notices__recipient=getattr(city, who)).values_list("pk", flat=True)[:1]
        extra = [f"/desk/escalations/{key_of('escalation', pk)}/" for pk in mine]
        extra += ["/desk/exports/new/", "/desk/imports/", "/desk/preferences/", "/desk/petitions/new/"]
        found += [(client, path) for path in dict.fromkeys([*rail, *extra]) if client.get(path).status_code == 200]
    citizen = Client(raise_request_exception=False)
    filed = walk_to("handling")
    citizen.post("/track/", {"number": filed.number, "tracking_code": filed.code})
    return [*found, (citizen, "/track/own/")]


def _links(client: Client, path: str) -> list[str]:
    found: list[str] = []

    class Links(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag == "a":
                found.append((dict(attrs).get("href") or "").split("#")[0])

    Links().feed(client.get(path).content.decode())
    return found


def test_every_other_form_keeps_what_was_typed_and_runs_none_of_it(pages: list[tuple[Client, str]]) -> None:
    assert through_every_form(pages, WORST) >= 12


@pytest.mark.soak
def test_every_other_form_gets_every_string(pages: list[tuple[Client, str]]) -> None:
    assert through_every_form(pages, STRINGS) >= 12


def through_every_form(pages: list[tuple[Client, str]], strings: Sequence[str]) -> int:
    """How many forms there are, each of them on the first page that has it."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for client, path in pages:
        for form in forms_on(client, path):
            shape = (_shape(form.action), tuple(form.texts))
            if shape not in seen:
                seen.add(shape)
                send_strings(client, form, strings, path)
    return len(seen)


def send_strings(
    client: Client, form: Form, strings: Sequence[str], path: str, first: int = 0, times: int | None = None
) -> None:
    """So often that each string is in some field; the fields of one form meet different strings in one sending."""
    for n in range(first, first + (times or len(strings))):
        values = {name: strings[(n + shift * 7) % len(strings)] for shift, name in enumerate(form.texts)}
        answer = send(client, form, form.values | values)
        assert answer.status_code < 500, (path, form.action, values)
        if answer.status_code in (200, 422) and answer["Content-Type"].startswith("text/html"):
            _nothing_runs_and_nothing_is_lost(answer, form, values, path)


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


@pytest.mark.soak
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
