"""REST of a kind that declares nothing for it: everything is made from its declaration, and errands have no other."""

from collections.abc import Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent
from massline.keys import key_of
from massline.pages import keyset
from records import links
from records.kinds import record_types
from records.links import CONCERNS
from records.models import SavedFilter
from records.rest.schema import KindSchema
from responsibility import obligations
from tests.api import Api
from tests.chain_lab import at, event, sh
from tests.kinds.lab import ERRANDS, errand, paper_kinds
from tests.kinds.models import Errand
from tests.reader import reader, source

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kinds.urls")]
DAY, LATER, TOO_LATE = "2026-09-15 10:00", "2026-09-16 10:00", "2027-09-15 10:00"
LIST_MOST, PAGE_MOST = 8, 15


@pytest.fixture(autouse=True)
def papers() -> Iterator[None]:
    with paper_kinds():
        yield


def owed(number: str, city: SimpleNamespace, *rules: str) -> Errand:
    """An errand of the department in the handler's hands, by which these rules owe something since that day."""
    with at(DAY) as now, transaction.atomic():
        event()
        made = errand(number, city.organ["department"])
        Errand.objects.filter(pk=made.pk).update(handler=city.post["handler"])
        made.refresh_from_db()
        for rule in rules:
            obligations.open_(made.matter, rule, made.chain_subject(), now)
    return made


def rows(user: Any, query: Any = None, moment: str = LATER) -> list[dict[str, Any]]:
    with at(moment):
        return Api(user).get("/errands/", query).json()["results"]  # type: ignore[no-any-return]


def numbers(user: Any, query: Any = None, moment: str = LATER) -> list[str]:
    return [row["number"] for row in rows(user, query, moment)]


# --- A row --------------------------------------------------------------------------------------------------------
def test_a_row_says_what_every_kind_says(city: SimpleNamespace) -> None:
    one = owed("E-1", city, "XF03", "XF01")
    (row,) = rows(city.handler)
    first = min(obligations.Obligation.objects.about("errand", one.pk), key=lambda o: o.due_at)
    assert row == {
        "number": "E-1",
        "title": "跑一趟",
        "state": "open",
        "state_label": "待跑",
        "organ": "department",
        "organ_name": one.organ.name,
        "handler": city.post["handler"].name,
        "received_at": sh(DAY).isoformat(),
        "due_strict": str(first.due_strict),
        "due_legal": str(first.due_legal),
        "overdue": False,
        "light": "green",
    }
    assert (
        rows(city.handler, moment=TOO_LATE)[0] | {"overdue": True, "light": "red"}
        == rows(city.handler, moment=TOO_LATE)[0]
    )


def test_a_record_of_which_nothing_is_owed_has_no_dates(city: SimpleNamespace) -> None:
    errand("E-1", city.organ["department"])
    (row,) = rows(city.handler)
    assert [row[name] for name in ("handler", "due_strict", "due_legal", "overdue", "light")] == [
        "", None, None, False, "none",
    ]  # fmt: skip


def test_statements_do_not_grow_with_the_list(city: SimpleNamespace) -> None:
    api = Api(city.handler)

    def statements() -> int:
        with at(LATER), CaptureQueriesContext(connection) as queries:
            assert api.get("/errands/").status_code == 200
        return len(queries)

    owed("E-0", city, "XF03")
    few = statements()
    for n in range(1, 6):
        owed(f"E-{n}", city, "XF03")
    assert statements() == few <= LIST_MOST


def test_pages_lead_on_and_back(city: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("massline.pages.keyset.__kwdefaults__", keyset.__kwdefaults__ | {"size": 2})
    made = [owed(f"E-{n}", city).number for n in range(3)][::-1]
    api = Api(city.handler)
    first = api.get("/errands/").json()
    second = api.get(first["next"]).json()
    assert [row["number"] for page in (first, second) for row in page["results"]] == made
    assert api.get(second["previous"]).json()["results"] == first["results"]


# --- Filters ------------------------------------------------------------------------------------------------------
def test_every_list_is_narrowed_by_the_same_filters(city: SimpleNamespace) -> None:
    owed("E-1", city, "XF03")
    owed("E-2", city)
    errand("E-3", city.organ["other"])
    Errand.objects.filter(number="E-2").update(state="done")
    everything = partial(numbers, city.auditor, moment=TOO_LATE)
    assert everything() == ["E-3", "E-2", "E-1"], "newest first"
    assert everything({"state": "done"}) == ["E-2"] and everything({"state": ""}) == everything()
    assert everything({"organ": "other"}) == ["E-3"]
    assert everything({"overdue": "true"}) == ["E-1"] and everything({"overdue": "false"}) == ["E-3", "E-2"]
    assert numbers(city.auditor, {"overdue": "true"}) == []
    assert everything({"q": "-2"}) == ["E-2"] and everything({"category": "010000"}) == []
    assert everything({"organ": "department", "state": "open"}) == ["E-1"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("state", "x"), ("organ", "nowhere"), ("category", "9"), ("overdue", "2"), ("q", "x" * 101)],
)
def test_a_wrong_value_names_its_parameter(city: SimpleNamespace, name: str, value: str) -> None:
    answer = Api(city.handler).get("/errands/", {name: value})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [name])


