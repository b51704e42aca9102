"""The register of transfers through REST: its lines, who may do what to each, and no word of a petition."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from massline.pages import keyset
from massline.time import today
from petitions.transfers.models import Transfer
from responsibility.models import Obligation
from tests.api import Api
from tests.chain_lab import at
from tests.city import walk_to
from tests.petitions.test_transfers import SECRET
from tests.reader import reader
from tests.transfer_lab import RECEIPT, add_discipline, handed_over, receipt

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def disciplined(city: SimpleNamespace) -> SimpleNamespace:
    return add_discipline(city)


def given() -> dict[str, Any]:
    return RECEIPT | {"receipt_on": today().isoformat()}


def test_a_line_says_what_the_register_says(city: SimpleNamespace) -> None:
    with at("2026-09-07 10:00"):
        line = handed_over().line
        (row,) = Api(city.clerk).get("/transfers/").json()["results"]
    assert row == {
        "number": line.number,
        "title": f"移送登记 {line.number}",
        "state": "sent",
        "state_label": "已移送，待回执",
        "organ": "jiwei",
        "organ_name": "试水市纪委监委",
        "handler": "信访室",
        "received_at": "2026-09-07T10:00:00+08:00",
        "due_strict": "2026-09-14",
        "due_legal": "2026-09-14",
        "overdue": False,
        "light": "green",
        "channel": "web",
        "channel_label": "网上",
        "pages": 3,
        "sent_from": "office",
        "sent_from_name": "试水市信访局",
        "sent_to": "jiwei",
        "sent_to_name": "试水市纪委监委",
        "sent_at": "2026-09-07T10:00:00+08:00",
        "sent_by": "程登记",
        "receipt_number": "",
        "receipt_on": None,
        "receipt_by": "",
    }


def test_one_line_has_its_acts_and_what_is_owed(city: SimpleNamespace) -> None:
    line = handed_over().line
    shown = Api(city.chief).get(f"/transfers/{line.number}/").json()
    (one,) = shown["acts"]
    assert (one["slug"], [field["name"] for field in one["fields"]]) == ("receipt", ["receipt_number", "receipt_on"])
    assert [(o["rule"], o["closed_at"]) for o in shown["obligations"]] == [("SV04", None)]
    assert Api(city.clerk).get(f"/transfers/{line.number}/").json()["acts"] == [], "nobody receipts what they sent"


def test_nothing_of_what_the_petition_said_is_told(city: SimpleNamespace) -> None:
    line = handed_over("handling", by="handler", **SECRET).line
    for who in (city.handler, city.letters, city.auditor):
        api = Api(who)
        said = "".join(
            api.get(f"/transfers/{address}").content.decode()
            for address in ("", f"{line.number}/", f"{line.number}/timeline/")
        )
        assert line.number in said and "林局长" not in said


def test_the_timeline_begins_when_it_was_handed_over(city: SimpleNamespace) -> None:
    line = handed_over().line
    receipt(line)
    found = Api(city.clerk).get(f"/transfers/{line.number}/timeline/").json()["results"]
    assert [(each["event"], each["actor"]) for each in found] == [
        ("transferred", "程登记"),
        ("receipted", "辛访明"),
    ]


def test_a_paper_begins_when_it_was_entered(city: SimpleNamespace) -> None:
    reader(city.clerk).post("/desk/transfers/new/", {"channel": "letter", "organ": "jiwei", "pages": "12"})
    line = Transfer.objects.get()
    found = Api(city.chief).get(f"/transfers/{line.number}/timeline/").json()["results"]
    assert [each["event"] for each in found] == ["entered"]


# --- Acts -----------------------------------------------------------------------------------------------------------
def test_an_act_answers_with_the_line_as_it_is_then(city: SimpleNamespace) -> None:
    line = handed_over().line
    answer = Api(city.letters).post(f"/transfers/{line.number}/acts/receipt/", given()).json()
    assert (answer["state"], answer["receipt_number"], answer["acts"]) == ("receipted", "收字〔2026〕17号", [])
    assert [o["outcome"] for o in answer["obligations"]] == ["met"]


@pytest.mark.parametrize(
    ("body", "fields"), [({}, {"receipt_number", "receipt_on"}), (RECEIPT | {"receipt_on": 5}, {"receipt_on"})]
)
def test_a_fault_names_its_field(city: SimpleNamespace, body: Any, fields: set[str]) -> None:
    line = handed_over().line
    answer = Api(city.chief).post(f"/transfers/{line.number}/acts/receipt/", body)
    assert (answer.status_code, set(answer.json()["errors"])) == (422, fields)


# --- The list -------------------------------------------------------------------------------------------------------
def test_filters_narrow_it(city: SimpleNamespace) -> None:
    with at("2026-09-07 10:00"):
        late = handed_over().line
    new, done = handed_over("handling", by="handler").line, handed_over().line
    receipt(done)
    api = Api(city.auditor)

    def found(**query: str) -> list[str]:
        return [row["number"] for row in api.get("/transfers/", query).json()["results"]]

    assert found() == [done.number, new.number, late.number], "newest first"
    assert found(state="receipted") == [done.number]
    assert found(q=new.number[-6:]) == [new.number]
    assert found(overdue="true") == [late.number] and found(overdue="false") == [done.number, new.number]
    assert len(found(organ="jiwei")) == 3 and found(organ="office") == found(category="010000") == []
    for query in ({"state": "x"}, {"organ": "nowhere"}, {"overdue": "2"}, {"q": "x" * 101}):
        answer = api.get("/transfers/", query)
        assert (answer.status_code, set(answer.json()["errors"])) == (422, set(query))
    assert api.get("/transfers/", {"cursor": "x"}).status_code == 400


def test_pages_lead_on_and_back(city: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("massline.pages.keyset.__kwdefaults__", keyset.__kwdefaults__ | {"size": 2})
    numbers = [handed_over().line.number for _again in range(3)][::-1]
    api = Api(city.clerk)
    first = api.get("/transfers/").json()
    second = api.get(first["next"]).json()
    assert [row["number"] for page in (first, second) for row in page["results"]] == numbers
    assert api.get(second["previous"]).json()["results"] == first["results"]


def test_what_is_not_mine_does_not_exist(city: SimpleNamespace) -> None:
    line = handed_over().line
    for who in (city.outsider, city.handler):
        api = Api(who)
        assert api.get("/transfers/").json()["results"] == []
        for address in (f"/transfers/{line.number}/", f"/transfers/{line.number}/timeline/"):
            answer = api.get(address)
            assert (answer.status_code, answer.content) == (404, api.get("/transfers/YS0/").content)


def test_statements_do_not_grow_with_the_register(city: SimpleNamespace) -> None:
    api = Api(city.auditor)

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert api.get("/transfers/").status_code == 200
        return len(queries)

    handed_over()
    few = statements()
    for _again in range(5):
        handed_over()
    assert statements() == few <= 12
    assert Obligation.objects.open().filter(rule="SV04").count() == 6


def test_a_petition_handed_over_leads_nowhere_for_its_organ(city: SimpleNamespace) -> None:
    filed = walk_to("handling")
    answer = Api(city.handler).post(
        f"/petitions/{filed.number}/acts/transfer/", {"organ": "jiwei", "pages": 1, "sure": True}
    )
    assert answer.json() == {"number": filed.number, "state": "transferred", "gone": True}
