"""Filing through REST: what is asked for, what is answered, and that every fault names its field."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from audit import context
from citizens.erasure.erase import erase, numbered
from citizens.models import Complained
from petitions.models import Demand, Petition
from tests.api import FILING, Api
from tests.chain_lab import at

pytestmark = pytest.mark.django_db


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in FILING.items() if key != name}


def person(**changes: Any) -> dict[str, Any]:
    return FILING | {"petitioner": FILING["petitioner"] | changes}


def test_filing_answers_with_number_code_and_what_is_owed(city: SimpleNamespace) -> None:
    answer = Api().post("/public/petitions/", FILING)
    assert answer.status_code == 201
    filed = answer.json()
    assert set(filed) == {"number", "tracking_code", "received_at", "persons", "obligations"}
    assert filed["received_at"].endswith("+08:00")
    assert [o["rule"] for o in filed["obligations"]] == ["XF01"]
    assert len(filed["obligations"][0]["due_strict"]) == 10
    demand = Demand.objects.get(petition__number=filed["number"])
    assert demand.organ == city.organ["office"]
    assert demand.petition.filing.tell_by == "sms"
    assert Complained.objects.get().name == "幸福里物业服务中心"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        *((without(name), name) for name in ("title", "body", "region", "purpose")),
        (without("petitioner"), "petitioner.name"),
        (FILING | {"title": 5}, "title"),
        (FILING | {"title": "x" * 101}, "title"),
        (FILING | {"title": "\u0000"}, "title"),
        (FILING | {"body": "a\u0000b"}, "body"),
        (FILING | {"body": ["x"]}, "body"),
        (FILING | {"wish": "\ud800"}, "wish"),
        (FILING | {"wish": True}, "wish"),
        (FILING | {"category": "123456"}, "category"),
        (FILING | {"category": "01"}, "category"),
        (FILING | {"region": "\u0000"}, "region"),
        (FILING | {"region": "110000000000"}, "region"),
        (FILING | {"region": {"code": "990100000000"}}, "region"),
        (FILING | {"purpose": "nonsense"}, "purpose"),
        (FILING | {"petitioner": "Song"}, "petitioner"),
        (person(phone="no phone"), "petitioner.phone"),
        (person(phone=13900000000), "petitioner.phone"),
        (person(id_number="110101199003070000"), "petitioner.id_number"),
        (person(email="not an address"), "petitioner.email"),
        (person(tell_by="email"), "petitioner.email"),
        (person(tell_by="pigeon"), "petitioner.tell_by"),
        (person(name=None), "petitioner.name"),
        (FILING | {"complained_about": "everybody"}, "complained_about"),
        (FILING | {"complained_about": ["somebody"]}, "complained_about.0"),
        (FILING | {"complained_about": [{"kind": "organ"}]}, "complained_about.0.name"),
        (FILING | {"complained_about": [{"name": "某局"}]}, "complained_about.0.kind"),
        (FILING | {"complained_about": [{"kind": "beast", "name": "某局"}]}, "complained_about.0.kind"),
        (FILING | {"complained_about": [{"kind": "person", "name": 7}]}, "complained_about.0.name"),
        (
            FILING | {"complained_about": [{"kind": "person", "name": "\u0000", "organ": "某局"}]},
            "complained_about.0.name",
        ),
        (FILING | {"complained_about": [{"kind": "organ", "name": "某局"}] * 11}, "complained_about"),
    ],
)
def test_a_fault_names_its_field_and_files_nothing(city: SimpleNamespace, body: Any, field: str) -> None:
    answer = Api().post("/public/petitions/", body)
    assert answer.status_code == 422
    assert field in answer.json()["errors"]
    assert not Petition.objects.exists()


@pytest.mark.parametrize(
    "raw",
    [
        *(b"", b"{", b"[]", b'"text"', b"null", b"\xff\xfe", b'{"title": NaN}', b'{"title": Infinity}', b"title=a"),
        b'{"title": 1' + b"0" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 50 + b"1" + b"}" * 50,
    ],
)
def test_what_is_not_a_json_object_is_not_understood(city: SimpleNamespace, raw: bytes) -> None:
    assert Api().post("/public/petitions/", raw).status_code in ((400, 422) if raw == b"" else (400,))


def test_other_media_types_and_methods_are_problems_too(city: SimpleNamespace) -> None:
    api = Api()
    form = api.client.post("/api/v1/public/petitions/", {"title": "a"})
    assert (form.status_code, form["Content-Type"]) == (415, "application/problem+json")
    for method in ("get", "put", "patch", "delete", "options", "trace"):
        answer = getattr(api.client, method)("/api/v1/public/petitions/")
        assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    large = api.post("/public/petitions/", b'{"body": "' + b"a" * 1_100_000 + b'"}')
    assert large.status_code == 413


@pytest.mark.parametrize(
    "path",
    [
        "",
        "v1/",
        "v2/x/",
        "v1/petitions",
        "v1/nothing/",
        "v1/petitions/%00/",
        "v1/escalations/99999999999999999999/",
        "v1/petitions/%ff%ed%a0%80/",
        "v1/%0a",
    ],
)
def test_every_other_address_is_a_problem(city: SimpleNamespace, path: str) -> None:
    answer = Api(city.clerk).client.get("/api/" + path, headers=Api(city.clerk).headers)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_null_is_as_good_as_absent(city: SimpleNamespace) -> None:
    body = person(email=None, tell_by=None) | {"wish": None, "complained_about": None}
    assert Api().post("/public/petitions/", body).status_code == 201


def test_sent_twice_with_a_key_files_once(city: SimpleNamespace) -> None:
    api = Api()
    first = api.post("/public/petitions/", FILING, Idempotency_Key="a-key-of-ours")
    again = api.post("/public/petitions/", FILING, Idempotency_Key="a-key-of-ours")
    other = api.post("/public/petitions/", FILING | {"title": "另一件事"}, Idempotency_Key="a-key-of-ours")
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.content == again.content
    assert Petition.objects.count() == 1


def test_a_key_that_is_used_again_after_its_day_stands_for_the_new_filing(city: SimpleNamespace) -> None:
    api, other = Api(), FILING | {"title": "另一件事"}

    def sent(moment: str, body: dict[str, Any]) -> Any:
        with at(moment):
            return api.post("/public/petitions/", body, Idempotency_Key="a-key-of-ours")

    first = sent("2026-08-03 09:00", FILING)
    assert sent("2026-08-04 08:59", FILING).content == first.content
    second = sent("2026-08-04 09:00", other)
    assert second.status_code == 201 and second.json()["number"] != first.json()["number"]
    for moment in ("2026-08-04 09:01", "2026-08-05 08:59"):
        assert sent(moment, other).content == second.content, "it has a day of its own"
        assert sent(moment, FILING).status_code == 422
    with transaction.atomic():
        erase(numbered(second.json()["number"]), context.SYSTEM, "依法")
    assert sent("2026-08-05 08:59", other).json()["number"] != second.json()["number"], "its receipt went with it"
    assert Petition.objects.count() == 3


@pytest.mark.parametrize("key", ["", "short", "has a blank in it", "x" * 201, "ключ-ключ-ключ"])
def test_a_key_is_visible_ascii(city: SimpleNamespace, key: str) -> None:
    answer = Api().post("/public/petitions/", FILING, Idempotency_Key=key)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["Idempotency-Key"]


def test_an_address_files_so_often_in_an_hour_and_a_repeat_does_not_count(city: SimpleNamespace, settings: Any) -> None:
    settings.FILING_LIMIT = 2
    api = Api()
    for _again in range(4):
        assert api.post("/public/petitions/", FILING, Idempotency_Key="the-same-key").status_code == 201
    assert api.post("/public/petitions/", FILING).status_code == 201
    refused = api.post("/public/petitions/", FILING, Idempotency_Key="another-key")
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 3600
    assert Petition.objects.count() == 2


def test_lists_of_codes_are_trees_that_may_be_cached(city: SimpleNamespace) -> None:
    api = Api()
    categories = api.get("/public/categories/")
    assert set(categories.json()[0]) == {"code", "name", "children"}
    english = api.get("/public/categories/", Accept_Language="en")
    assert english.json()[0]["name"] != categories.json()[0]["name"]
    assert "public" in categories["Cache-Control"]
    again = api.client.get("/api/v1/public/categories/", headers={"If-None-Match": categories["ETag"]})
    assert again.status_code == 304
    regions = api.get("/public/regions/").json()
    assert regions[0]["code"] == "990100000000"
    assert [r["code"] for r in regions[0]["children"]] == ["990102000000"]


@pytest.mark.parametrize("accept", ["text/html", "application/problem+json", "nonsense", "application/json;q=0.1"])
def test_whatever_is_accepted_the_answer_is_json(city: SimpleNamespace, accept: str) -> None:
    answer = Api().get("/public/regions/", Accept=accept)
    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (200, "application/json")
