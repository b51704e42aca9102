"""The schema says what REST does, and the docs page shows it within the CSP."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from institutions.acts.comments import OWN_ACTS
from massline.acts import Act
from petitions.acts import CITIZEN_ACTS
from petitions.models import State
from responsibility.acts import LEADER_ACTS
from tests.api import Api, drawn_schema
from tests.city import walk_to


@pytest.fixture(scope="module")
def schema() -> Any:
    return drawn_schema()


def test_it_is_served_to_everybody(schema: Any) -> None:
    answer = Client().get("/api/v1/schema/")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/vnd.oai.openapi")


@pytest.mark.parametrize(
    ("address", "acts"),
    [
        ("/api/v1/public/track/acts/{act}/", (*CITIZEN_ACTS, *OWN_ACTS)),
        ("/api/v1/escalations/{id}/acts/{act}/", LEADER_ACTS),
    ],
)
def test_every_act_is_in_it_with_its_fields(schema: Any, address: str, acts: Iterable[Act]) -> None:
    operation = schema["paths"][address]["post"]
    (act,) = [p for p in operation["parameters"] if p["name"] == "act"]
    assert set(act["schema"]["enum"]) == {a.slug for a in acts}
    assert "PetitionRegisterInput" in schema["components"]["schemas"]
    assert set(schema["components"]["schemas"]["PetitionUnmaskInput"]["required"]) == {"fields", "reason"}


def test_every_error_is_a_problem(schema: Any) -> None:
    for path in schema["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                if status >= "400":
                    assert list(answer["content"]) == ["application/problem+json"]


@pytest.mark.django_db
def test_answers_have_the_fields_that_it_promises(schema: Any, city: SimpleNamespace) -> None:
    filed = walk_to(State.CLOSED)
    api = Api(city.clerk)
    detail = api.get(f"/petitions/{filed.number}/").json()
    _matches(schema, detail["acts"][0], "OpenAct")
    _matches(schema, detail["obligations"][0], "ObligationRow", {"requirement"})
    tracked = api.post("/public/track/", {"number": filed.number, "tracking_code": filed.code}).json()
    _matches(schema, tracked, "TrackedPetition")
    _matches(schema, tracked["timeline"][0], "Happened")


def _matches(schema: Any, found: dict[str, Any], component: str, optional: set[str] = frozenset()) -> None:  # type: ignore[assignment]
    assert set(found) == set(schema["components"]["schemas"][component]["properties"]) - optional


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_docs_page_shows_every_address_without_script(schema: Any, language: str) -> None:
    answer = Client().get("/api/v1/docs/", headers={"Accept-Language": language})
    page = answer.content.decode()
    assert answer.status_code == 200
    for path in schema["paths"]:
        assert path in page
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert " style=" not in page
    assert "<script>" not in page
