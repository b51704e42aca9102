"""No input gives a 5xx, and every refusal is problem details: arbitrary JSON, bytes, queries and headers.

Here at the addresses that no kind has for itself; those of each kind: test_rest_of_kinds.py.
"""

from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from petitions.acts import CITIZEN_ACTS
from responsibility.acts import LEADER_ACTS
from tests.api import FILING, V1, Api, token_for

pytestmark = pytest.mark.django_db
MANY, few = (
    settings(
        max_examples=cases, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    for cases in (50, 15)
)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(["\0", "\ud800"])
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)
NAMES = sorted(
    {
        *FILING,
        *FILING["petitioner"],
        "number",
        "tracking_code",
        "username",
        "password",
        "demand",
        "fields",
        "post",
        "text",
    }
    | {
        "organ",
        "agree",
        "reason",
        "handler",
        "outcome",
        "object",
        "score",
        "note",
        "evidence",
        "question",
        "where_to_go",
        "content",
        "public",
    }
)
BODIES = st.dictionaries(st.sampled_from(NAMES), JSON, max_size=8) | JSON


@pytest.fixture
def addresses(city: SimpleNamespace) -> list[str]:
    return [
        "/public/petitions/", "/public/track/", "/session/",
        *(f"/public/track/acts/{act.slug}/" for act in CITIZEN_ACTS),
        *(f"/escalations/1/acts/{act.slug}/" for act in LEADER_ACTS),
    ]  # fmt: skip


@MANY
@given(data=st.data(), body=BODIES)
def test_any_json(city: SimpleNamespace, addresses: list[str], data: st.DataObject, body: Any) -> None:
    who = data.draw(st.sampled_from([city.clerk, city.leader, city.handler]))
    Api(who).post(data.draw(st.sampled_from(addresses)), body)


@MANY
@given(changed=st.sampled_from(sorted(FILING)), value=JSON)
def test_any_value_in_a_good_filing(city: SimpleNamespace, changed: str, value: Any) -> None:
    Api().post("/public/petitions/", FILING | {changed: value})


@MANY
@given(data=st.data(), raw=st.binary(max_size=200))
def test_any_bytes(city: SimpleNamespace, addresses: list[str], data: st.DataObject, raw: bytes) -> None:
    Api(city.clerk).post(data.draw(st.sampled_from(addresses)), raw)


@MANY
@given(
    name=st.sampled_from(["state", "organ", "category", "overdue", "q", "cursor", "x"]), value=st.binary(max_size=40)
)
def test_any_query(city: SimpleNamespace, name: str, value: bytes) -> None:
    Api(city.clerk).get(f"/escalations/?{name}={quote(value)}")


@MANY
@given(part=st.binary(min_size=1, max_size=40))
def test_any_path(city: SimpleNamespace, part: bytes) -> None:
    api = Api(city.clerk)
    for path in ("/escalations/{}/", "/{}", "/public/{}/"):
        answer = api.client.get(V1 + path.format(quote(part, safe="")), headers=api.headers)
        assert answer.status_code < 500
        if answer.status_code >= 400:
            assert answer["Content-Type"] == "application/problem+json"


@MANY
@given(value=st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=220))
def test_any_header(city: SimpleNamespace, value: str) -> None:
    Api().post("/public/petitions/", FILING, Idempotency_Key=value)
    Api().get("/petitions/", Authorization=value)
    Api().get("/public/categories/", Accept=value, Accept_Language=value, If_None_Match=value)


def test_what_nobody_foresaw_is_a_problem_too(city: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("nobody foresaw this")

    monkeypatch.setattr("records.rest.views.page_of", broken)
    monkeypatch.setattr("records.list_pages.page_of", broken)
    client = Client(raise_request_exception=False)
    answer = client.get(V1 + "/petitions/", headers={"Authorization": f"Bearer {token_for(city.clerk)}"})
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert answer.json()["title"] == "系统出错了" and "foresaw" not in answer.content.decode()
    client.force_login(city.clerk, "django.contrib.auth.backends.ModelBackend")
    page = client.get("/desk/ledger/")
    assert page.status_code == 500 and "系统出错了" in page.content.decode()