def test_a_cursor_of_somebody_elses_making_is_named(city: SimpleNamespace) -> None:
    answer = Api(city.handler).get("/errands/", {"cursor": "x"})
    assert answer.status_code == 400 and "cursor" in answer.json()["detail"]


def test_a_kind_that_declares_no_filters_has_the_common_ones(city: SimpleNamespace) -> None:
    kinds = [declared for declared in record_types() if declared.rest]
    assert {declared.kind for declared in kinds} >= {"errand", "sealed"}
    for declared in kinds:
        assert declared.rest
        filters = KindSchema(declared, declared.rest).filters
        assert {"state", "organ", "category", "overdue", "q"} <= set(filters.base_filters), declared.kind


# --- The page -----------------------------------------------------------------------------------------------------
def test_the_page_of_the_list_is_narrowed_and_its_filter_kept(city: SimpleNamespace) -> None:
    owed("E-1", city)
    owed("E-2", city)
    Errand.objects.filter(number="E-2").update(state="done")
    page = reader(city.leader)
    whole = source(page, "/desk/errands/")
    assert "E-1" in whole and "E-2" in whole and "跑腿登记" in whole and "保存这个筛选" not in whole
    assert 'name="state"' in whole and 'name="overdue"' in whole
    narrowed = source(page, "/desk/errands/?state=done")
    assert "E-2" in narrowed and "E-1" not in narrowed and "保存这个筛选" in narrowed
    kept = page.post("/desk/errands/saved/", {"name": "跑完的", "query": "state=done"}, follow=True).content.decode()
    assert 'href="/desk/errands/?state=done"' in kept and "跑完的" in kept
    assert "跑完的" not in source(reader(city.handler), "/desk/errands/")
    key = key_of("filter", SavedFilter.objects.get().pk)
    page.post(f"/desk/errands/saved/{key}/remove/")
    assert not SavedFilter.objects.exists()


def test_statements_do_not_grow_with_the_page_of_the_list(city: SimpleNamespace) -> None:
    page = reader(city.handler)

    def statements() -> int:
        with at(LATER), CaptureQueriesContext(connection) as queries:
            assert page.get("/desk/errands/").status_code == 200
        return len(queries)

    owed("E-0", city, "XF03")
    few = statements()
    for n in range(1, 6):
        owed(f"E-{n}", city, "XF03")
    assert statements() == few <= PAGE_MOST


def test_whoever_may_do_an_act_on_many_chooses_them_on_the_page(city: SimpleNamespace) -> None:
    owed("E-1", city)
    page = reader(city.leader)
    assert 'name="number" value="E-1"' in source(page, "/desk/errands/")
    assert 'value="E-1"' not in source(reader(city.handler), "/desk/errands/")
    sent = {"number": ["E-1"], "act": "run", "found": "一封信"}
    assert "已办理" in page.post("/desk/errands/bulk/", sent).content.decode()
    assert Errand.objects.get().state == "done"


# --- One act on many ----------------------------------------------------------------------------------------------
def test_one_act_on_many_has_a_result_for_each(city: SimpleNamespace) -> None:
    for number in ("E-1", "E-2"):
        errand(number, city.organ["department"])
    Errand.objects.filter(number="E-2").update(state="done")
    errand("E-3", city.organ["other"])
    body = {"numbers": ["E-1", "E-2", "E-3", "E-1"], "found": "一封信"}
    answer = Api(city.leader).post("/errands/bulk/acts/run/", body)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    results = answer.json()["results"]
    assert [(one["number"], one["ok"], one["status"]) for one in results] == [
        ("E-1", True, "done"),
        ("E-2", True, "already"),
        ("E-3", False, "refused"),
    ]
    assert results[0]["problem"] is None and results[2]["problem"]["status"] == 404
    assert list(Errand.objects.order_by("number").values_list("state", flat=True)) == ["done", "done", "open"]
    assert AuditEvent.objects.filter(name="errand.ran").count() == 1


