"""Records are entered through REST by the form and the permission that their kind declares."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from audit.models import AuditEvent
from citizens.models import Complained, Representative
from petitions.models import Petition, State
from petitions.transfers.models import Transfer
from records.models import Link
from tests.api import Api
from tests.chain_lab import at
from tests.city import walk_to
from tests.kinds.lab import paper_kinds
from tests.transfer_lab import add_discipline

pytestmark = pytest.mark.django_db
DAY = "2026-09-15 10:00"
LETTER: dict[str, Any] = {
    "channel": "letter",
    "received_on": "2026-09-10",
    "postmarked_on": "2026-09-08",
    "purpose": "request",
    "title": "楼道照明长期不亮",
    "body": "三单元楼道灯坏了两个月。",
    "category": "010101",
    "region": "990100000000",
    "name": "宋试民",
    "phone": "13900000000",
    "tell_by": "sms",
}
KEY = "letter-2026-0001"
PAPER = {"channel": "letter", "organ": "jiwei", "pages": 3}


def enter(user: Any, body: Any = None, path: str = "/petitions/", **headers: str) -> Any:
    with at(DAY):
        return Api(user).post(path, LETTER if body is None else body, **headers)


# --- Petitions ----------------------------------------------------------------------------------------------------
def test_a_clerk_enters_a_letter_and_gets_the_record_and_the_receipt(city: SimpleNamespace) -> None:
    answer = enter(city.clerk)
    assert answer.status_code == 201 and answer["Cache-Control"] == "private, no-store"
    found, receipt = answer.json(), answer.json()["receipt"]
    assert (found["state"], found["channel"], found["title"]) == ("registered", "letter", LETTER["title"])
    assert found["received_at"] == "2026-09-10T00:00:00+08:00" and "forward" in {act["slug"] for act in found["acts"]}
    assert receipt["number"] == found["number"] and receipt["obligations"][0]["rule"] == "XF01"
    assert answer["Location"] == f"http://testserver/api/v1/petitions/{found['number']}/"
    opened = {"number": receipt["number"], "tracking_code": receipt["tracking_code"]}
    with at(DAY):
        assert Api().post("/public/track/", opened).json()["state"] == "registered"
        assert "receipt" not in Api(city.clerk).get(f"/petitions/{found['number']}/").json()


def test_a_post_that_receives_in_another_organ_enters_for_it(city: SimpleNamespace) -> None:
    answer = enter(city.receiver).json()
    assert (answer["state"], answer["organ"]) == ("registered", "department")


def test_who_is_complained_about_and_who_else_speaks_is_entered_too(city: SimpleNamespace) -> None:
    people = [{"kind": "person", "name": "付分管", "organ": "试水市住建局"}]
    others = [{"name": "李代表", "phone": "13800000002"}, {"name": "宋试民"}]
    answer = enter(city.clerk, LETTER | {"persons": 12, "complained_about": people, "representatives": others})
    assert answer.status_code == 201
    assert [one.name for one in Complained.objects.all()] == ["付分管"] and Representative.objects.count() == 1


def test_whoever_is_complained_about_gets_the_receipt_and_nothing_else(city: SimpleNamespace) -> None:
    people = [{"kind": "person", "name": city.clerk.name, "organ": city.organ["office"].name}]
    answer = enter(city.clerk, LETTER | {"complained_about": people}).json()
    assert set(answer) == {"number", "state", "gone", "receipt"} and answer["gone"] is True
    assert Api(city.clerk).get(f"/petitions/{answer['number']}/").status_code == 404


@pytest.mark.parametrize("who", ["handler", "leader", "auditor", "outsider", "sysadmin"])
def test_whoever_receives_nothing_is_refused_before_anything_is_looked_at(city: SimpleNamespace, who: str) -> None:
    user = getattr(city, who)
    assert enter(user, {"title": 5}).status_code == 403
    assert not Petition.objects.exists()
    events = {"page_refused", "create_refused"} & set(AuditEvent.objects.values_list("name", flat=True))
    assert events == {"page_refused" if who == "sysadmin" else "create_refused"}


def test_without_a_sign_in_nothing_is_entered(city: SimpleNamespace) -> None:
    assert enter(None).status_code == 401 and not Petition.objects.exists()


def test_faults_are_said_by_field_as_on_the_page(city: SimpleNamespace) -> None:
    wrong = LETTER | {"received_on": "2026-07-01", "title": "", "name": None, "channel": "visit"}
    errors = enter(city.clerk, wrong).json()["errors"]
    assert set(errors) == {"received_on", "title", "name"}
    assert "请核对" in errors["received_on"][0]
    assert (
        enter(city.clerk, LETTER | {"received_on": "2026-07-01", "sure": True, "postmarked_on": None}).status_code
        == 201
    )
    typed = enter(city.clerk, LETTER | {"title": 5, "sure": "yes?", "persons": "many", "complained_about": "x"})
    assert set(typed.json()["errors"]) == {"title", "complained_about"} and typed.status_code == 422
    several = LETTER | {"complained_about": [{"name": "物业"}, 5], "representatives": [{"name": "李", "phone": "x"}]}
    assert set(enter(city.clerk, several).json()["errors"]) == {
        "complained_about.0.kind",
        "complained_about.1",
        "representatives.0.phone",
    }
    assert set(enter(city.clerk, LETTER | {"representatives": [{"name": "李代表"}]}).json()["errors"]) == {"persons"}
    nowhere = enter(city.clerk, LETTER | {"region": "990200000000"})
    assert (nowhere.status_code, list(nowhere.json()["errors"])) == (422, ["region"])
    assert Petition.objects.count() == 1


def test_an_accusation_is_not_entered_and_the_register_is_named(city: SimpleNamespace) -> None:
    answer = enter(city.clerk, LETTER | {"purpose": "accusation"})
    assert answer.status_code == 422 and answer.json()["page"] == "/desk/transfers/new/"
    assert "登记移送" in answer.json()["detail"] and answer.json()["where_to_turn"][0]["telephone"] == "12388"
    assert not Petition.objects.exists()


def test_sent_twice_it_is_entered_once_and_both_get_the_code(city: SimpleNamespace) -> None:
    first, again = (enter(city.clerk, Idempotency_Key=KEY) for _time in range(2))
    assert first.status_code == again.status_code == 201 and first.json() == again.json()
    assert Petition.objects.count() == 1
    other = enter(city.clerk, LETTER | {"title": "另一件"}, Idempotency_Key=KEY)
    assert other.status_code == 422 and "Idempotency-Key" in other.json()["title"]
    assert enter(city.chief, Idempotency_Key=KEY).json()["number"] != first.json()["number"], "a key is its sender's"
    assert list(enter(city.clerk, Idempotency_Key="short").json()["errors"]) == ["Idempotency-Key"]


# --- The register of transfers ------------------------------------------------------------------------------------
def test_a_paper_that_is_an_accusation_is_entered_without_its_words(city: SimpleNamespace) -> None:
    add_discipline(city)
    words = enter(city.clerk, PAPER | {"body": "某某受贿"}, "/transfers/")
    assert (words.status_code, set(words.json()["errors"])) == (422, {"body"}) and not Transfer.objects.exists()
    answer = enter(city.clerk, PAPER, "/transfers/")
    assert answer.status_code == 201
    line = Transfer.objects.get()
    assert answer.json()["number"] == line.number and answer.json()["sent_to"] == "jiwei"
    assert line.matter.key in answer["Location"]
    wrong = enter(city.clerk, PAPER | {"organ": "department", "pages": 0}, "/transfers/")
    assert (wrong.status_code, set(wrong.json()["errors"])) == (422, {"pages"})
    assert enter(city.handler, PAPER, "/transfers/").status_code == 403
    again = [enter(city.clerk, PAPER, "/transfers/", Idempotency_Key="paper-2026-0001").json() for _time in range(2)]
    assert again[0]["number"] == again[1]["number"] and Transfer.objects.count() == 2


# --- What entering one asks for -----------------------------------------------------------------------------------
def test_a_kind_says_what_entering_one_asks_for(city: SimpleNamespace) -> None:
    found = {kind["kind"]: kind["create"] for kind in Api(city.clerk).get("/kinds/").json()["results"]}
    fields = {field["name"]: field for field in found["petition"]["fields"]}
    assert {"channel", "received_on", "purpose", "title", "complained_about"} <= set(fields)
    assert not {"nonce", "altcha"} & set(fields)
    assert {"value": "letter", "label": "来信"} in fields["channel"]["choices"]
    assert [inner["name"] for inner in fields["complained_about"]["fields"]] == ["kind", "name", "organ"]
    assert [field["name"] for field in found["transfer"]["fields"]] == ["channel", "organ", "pages"]
    of_handler = Api(city.handler).get("/kinds/").json()["results"]
    assert {kind["kind"] for kind in of_handler if kind["create"]} == {"regulation"}, "of their own organ"


# --- Because of another record ------------------------------------------------------------------------------------
def test_a_record_that_does_not_exist_for_somebody_is_no_source(city: SimpleNamespace) -> None:
    with at(DAY):
        filed = walk_to(State.HANDLING)
    for source in (
        {"kind": "petition", "number": "XF20200101-000001"},
        {"kind": "nothing", "number": "1"},
        {"kind": "petition"},
        {"kind": "petition", "number": 5},
        {"kind": "petition", "number": "\0"},
        "XF20200101-000001",
    ):
        answer = enter(city.clerk, LETTER | {"source": source})
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["source"])
    own = {"kind": "petition", "number": filed.number}
    assert list(enter(city.clerk, LETTER | {"source": own}).json()["errors"]) == ["source"], "no kind from which it can"
    assert list(enter(city.clerk, LETTER | {"relation": "friend"}).json()["errors"]) == ["relation"]
    assert list(enter(city.clerk, LETTER | {"relation": 5}).json()["errors"]) == ["relation"]
    assert Petition.objects.count() == 1 and not Link.objects.exists()


def test_a_list_of_a_kind_that_nobody_enters_takes_no_post(city: SimpleNamespace) -> None:
    answer = Client().post("/api/v1/escalations/", headers=Api(city.leader).headers)
    assert answer.status_code == 405
    with paper_kinds():
        assert enter(city.leader, {"title": "去看看"}, "/sealeds/").status_code == 405
