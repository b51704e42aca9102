"""The kinds of record that REST tells somebody of, and how the addresses of every kind behave."""

from types import SimpleNamespace
from typing import Any

import pytest

from massline.rest_shapes import camel_case
from records.kinds import record_types
from records.rest.rows import COMMON
from tests.api import Api
from tests.transfer_lab import add_discipline

pytestmark = pytest.mark.django_db
KINDS = [kind for kind in record_types() if kind.rest]


@pytest.fixture(autouse=True)
def disciplined(city: SimpleNamespace) -> SimpleNamespace:
    return add_discipline(city)


def test_a_kind_says_its_states_and_acts(city: SimpleNamespace) -> None:
    found = {kind["kind"]: kind for kind in Api(city.clerk).get("/kinds/").json()["results"]}
    transfers = found["transfer"]
    assert (transfers["plural"], transfers["title"]) == ("transfers", "移送登记")
    assert transfers["url"] == "http://testserver/api/v1/transfers/"
    assert transfers["states"] == [
        {"value": "sent", "label": "已移送，待回执", "final": False},
        {"value": "receipted", "label": "已取得回执", "final": True},
    ]
    assert transfers["acts"][0] == {
        "slug": "receipt",
        "label": "登记回执",
        "from": ["sent"],
        "to": ["receipted"],
        "roles": ["office", "receiver"],
        "bulk": False,
    }


def test_the_states_of_an_act_are_told_in_the_order_of_the_states(city: SimpleNamespace) -> None:
    for kind in Api(city.clerk).get("/kinds/").json()["results"]:
        order = [state["value"] for state in kind["states"]]
        for act in kind["acts"]:
            assert act["from"] == [state for state in order if state in act["from"]], act["slug"]


@pytest.mark.parametrize(
    ("who", "slugs"),
    [("clerk", {"register", "forward"}), ("leader", {"assign"}), ("handler", set()), ("auditor", set())],
)
def test_acts_that_somebody_can_do_on_many_are_told(city: SimpleNamespace, who: str, slugs: set[str]) -> None:
    found = {kind["kind"]: kind["acts"] for kind in Api(getattr(city, who)).get("/kinds/").json()["results"]}
    assert {act["slug"] for act in found["petition"] if act["bulk"]} == slugs


@pytest.mark.parametrize(
    ("who", "there"), [("clerk", True), ("auditor", True), ("letters", True), ("handler", False), ("outsider", False)]
)
def test_only_kinds_that_exist_for_somebody_are_told(city: SimpleNamespace, who: str, there: bool) -> None:
    found = {kind["kind"] for kind in Api(getattr(city, who)).get("/kinds/").json()["results"]}
    assert ("transfer" in found) is there


def test_kinds_are_told_in_the_readers_language(city: SimpleNamespace) -> None:
    found = Api(city.clerk).get("/kinds/", Accept_Language="en").json()["results"]
    transfer = next(kind for kind in found if kind["kind"] == "transfer")
    assert transfer["states"][0]["label"] == "Handed over, awaiting receipt"


def test_nobody_is_told_without_a_sign_in_nor_an_administration(city: SimpleNamespace) -> None:
    assert Api().get("/kinds/").status_code == 401
    assert Api(city.sysadmin).get("/kinds/").status_code == 403


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.plural)
def test_every_list_says_what_every_kind_says(city: SimpleNamespace, kind: Any) -> None:
    schema = Api().get("/schema/", Accept="application/vnd.oai.openapi+json").json()["components"]["schemas"]
    name = camel_case(kind.kind)
    assert {column.name for column in COMMON} <= set(schema[f"{name}Row"]["properties"])
    assert {"acts", "obligations"} <= set(schema[f"{name}Detail"]["properties"])
    told = schema[f"{name}Row"]["properties"]
    assert all("null" in str(told[date]) for date in ("due_strict", "due_legal")), "what may be empty is told so"


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.plural)
def test_a_method_that_an_address_does_not_know_is_a_problem(city: SimpleNamespace, kind: Any, method: str) -> None:
    api = Api(city.clerk)
    answer = getattr(api.client, method)(f"/api/v1/{kind.plural}/", headers=api.headers)
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