def test_what_is_wrong_with_the_words_is_said_of_each(city: SimpleNamespace) -> None:
    errand("E-1", city.organ["department"])
    (one,) = Api(city.leader).post("/errands/bulk/acts/run/", {"numbers": ["E-1"]}).json()["results"]
    assert (one["ok"], one["problem"]["status"], list(one["problem"]["errors"])) == (False, 422, ["found"])
    for body in ({}, {"numbers": []}, {"numbers": "E-1"}, {"numbers": [1]}, {"numbers": ["E"] * 101}):
        answer = Api(city.leader).post("/errands/bulk/acts/run/", body)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["numbers"]), body
    answer = Api(city.leader).post("/errands/bulk/acts/run/", {"numbers": ["E-1"], "found": 5})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["found"])


def test_only_acts_that_are_declared_for_many_have_an_address(city: SimpleNamespace) -> None:
    for slug in ("attach", "nothing"):
        assert Api(city.leader).post(f"/errands/bulk/acts/{slug}/", {"numbers": ["E-1"]}).status_code == 404
    assert Api(city.sysadmin).post("/errands/bulk/acts/run/", {"numbers": ["E-1"]}).status_code == 403
    assert Api().post("/errands/bulk/acts/run/", {"numbers": ["E-1"]}).status_code == 401


def test_a_refusal_among_many_is_on_record(city: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    errand("E-1", city.organ["department"])
    (run,) = (each.act for each in ERRANDS.bulk)
    monkeypatch.setattr(type(run), "roles", frozenset({"somebody else"}))
    (one,) = Api(city.handler).post("/errands/bulk/acts/run/", {"numbers": ["E-1"]}).json()["results"]
    assert one["problem"]["status"] == 403 and AuditEvent.objects.filter(name="act_refused").count() == 1


# --- One record ---------------------------------------------------------------------------------------------------
def test_one_record_has_what_its_cards_say_what_is_owed_and_its_acts(city: SimpleNamespace) -> None:
    one = owed("E-1", city, "XF03")
    (row,) = rows(city.handler)
    with at(LATER):
        shown = Api(city.handler).get("/errands/E-1/").json()
    assert shown | row == shown
    assert shown["way"] == {"organ": one.organ.name, "days": 3}
    assert shown["chain"][0]["people"] == [city.handler.name] and shown["chain"][0]["present"]
    assert shown["instructions"] == [] == shown["links"] and "attachments" not in shown
    assert [(owed["rule"], owed["closed_at"]) for owed in shown["obligations"]] == [("XF03", None)]
    run = next(act for act in shown["acts"] if act["slug"] == "run")
    assert (run["label"], [field["name"] for field in run["fields"]]) == ("跑完", ["found"])


def test_links_are_said_as_far_as_they_exist_for_the_reader(city: SimpleNamespace) -> None:
    one, other = owed("E-1", city), errand("E-2", city.organ["department"])
    with at(DAY) as now, transaction.atomic():
        links.link(one.matter, other.matter, CONCERNS.name, by=city.leader, at=now)
    (linked,) = Api(city.handler).get("/errands/E-1/").json()["links"]
    assert (linked["kind"], linked["number"], linked["label"]) == ("errand", "E-2", "涉及")


def test_an_act_answers_with_the_record_and_stands_in_its_timeline(city: SimpleNamespace) -> None:
    owed("E-1", city)
    api = Api(city.handler)
    with at(LATER):
        answer = api.post("/errands/E-1/acts/run/", {"found": "一封信"})
        told = api.get("/errands/E-1/timeline/").json()["results"]
    assert (answer.status_code, answer.json()["state"], answer.json()["acts"]) == (200, "done", [])
    assert [(one["event"], one["actor"], one["at"]) for one in told] == [
        ("ran", city.handler.name, sh(LATER).isoformat())
    ]


def test_an_errand_is_entered(city: SimpleNamespace) -> None:
    answer = Api(city.leader).post("/errands/", {"title": "去看看"})
    made = Errand.objects.get()
    assert answer.status_code == 201 and answer["Location"] == f"http://testserver/api/v1/errands/{made.number}/"
    assert (answer.json()["title"], answer.json()["state"], answer.json()["way"]["days"]) == ("去看看", "open", 3)
