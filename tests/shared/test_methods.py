"""No method on any address answers with nothing: a page for people, problem details for programs, or a way on."""

from collections.abc import Callable, Iterable, Iterator
from itertools import cycle
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from massline.keys import key_of, tables
from petitions.models import State
from tests.api import token_for
from tests.city import walk_to

KEYS = {f"<{table}:pk>": key_of(table, 1) for table in tables()} | {
    "<str:pk>": key_of("escalation", 1),
    "<int:number>": "20",
    "<str:token>": "x",
}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "FORWARD")
EVERYBODY = ("", "chief", "sysadmin")
POST_ONLY = {
    "/desk/petitions/{number}/acts/forward/": "/desk/petitions/{number}/",
    "/desk/petitions/{number}/acts/unmask/": "/desk/petitions/{number}/",
    "/desk/petitions/{number}/files/": "/desk/petitions/{number}/",
    f"/desk/escalations/{key_of('escalation', 1)}/acts/instruct/": f"/desk/escalations/{key_of('escalation', 1)}/",
    "/desk/ledger/saved/": "/desk/ledger/",
    f"/desk/ledger/saved/{key_of('filter', 1)}/remove/": "/desk/ledger/",
    "/desk/petitions/bulk/": "/desk/ledger/",
    f"/desk/letters/{key_of('letter', 1)}/": "/desk/letters/",
    f"/desk/letters/{key_of('letter', 1)}/contact/": "/desk/letters/",
    f"/desk/letters/{key_of('letter', 1)}/cannot/": "/desk/letters/",
    f"/desk/letters/{key_of('letter', 1)}/served/": "/desk/letters/",
    "/desk/letters/many/told/": "/desk/letters/",
    f"/desk/inbox/{key_of('notice', 1)}/": "/desk/inbox/",
    "/desk/escalations/acknowledge/": "/desk/escalations/",
    "/desk/inbox/read/": "/desk/inbox/",
    "/desk/sign-out/": "/desk/",
}
TRACKED = {
    "/track/own/acts/supplement/": "/track/own/",
    "/track/own/files/": "/track/own/",
    "/track/own/leave/": "/track/own/",
    "/receipt/files/": "/receipt/",
}


