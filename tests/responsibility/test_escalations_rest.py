"""The leader's desk through REST: what climbed to me, and what I answer."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from massline.keys import id_of
from petitions.models import Demand, State
from responsibility.models import Escalation, Notice
from responsibility.sweep import sweep
from tests.api import Api
from tests.city import act, tell_all, walk_to

pytestmark = pytest.mark.django_db


def climbed(times: int = 3) -> SimpleNamespace:
    """A petition that nobody accepted, swept until it stands on the desk of the department's head."""
    filed = walk_to(State.FORWARDED)
    climb(times)
    return filed


def climb(times: int) -> None:
    now = timezone.now() + timedelta(days=40)
    for n in range(times):
        sweep(now + timedelta(days=10 * n))


@pytest.fixture
def filed(city: SimpleNamespace) -> SimpleNamespace:
    found = climbed()
    assert Notice.objects.filter(recipient=city.leader, kind="escalated").exists()
    return found


def mine(api: Api) -> Any:
    return api.get("/escalations/").json()["results"]


def test_what_climbed_to_me_says_since_when_and_through_whom(city: SimpleNamespace, filed: SimpleNamespace) -> None:
    (found,) = mine(Api(city.leader))
    assert (found["number"], found["step"], found["state"]) == (filed.number, "top", "sent")
    assert found["since"].endswith("+08:00")
    assert found["since"] < found["noticed_at"]
    assert [o["rule"] for o in found["due"]] == ["ML02", "ML03"]
    assert found["acts"] == ["acknowledge", "instruct", "reassign"]
    assert found["through"]


def test_a_leader_acknowledges_and_instructs(city: SimpleNamespace, filed: SimpleNamespace) -> None:
    api = Api(city.leader)
    pk = mine(api)[0]["id"]
    answer = api.post(f"/escalations/{pk}/acts/acknowledge/")
    assert (answer.status_code, answer.json()["state"]) == (200, "acknowledged")
    assert api.post(f"/escalations/{pk}/acts/acknowledge/").status_code == 409
    for fault in ({}, {"text": 5}, {"text": "\ud800"}, {"text": "a\u0000"}, {"text": ["x"]}, {"text": None}):
        refused = api.post(f"/escalations/{pk}/acts/instruct/", fault)
        assert (refused.status_code, list(refused.json()["errors"])) == (422, ["text"])
    done = api.post(f"/escalations/{pk}/acts/instruct/", {"text": "三日内办结"}).json()
    assert (done["state"], done["instruction"], done["acts"], done["due"]) == ("instructed", "三日内办结", [], [])
    assert api.post(f"/escalations/{pk}/acts/nothing/").status_code == 404
    shown = api.get(f"/petitions/{filed.number}/").json()
    assert shown["instructions"][0]["text"] == "三日内办结"


@pytest.mark.parametrize("by", ["key", "username"])
def test_a_leader_reassigns_to_a_post_or_to_who_holds_it(
    city: SimpleNamespace, filed: SimpleNamespace, by: str
) -> None:
    api, post = Api(city.leader), city.post["deputy"]
    pk = mine(api)[0]["id"]
    full = api.get(f"/escalations/{pk}/").json()
    field = next(a for a in full["acts"] if a["slug"] == "reassign")["fields"][0]
    assert (field["name"], field["type"]) == ("post", "string")
    key = next(choice["value"] for choice in field["choices"] if "分管副局长" in choice["label"])
    named = {"key": key, "username": "deputy"}[by]
    answer = api.post(f"/escalations/{pk}/acts/reassign/", {"post": named, "text": "改由分管局长办理"})
    assert (answer.status_code, answer.json()["state"]) == (200, "instructed")
    assert Escalation.objects.get(pk=id_of("escalation", pk)).obligation.post == post


@pytest.mark.parametrize("post", ["nobody", "outsider", "1", "3", "\u0000", "\ud800", 10**30, True, [], None, -1])
def test_nobody_else_is_a_post(city: SimpleNamespace, filed: SimpleNamespace, post: Any) -> None:
    api = Api(city.leader)
    answer = api.post(f"/escalations/{mine(api)[0]['id']}/acts/reassign/", {"post": post, "text": "x"})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["post"])


def test_what_climbed_to_somebody_else_does_not_exist(city: SimpleNamespace, filed: SimpleNamespace) -> None:
    pk = mine(Api(city.leader))[0]["id"]
    for who in (city.handler, city.clerk, city.auditor, city.other_leader):
        api = Api(who)
        assert mine(api) == []
        answers = [
            api.get(f"/escalations/{pk}/"),
            api.post(f"/escalations/{pk}/acts/instruct/", {"text": 5}),
            api.get("/escalations/0/"),
        ]
        assert {a.status_code for a in answers} == {404}
        assert len({a.content for a in answers}) == 1


def test_it_climbs_to_the_root(city: SimpleNamespace) -> None:
    climbed(5)
    found = mine(Api(city.mayor))
    assert found[0]["step"] == "superior-1"
    assert {rung["people"][0] for rung in found[0]["through"] if rung["people"]} >= {"林局正"}


def test_what_is_done_meanwhile_waits_for_nobody(city: SimpleNamespace, filed: SimpleNamespace) -> None:
    act(filed.demand, "receiver", "accept")
    tell_all(filed.demand)
    (found,) = mine(Api(city.leader))
    assert (found["state"], found["acts"]) == ("settled", [])
    assert Api(city.leader).post(f"/escalations/{found['id']}/acts/acknowledge/").status_code == 409


def test_pages_and_statements(city: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("responsibility.api.SIZE", 3)
    for _again in range(7):
        walk_to(State.FORWARDED)
    climb(3)
    api = Api(city.leader)
    first = mine(api)[0]["id"]
    api.post(f"/escalations/{first}/acts/instruct/", {"text": "x"})
    seen: list[str] = []
    link, statements = "/escalations/", []
    while link:
        with CaptureQueriesContext(connection) as queries:
            page = api.get(link).json()
        statements.append(len(queries))
        seen += [row["id"] for row in page["results"]]
        link = page["next"]
    assert len(seen) == len(set(seen)) == 7
    assert seen[-1] == first
    assert max(statements) <= 15
    assert api.get("/escalations/", {"cursor": "x"}).status_code == 400
    assert Demand.objects.count() == 7
