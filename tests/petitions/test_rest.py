"""The ledger, one petition and its acts through REST, as officials have them."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent, AuditRow
from massline.pages import keyset
from petitions.models import Demand, State
from tests.api import Api
from tests.city import ANSWER, REGISTER, act, file_petition, tell_all, walk_to

pytestmark = pytest.mark.django_db


def acting(filed: SimpleNamespace, who: Any, slug: str, body: Any = None) -> Any:
    return Api(who).post(f"/petitions/{filed.number}/acts/{slug}/", body)


def changes() -> int:
    """How many rows were written so far, tokens aside."""
    return AuditRow.objects.exclude(table_name="knox_authtoken").count()


def test_the_whole_round_goes_through_rest(city: SimpleNamespace) -> None:
    filed = file_petition()
    steps = (
        (city.clerk, "register", REGISTER, "registered"),
        (city.clerk, "forward", {"organ": "department", "note": None}, "forwarded"),
        (city.receiver, "object", {"reason": "不属于本单位职责"}, "objected"),
        (city.chief, "decide_objection", {"agree": False, "reason": "属于"}, "forwarded"),
        (city.receiver, "accept", None, "accepted"),
        (city.deputy, "assign", {"handler": "handler"}, "handling"),
        (city.handler, "answer", ANSWER, "answered"),
        (city.leader, "return", {"reason": "再看看", "demand": 1}, "handling"),
        (city.handler, "answer", ANSWER, "answered"),
        (city.chief, "write_off", {"evidence": "已回访"}, "closed"),
    )
    for who, slug, body, state in steps:
        answer = acting(filed, who, slug, body)
        assert (answer.status_code, answer.json()["state"]) == (200, state)
    assert answer.json()["outcome"] == "supported"
    assert answer.json()["chain"] != [], "what the petitioner is to be told is owed still"
    tell_all(filed.demand)
    assert Api(city.chief).get(f"/petitions/{filed.number}/").json()["chain"] == []


def test_the_petition_comes_with_exactly_the_acts_that_are_open(city: SimpleNamespace) -> None:
    filed = walk_to(State.ACCEPTED)
    shown = Api(city.leader).get(f"/petitions/{filed.number}/").json()
    assert {a["slug"] for a in shown["acts"]} == {"assign", "reclassify", "note", "ask", "attach", "unmask", "transfer"}
    (handler,) = next(a for a in shown["acts"] if a["slug"] == "assign")["fields"]
    assert (handler["name"], handler["type"], handler["required"]) == ("handler", "string", True)
    assert {"handler", "colleague"} <= {choice["value"] for choice in handler["choices"]}
    assert (shown["organ"], shown["region"], shown["category"]) == ("department", "990100000000", "010101")
    assert [o["rule"] for o in shown["obligations"] if not o["closed_at"]] == ["XF06"]
    assert shown["chain"][0]["relation"] == "handler"
    assert shown["petitioner"][0]["value"] == "宋**"
    assert "宋试民" not in str(shown)


def test_the_types_of_fields_are_those_that_are_taken(city: SimpleNamespace) -> None:
    filed = walk_to(State.OBJECTED)
    shown = Api(city.chief).get(f"/petitions/{filed.number}/").json()
    agree = next(a for a in shown["acts"] if a["slug"] == "decide_objection")["fields"][0]
    assert (agree["type"], [c["value"] for c in agree["choices"]]) == ("boolean", [True, False])
    unmask = next(a for a in shown["acts"] if a["slug"] == "unmask")["fields"][0]
    assert (unmask["name"], unmask["type"]) == ("fields", "array")


def test_what_is_not_mine_does_not_exist(city: SimpleNamespace) -> None:
    filed = walk_to(State.FORWARDED)
    for who in (city.outsider, city.district_clerk):
        api = Api(who)
        missing = api.get("/petitions/XF20200101-000001/")
        for answer in (
            api.get(f"/petitions/{filed.number}/"),
            api.get(f"/petitions/{filed.number}/timeline/"),
            acting(filed, who, "accept"),
            acting(filed, who, "accept", {"demand": "x", "text": 5}),
        ):
            assert answer.status_code == 404
            assert answer.content == missing.content
        assert api.get("/petitions/").json()["results"] == []


def test_not_my_role_not_this_state_not_these_fields(city: SimpleNamespace) -> None:
    filed = walk_to(State.FORWARDED)
    before = changes()
    assert acting(filed, city.clerk, "accept").status_code == 403
    assert acting(filed, city.auditor, "note", {"text": 5}).status_code == 403
    assert acting(filed, city.clerk, "register", REGISTER | {"purpose": 1}).status_code == 409
    assert acting(filed, city.clerk, "nothing").status_code == 404
    assert acting(filed, city.clerk, "note", {"text": "x", "demand": 2}).status_code == 404
    assert acting(filed, city.clerk, "note", {"text": "x", "demand": 10**40}).status_code == 404
    assert changes() == before
    refusals = AuditEvent.objects.filter(name="act_refused").order_by("id")
    assert [(e.actor_key, e.facts["act"], e.subject_key) for e in refusals] == [
        ("clerk", "accept", filed.number),
        ("auditor", "note", filed.number),
    ]


@pytest.mark.parametrize(
    ("slug", "body", "fields"),
    [
        ("note", {}, {"text"}),
        ("note", {"text": 5}, {"text"}),
        ("note", {"text": "\ud800"}, {"text"}),
        ("note", {"text": "a\u0000"}, {"text"}),
        ("note", {"text": "x" * 4001}, {"text"}),
        ("note", {"text": "x", "demand": "1"}, {"demand"}),
        ("note", {"text": "x", "demand": True}, {"demand"}),
        ("unmask", {"fields": "phone", "reason": "电话联系信访人，核对情况"}, {"fields"}),
        ("unmask", {"fields": ["password"], "reason": "电话联系信访人，核对情况"}, {"fields"}),
        ("unmask", {"fields": [{}], "reason": "电话联系信访人，核对情况"}, {"fields"}),
        ("unmask", {"fields": [], "reason": "电话联系信访人，核对情况"}, {"fields"}),
        ("unmask", {"fields": ["phone"]}, {"reason"}),
        ("forward", {"organ": 5}, {"organ"}),
        ("forward", {"organ": "\u0000"}, {"organ"}),
        ("forward", {"organ": "no-such-organ"}, {"organ"}),
        ("forward", {"organ": "department", "note": ["x"]}, {"note"}),
    ],
)
def test_a_fault_names_its_field_and_changes_nothing(
    city: SimpleNamespace, slug: str, body: Any, fields: set[str]
) -> None:
    filed = walk_to(State.REGISTERED)
    before = changes()
    answer = acting(filed, city.clerk, slug, body)
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == fields
    assert changes() == before


def test_unmasking_answers_with_what_was_asked_for(city: SimpleNamespace) -> None:
    filed = walk_to(State.HANDLING)
    answer = acting(filed, city.handler, "unmask", {"fields": ["phone"], "reason": "电话联系信访人，核对情况"}).json()
    assert answer["unmasked"] == {"phone": "+8613900000000"}
    assert "宋试民" not in str(answer)


def test_who_passes_it_on_may_lose_sight_of_it(city: SimpleNamespace) -> None:
    filed = walk_to(State.FORWARDED)
    api = Api(city.receiver)
    assert api.get(f"/petitions/{filed.number}/").status_code == 200
    acting(filed, city.receiver, "object", {"reason": "不属于"})
    answer = acting(filed, city.chief, "decide_objection", {"agree": True, "reason": "对"})
    assert answer.json()["state"] == "registered"
    assert api.get(f"/petitions/{filed.number}/").status_code == 404


def test_the_timeline_says_who_did_what(city: SimpleNamespace) -> None:
    filed = walk_to(State.ACCEPTED, told=False)
    act(filed.demand, "clerk", "note", {"text": "内部备注"})
    entries = Api(city.clerk).get(f"/petitions/{filed.number}/timeline/").json()["results"]
    assert [e["event"] for e in entries] == ["filed", "registered", "forwarded", "accepted", "noted"]
    assert entries[-1]["detail"] == "内部备注"
    assert entries[-1]["at"].endswith("+08:00")


def test_filters_narrow_the_ledger(city: SimpleNamespace) -> None:
    lamp, lift = walk_to(State.FORWARDED), file_petition(title="电梯停运")
    api = Api(city.clerk)

    def found(**query: str) -> list[str]:
        return [row["number"] for row in api.get("/petitions/", query).json()["results"]]

    assert set(found()) == {lamp.number, lift.number}
    assert found(state="forwarded") == [lamp.number]
    assert found(organ="office") == [lift.number]
    assert set(found(category="010000")) == {lamp.number, lift.number}
    assert found(q="电梯") == [lift.number]
    assert found(q=lamp.number.lower()) == [lamp.number]
    assert found(overdue="true") == []
    assert len(found(overdue="false")) == 2
    for query in (
        {"state": "x"},
        {"organ": "\u0000"},
        {"category": "9"},
        {"overdue": "2"},
        {"q": "x" * 101},
    ):
        answer = api.get("/petitions/", query)
        assert answer.status_code == 422
        assert set(answer.json()["errors"]) == set(query)
    for cursor in ("x", "\u0000", "a:b:c", "." * 300):
        assert api.get("/petitions/", {"cursor": cursor}).status_code == 400


def test_pages_lead_on_and_back_in_due_order(city: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("massline.pages.keyset.__kwdefaults__", keyset.__kwdefaults__ | {"size": 2})
    numbers = [file_petition().number for _again in range(5)]
    api = Api(city.clerk)
    first = api.get("/petitions/").json()
    second = api.get(first["next"]).json()
    third = api.get(second["next"]).json()
    assert [row["number"] for page in (first, second, third) for row in page["results"]] == numbers
    assert (first["previous"], third["next"]) == (None, None)
    assert api.get(third["previous"]).json()["results"] == second["results"]
    assert api.get(second["previous"]).json()["results"] == first["results"]


def test_statements_do_not_grow_with_the_ledger(city: SimpleNamespace) -> None:
    api = Api(city.clerk)

    def statements(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert api.get(path).status_code == 200
        return len(queries)

    filed = walk_to(State.ANSWERED)
    few = statements("/petitions/")
    for _again in range(10):
        walk_to(State.HANDLING)
    assert statements("/petitions/") == few <= 15
    assert statements(f"/petitions/{filed.number}/") <= 20
    assert Demand.objects.count() == 11
