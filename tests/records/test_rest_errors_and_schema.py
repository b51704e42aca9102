"""What REST answers about a kind of which everything is made from its declaration: kinds, errors, schema."""

import io
import json
from collections.abc import Iterator
from contextlib import redirect_stderr
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from drf_spectacular.plumbing import _load_enum_name_overrides

from tests.api import Api
from tests.kinds.lab import errand, paper_kinds

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kinds.urls")]


@pytest.fixture(autouse=True)
def papers() -> Iterator[None]:
    with paper_kinds():
        yield


@pytest.fixture
def errands(city: SimpleNamespace) -> SimpleNamespace:
    """The city, with an errand of the department to run and one that was run."""
    errand("E-1", city.organ["department"])
    done = errand("E-2", city.organ["department"])
    type(done).objects.filter(pk=done.pk).update(state="done")
    return city


def test_the_kind_is_told_with_its_states_its_acts_and_what_entering_one_asks_for(city: SimpleNamespace) -> None:
    found = {kind["kind"]: kind for kind in Api(city.leader).get("/kinds/").json()["results"]}
    kind = found["errand"]
    assert (kind["plural"], kind["title"], kind["url"]) == ("errands", "跑腿", "http://testserver/api/v1/errands/")
    assert kind["states"] == [
        {"value": "open", "label": "待跑", "final": False},
        {"value": "done", "label": "跑完", "final": True},
    ]
    run = {"slug": "run", "label": "跑完", "from": ["open"], "to": ["done"], "roles": ["reader"], "bulk": True}
    assert kind["acts"][0] == run
    assert [field["name"] for field in kind["create"]["fields"]] == ["title"]
    assert kind["create"]["sources"] == ["petition", "sealed"]
    to_others = {kind["kind"]: kind for kind in Api(city.handler).get("/kinds/").json()["results"]}["errand"]
    assert to_others["create"] is None and not to_others["acts"][0]["bulk"]


# --- Errors: problem details (RFC 9457), which Api checks ---------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "path", "body", "status"),
    [
        ("leader", "/errands/", b"{", 400),
        ("leader", "/errands/", [], 400),
        ("", "/errands/", {"title": "去看看"}, 401),
        ("", "/errands/E-1/acts/run/", {}, 401),
        ("handler", "/errands/", {"title": "去看看"}, 403),
        ("sysadmin", "/errands/E-1/acts/run/", {}, 403),
        ("other_leader", "/errands/E-1/acts/run/", {"found": "信"}, 404),
        ("handler", "/errands/E-9/acts/run/", {"found": "信"}, 404),
        ("handler", "/errands/E-1/acts/nothing/", {}, 404),
        ("handler", "/errands/E-1/", {}, 405),
        ("handler", "/errands/E-1/timeline/", {}, 405),
        ("handler", "/errands/E-2/acts/run/", {"found": "信"}, 409),
        ("leader", "/errands/", {"title": "a" * 1_100_000}, 413),
        ("leader", "/errands/", {"title": "a" * 21}, 422),
        ("handler", "/errands/E-1/acts/run/", {"found": ["信"]}, 422),
    ],
)
def test_every_error_is_a_problem(errands: SimpleNamespace, who: str, path: str, body: Any, status: int) -> None:
    answer = Api(getattr(errands, who) if who else None).post(path, body)
    assert answer.status_code == status, answer.content
    assert set(answer.json()) <= {"type", "title", "status", "detail", "errors"}
    assert ("errors" in answer.json()) == (status == 422)


def test_a_key_that_was_used_for_other_content_is_said(errands: SimpleNamespace) -> None:
    api, key = Api(errands.leader), {"Idempotency_Key": "request-1"}
    first, again = (api.post("/errands/", {"title": "去看看"}, **key) for _time in range(2))
    assert first.status_code == again.status_code == 201 and first.json()["number"] == again.json()["number"]
    other = api.post("/errands/", {"title": "再去看看"}, **key)
    assert other.status_code == 422 and "Idempotency-Key" in other.json()["title"]


def test_who_sends_too_many_files_is_told_when_to_come_again(errands: SimpleNamespace, settings: Any) -> None:
    settings.UPLOAD_LIMIT = 1
    api = Api(errands.handler)
    first, second = (api.post("/errands/E-1/acts/attach/", {}) for _again in range(2))
    assert first.status_code != 429 and second.status_code == 429 and int(second["Retry-After"]) > 0


def test_reading_has_the_same_errors(errands: SimpleNamespace) -> None:
    for part in ("", "E-1/", "E-1/timeline/"):
        assert Api().get(f"/errands/{part}").status_code == 401
        assert Api(errands.sysadmin).get(f"/errands/{part}").status_code == 403
    for part in ("E-1/", "E-1/timeline/"):
        hidden, nothing = (Api(errands.clerk).get(f"/errands/{p}") for p in (part, part.replace("E-1", "E-9")))
        assert hidden.status_code == 404 and hidden.content == nothing.content


# --- The schema -----------------------------------------------------------------------------------------------------
def schema() -> Any:
    _load_enum_name_overrides.cache_clear()  # another test may have read them before the addresses of errands were made
    out, err = io.StringIO(), io.StringIO()
    how = ("--urlconf", "tests.kinds.urls", "--validate", "--fail-on-warn", "--format", "openapi-json")
    with redirect_stderr(err):
        call_command("spectacular", *how, stdout=out)
    assert "Warning" not in err.getvalue()
    return json.loads(out.getvalue())


def test_the_schema_promises_what_is_answered(errands: SimpleNamespace) -> None:
    found, api = schema(), Api(errands.leader)
    shapes = {name: set(shape.get("properties", ())) for name, shape in found["components"]["schemas"].items()}
    rows, one = api.get("/errands/").json(), api.get("/errands/E-1/").json()
    assert set(rows) == shapes["ErrandRows"] and set(rows["results"][0]) == shapes["ErrandRow"]
    assert set(one) == shapes["ErrandDetail"] and set(one["way"]) == shapes["Way"]
    assert set(api.post("/errands/", {"title": "去看看"}).json()) == shapes["ErrandCreated"]
    results = api.post("/errands/bulk/acts/run/", {"numbers": ["E-1", "E-9"], "found": "信"}).json()["results"]
    assert all(set(result) == shapes["ErrandBulkResult"] for result in results)
    assert set(api.get("/errands/E-1/timeline/").json()["results"][0]) == shapes["Happened"]


def test_the_schema_has_every_address_and_what_each_takes(errands: SimpleNamespace) -> None:
    found = schema()
    paths = {path: set(said) for path, said in found["paths"].items() if "/errands/" in path}
    assert paths == {
        "/api/v1/errands/": {"get", "post"},
        "/api/v1/errands/bulk/acts/{act}/": {"post"},
        "/api/v1/errands/{number}/": {"get"},
        "/api/v1/errands/{number}/timeline/": {"get"},
        "/api/v1/errands/{number}/acts/{act}/": {"post"},
    }
    listed = found["paths"]["/api/v1/errands/"]["get"]
    common = {"state", "organ", "category", "overdue", "q", "cursor", "mine", "received_from", "received_to", "sort"}
    assert {p["name"] for p in listed["parameters"]} == common
    shapes = found["components"]["schemas"]
    assert set(shapes["ErrandBulkInput"]["properties"]) == {"numbers", "found"}
    assert shapes["ErrandBulkInput"]["required"] == ["numbers"] and shapes["ErrandInput"]["required"] == ["title"]
    assert shapes["ErrandRunInput"]["properties"]["found"]["maxLength"] == 100