def patterns(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route
        else:
            yield from patterns(each, route)


def addresses(number: str) -> list[str]:
    """Each address once with parts that exist where that is easy, and once with parts that do not."""
    found = []
    for route in patterns(get_resolver()):
        for parts in (
            {
                "<slug:number>": number,
                "<slug:slug>": "note",
                "<slug:act>": "note",
                "<slug:name>": "forwarded",
                "<int:year>": "2026",
            },
            {
                "<slug:number>": "nothing",
                "<slug:slug>": "nothing",
                "<slug:act>": "nothing",
                "<slug:name>": "nothing",
                "<int:year>": "1",
            },
        ):
            path = "/" + route
            for part, value in {
                **parts,
                **KEYS,
                "<slug:plural>": "petitions",
                "<slug:kind>": "petition",
                "<int:number>": "20",
                "<str:token>": "x",
                "<str:pk>": key_of("escalation", 1),
            }.items():
                path = path.replace(part, value)
            assert "<" not in path, f"a kind of address that this test does not know: {path}"
            found.append(path)
    return list(dict.fromkeys([*found, "/nothing/", "/desk/nothing/", "/api/v1/nothing/", "/static/css/nothing.css"]))


def fault_of(method: str, path: str, response: Any) -> str:
    status, kind = response.status_code, response.get("Content-Type", "")
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if status >= 500 and path != "/readyz":
        return "an error of ours"
    if status == 204 or 300 <= status < 400 or response.get("HX-Redirect"):
        return ""
    if method == "HEAD":
        return "a body" if body else ""
    if not body.strip():
        return "an empty body"
    if status == 405 and not response.get("Allow"):
        return "no Allow"
    program = path.startswith(("/api/", "/healthz", "/readyz", "/altcha/"))
    expected = "application/problem+json" if program else "text/html"
    return "" if status < 400 or status == 503 or kind.startswith(expected) else f"{kind} in place of {expected}"


@pytest.mark.django_db
@pytest.mark.parametrize("who", EVERYBODY)
def test_no_method_on_any_address_answers_with_nothing(city: SimpleNamespace, who: str) -> None:
    """Each address is read, and meets one of the other methods by turns."""
    others = cycle(METHODS[1:])
    ask_every_address(city, who, lambda: ("GET", next(others)))


@pytest.mark.soak
@pytest.mark.django_db
@pytest.mark.parametrize("who", EVERYBODY)
def test_every_method_on_every_address(city: SimpleNamespace, who: str) -> None:
    ask_every_address(city, who, lambda: METHODS)


def ask_every_address(city: SimpleNamespace, who: str, methods: Callable[[], Iterable[str]]) -> None:
    faults, filed = [], walk_to(State.HANDLING)
    paths = addresses(filed.number)
    assert len(paths) > 80
    for csrf in (False,) if who else (False, True):
        client = Client(raise_request_exception=False, enforce_csrf_checks=csrf)
        headers: dict[str, str] = {}
        if who:
            user = getattr(city, who)
            headers["Authorization"] = f"Bearer {token_for(user)}"
        for path in paths:
            if who:  # one of them signs out
                client.force_login(user, "django.contrib.auth.backends.ModelBackend")
            for method in methods():
                response = client.generic(method, path, headers=headers if path.startswith("/api/") else {})
                if fault := fault_of(method, path, response):
                    faults.append(f"{method} {path}: {response.status_code}, {fault}")
    assert faults == []


@pytest.mark.django_db
def test_whoever_opens_the_address_of_a_form_comes_to_its_page(city: SimpleNamespace) -> None:
    filed = walk_to(State.REGISTERED)
    desk, nobody = Client(), Client()
    desk.force_login(city.chief, "django.contrib.auth.backends.ModelBackend")
    for path, page in POST_ONLY.items():
        path, page = path.format(number=filed.number), page.format(number=filed.number)
        for read in (desk.get, desk.head):
            answer = read(path)
            assert (answer.status_code, answer["Location"]) == (302, page), path
        answer = nobody.get(path)
        assert answer["Location"] == ("/desk/" if "sign-out" in path else f"/desk/sign-in/?next={path}")
    given = {"username": "chief", "password": "a long test password"}
    path = f"/desk/petitions/{filed.number}/acts/forward/"
    signed_in = nobody.post(f"/desk/sign-in/?next={path}", given, follow=True)
    assert signed_in.redirect_chain[-1][0] == f"/desk/petitions/{filed.number}/" and filed.number in str(
        signed_in.content.decode()
    )
    for path, page in TRACKED.items():
        assert nobody.get(path)["Location"] == page


@pytest.mark.django_db
def test_the_page_says_what_to_do(city: SimpleNamespace) -> None:
    client = Client()
    answer = client.put("/file/")
    page = answer.content.decode()
    assert answer.status_code == 405 and answer["Allow"] == "GET, HEAD, POST"
    assert "这个网址不能这样打开" in page and 'href="/track/"' in page
    english = client.put("/file/", headers={"Accept-Language": "en"}).content.decode()
    assert "cannot be opened this way" in english
    client.force_login(city.handler, "django.contrib.auth.backends.ModelBackend")
    assert 'aria-label="主要栏目"' in client.delete("/desk/ledger/").content.decode(), "inside the desk"


@pytest.mark.django_db
def test_programs_get_problem_details_with_the_methods_that_there_are(city: SimpleNamespace) -> None:
    client = Client()
    for path, method, allowed in (
        ("/api/v1/docs/", "POST", "GET, HEAD"),
        ("/healthz", "DELETE", "GET, HEAD"),
        ("/altcha/challenge/", "PUT", "GET, HEAD"),
        ("/api/v1/public/petitions/", "OPTIONS", "POST"),
        ("/api/v1/public/regions/", "TRACE", "GET"),
    ):
        answer = client.generic(method, path)
        assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json"), path
        assert set(allowed.split(", ")) <= set(answer["Allow"].split(", ")), path
        assert answer.json()["title"] == "这个地址不支持该方法"
    upload = client.put("/track/own/files/", headers={"Accept": "application/json"})
    assert (upload.status_code, upload["Content-Type"]) == (405, "application/problem+json")


def test_a_file_that_is_served_as_it_lies_is_only_read() -> None:
    assert finders.find("css/base.css")
    client = Client()
    assert client.get("/static/css/base.css").status_code == 200
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        answer = client.generic(method, "/static/css/base.css")
        assert answer.status_code == 404 and "没有找到" in answer.content.decode()
