"""Tracking through REST: number and code open one petition, and nothing tells a wrong code from an unknown number."""

from types import SimpleNamespace
from typing import Any

import pytest

from citizens.models import Rating
from petitions.models import Demand, State
from records.models import ActText
from tests.api import Api
from tests.city import file_petition, walk_to

pytestmark = pytest.mark.django_db


def opening(filed: SimpleNamespace, **more: Any) -> dict[str, Any]:
    return {"number": filed.number, "tracking_code": filed.code} | more


def test_the_code_shows_state_timeline_and_dates(city: SimpleNamespace) -> None:
    filed = walk_to(State.FORWARDED)
    shown = Api().post("/public/track/", opening(filed)).json()
    assert shown["number"] == filed.number
    assert (shown["state"], shown["organ"]) == ("forwarded", "department")
    assert [entry["event"] for entry in shown["timeline"]] == ["filed", "registered", "forwarded", "told"]
    assert {o["rule"] for o in shown["obligations"]} == {"XF01", "XF03"}
    assert all(o["steps"] for o in shown["obligations"])
    assert {act["slug"] for act in shown["acts"]} == {"supplement", "hand_in", "withdraw", "urge"}
    assert not any(entry["actor"] for entry in shown["timeline"])


def test_case_spaces_and_look_alikes_are_forgiven(city: SimpleNamespace) -> None:
    filed = file_petition()
    typed = f" {filed.code.lower().replace('0', 'o').replace('1', 'l').replace('-', ' ')} "
    answer = Api().post("/public/track/", {"number": filed.number.lower().replace("-", ""), "tracking_code": typed})
    assert answer.status_code == 200


def test_a_wrong_code_and_an_unknown_number_are_answered_alike(city: SimpleNamespace) -> None:
    filed, api = file_petition(), Api()
    wrong = [
        api.post(path, {"number": number, "tracking_code": code} | given)
        for path, given in (
            ("/public/track/", {}),
            ("/public/track/acts/supplement/", {"text": "x"}),
            ("/public/track/acts/nothing/", {"text": "x"}),
        )
        for number, code in ((filed.number, "AAAA-AAAA"), ("XF20200101-000001", filed.code), ("x", "y"))
    ]
    assert {answer.status_code for answer in wrong} == {404}
    assert len({answer.content for answer in wrong}) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"number": 5, "tracking_code": []},
        {"number": "\ud800", "tracking_code": "\ud800"},
        {"number": "\u0000", "tracking_code": "\u0000"},
    ],
)
def test_number_and_code_are_texts(city: SimpleNamespace, body: Any) -> None:
    answer = Api().post("/public/track/", body)
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"number", "tracking_code"}


def test_the_petitioner_acts_on_their_own_petition(city: SimpleNamespace) -> None:
    filed, api = walk_to(State.CLOSED), Api()
    rated = api.post("/public/track/acts/rate/", opening(filed, object="organ", score=2, reason="太慢"))
    assert rated.status_code == 200
    assert Rating.objects.get().score == 2
    for fault in ({"score": 6}, {"score": True}, {"score": 10**30}, {"object": 1}, {"reason": {}}, {"object": None}):
        answer = api.post("/public/track/acts/rate/", opening(filed, **({"object": "organ", "score": 2} | fault)))
        assert answer.status_code == 422
        assert set(answer.json()["errors"]) == set(fault)
    assert api.post("/public/track/acts/supplement/", opening(filed, text="还有一处")).status_code == 409
    assert api.post("/public/track/acts/supplement/", opening(filed, text=5)).status_code == 409
    assert api.post("/public/track/acts/answer/", opening(filed)).status_code == 404


def test_supplement_and_withdraw(city: SimpleNamespace) -> None:
    filed, api = file_petition(), Api()
    assert api.post("/public/track/acts/supplement/", opening(filed, text="还有一处")).status_code == 200
    assert ActText.objects.get().text == "还有一处"
    assert api.post("/public/track/acts/withdraw/", opening(filed)).status_code == 422
    assert api.post("/public/track/acts/withdraw/", opening(filed, reason="好了")).json()["state"] == "withdrawn"
    assert Demand.objects.get().state == State.WITHDRAWN
