"""REST refuses a name that means nothing to it, in the body and in the address, and says which one was meant."""

from types import SimpleNamespace
from typing import Any

import pytest

from citizens.models import Complained
from petitions.models import Petition, State
from records.kinds import record_types
from tests.api import FILING, Api
from tests.city import PASSWORD, REGISTER, act, file_petition, walk_to
from tests.petitions.test_filing_rest import person
from tests.records.test_create_rest import LETTER

pytestmark = pytest.mark.django_db
UNKNOWN = "没有这一项"


def meant(name: str) -> list[str]:
    return [f"{UNKNOWN}，您要写的可能是 {name}"]


def faults(answer: Any) -> Any:
    assert answer.status_code == 422, answer.content
    return answer.json()["errors"]


# --- In the body --------------------------------------------------------------------------------------------------
def test_who_is_complained_about_is_not_lost_by_a_wrong_name(city: SimpleNamespace) -> None:
    wrong = {name: value for name, value in FILING.items() if name != "complained_about"}
    wrong["complained"] = FILING["complained_about"]
    assert faults(Api().post("/public/petitions/", wrong)) == {"complained": meant("complained_about")}
    entered = Api(city.clerk).post("/petitions/", LETTER | {"complained": FILING["complained_about"]})
    assert faults(entered) == {"complained": meant("complained_about")}
    assert not Petition.objects.exists()


def test_names_within_objects_and_entries_are_told_with_their_place(city: SimpleNamespace) -> None:
    body = person(phone_number="139") | {"complained_about": [{"kind": "organ", "name": "物业", "nmae": "物业"}]}
    assert faults(Api().post("/public/petitions/", body)) == {
        "petitioner.phone_number": meant("phone"),
        "complained_about.0.nmae": meant("name"),
    }
    assert not Complained.objects.exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [("colour", "colour"), ("\ud800", "?"), ("色" * 100, "色" * 64), ("", "")],
    ids=["plain", "half a character", "long", "empty"],
)
def test_any_name_is_told(city: SimpleNamespace, name: str, said: str) -> None:
    assert faults(Api().post("/public/petitions/", FILING | {name: {"a": 1}})) == {said: [UNKNOWN]}


def test_of_very_many_names_the_first_are_told(city: SimpleNamespace) -> None:
    body = {f"{n}": 1 for n in range(1000)}
    found = faults(Api().post("/session/", body))
    assert len([name for name, messages in found.items() if messages == [UNKNOWN]]) == 20


def test_an_act_refuses_it_and_changes_nothing(city: SimpleNamespace) -> None:
    number = walk_to(State.REGISTERED).number
    sent = {"organ": "department", "notes": "请尽快"}
    assert faults(Api(city.clerk).post(f"/petitions/{number}/acts/forward/", sent)) == {"notes": meant("note")}
    assert Api(city.clerk).get(f"/petitions/{number}/").json()["state"] == "registered"
    assert Api(city.leader).post(f"/petitions/{number}/acts/forward/", sent).status_code in (403, 404), "first who may"


def test_an_act_on_many_refuses_it(city: SimpleNamespace) -> None:
    number = walk_to(State.REGISTERED).number
    body = {"numbers": [number], "organ": "department", "notes": ""}
    assert faults(Api(city.clerk).post("/petitions/bulk/acts/forward/", body)) == {"notes": meant("note")}


def test_tracking_and_acting_on_ones_own_matter_refuse_it(city: SimpleNamespace) -> None:
    filed = file_petition()
    opened = {"number": filed.number, "tracking_code": filed.code}
    assert faults(Api().post("/public/track/", opened | {"codes": "x"})) == {"codes": [UNKNOWN]}
    act(filed.demand, "clerk", "register", REGISTER)
    sent = opened | {"text": "五层", "texts": "五层"}
    assert faults(Api().post("/public/track/acts/supplement/", sent)) == {"texts": meant("text")}
    assert Api().post("/public/track/acts/supplement/", opened | {"text": "五层"}).status_code == 200


def test_signing_in_refuses_it(city: SimpleNamespace) -> None:
    body = {"username": "clerk", "password": PASSWORD, "user_name": "clerk"}
    assert faults(Api().post("/session/", body)) == {"user_name": meant("username")}


# --- In the address -----------------------------------------------------------------------------------------------
def test_the_list_of_every_kind_refuses_it(city: SimpleNamespace) -> None:
    plurals = [kind.plural for kind in record_types() if kind.rest and kind.menu(city.clerk)]
    assert plurals
    for plural in plurals:
        found = Api(city.clerk).get(f"/{plural}/?overdeu=true&cursor=&format=json&x=1")
        assert faults(found) == {"overdeu": meant("overdue"), "x": [UNKNOWN]}, plural


def test_what_a_figure_and_a_page_lead_to_still_works(city: SimpleNamespace) -> None:
    query = "open=true&due_from=2026-01-01&received_to=2026-12-31&format=json&cursor="
    assert Api(city.clerk).get(f"/petitions/?{query}").status_code == 200


@pytest.mark.parametrize(
    "path", ["/petitions/{}/", "/petitions/{}/timeline/", "/kinds/", "/escalations/", "/public/regions/"]
)
def test_every_other_address_refuses_it(city: SimpleNamespace, path: str) -> None:
    number = walk_to(State.REGISTERED).number
    assert faults(Api(city.clerk).get(path.format(number) + "?lang=en")) == {"lang": [UNKNOWN]}
