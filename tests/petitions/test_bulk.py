"""One act on many petitions: a result for each, one that fails stops no other, pressed twice does it once."""

import re
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from audit.models import AuditEvent
from citizens.models import CitizenNotification
from petitions.models import Demand, State
from records import bulk
from tests.api import Api
from tests.city import REGISTER, act, file_petition, walk_to
from tests.reader import words

pytestmark = pytest.mark.django_db
PAGE = "/desk/petitions/bulk/"
UNKNOWN = "XF20200101-999999"


def desk(user: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def text(response: Any) -> str:
    return unescape(response.content.decode())


def states(*filed: Any) -> list[str]:
    return [Demand.objects.get(pk=one.demand.pk).state for one in filed]


def rest(user: Any, slug: str, *filed: Any, **data: Any) -> list[tuple[str, Any]]:
    numbers = [getattr(one, "number", one) for one in filed]
    answer = Api(user).post(f"/petitions/bulk/acts/{slug}/", {"numbers": numbers} | data)
    assert answer.status_code == 200, answer.content
    results = answer.json()["results"]
    assert [r["number"] for r in results] == list(dict.fromkeys(numbers))
    return [(r["status"], r["problem"] and r["problem"]["status"]) for r in results]


def test_registering_many_keeps_what_each_petitioner_chose(city: SimpleNamespace) -> None:
    mine = [file_petition(), file_petition(category="020101", purpose="consultation")]
    assert rest(city.clerk, "register", *mine) == [("done", None)] * 2
    assert states(*mine) == ["registered"] * 2
    second = Demand.objects.get(pk=mine[1].demand.pk)
    assert (second.category, second.purpose) == ("020101", "consultation")


def test_each_is_an_act_of_its_own_with_its_event_and_its_letter(city: SimpleNamespace) -> None:
    filed = [walk_to(State.REGISTERED) for _n in range(3)]
    before = AuditEvent.objects.filter(name="petition.forwarded").count()
    assert rest(city.clerk, "forward", *filed, organ="department") == [("done", None)] * 3
    assert AuditEvent.objects.filter(name="petition.forwarded").count() == before + 3
    assert CitizenNotification.objects.filter(letter="forwarded").count() == 3


def test_a_row_that_fails_stops_no_other_and_says_why(city: SimpleNamespace) -> None:
    good, closed, later = walk_to(State.ACCEPTED), walk_to(State.CLOSED), walk_to(State.ACCEPTED)
    elsewhere = walk_to(State.REGISTERED)
    found = rest(city.leader, "assign", good, closed, UNKNOWN, elsewhere, later, handler="handler")
    assert found == [("done", None), ("refused", 409), ("refused", 404), ("refused", 404), ("done", None)]
    assert states(good, closed, later) == ["handling", "closed", "handling"]


def test_a_fault_of_ours_with_one_leaves_the_others_done(
    city: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = [walk_to(State.REGISTERED) for _n in range(3)]
    broken, real = filed[1].demand.pk, bulk.perform

    def perform(chosen: Any, model: Any, pk: int, *rest: Any, **more: Any) -> Any:
        if pk == broken:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        return real(chosen, model, pk, *rest, **more)

    monkeypatch.setattr(bulk, "perform", perform)
    found = rest(city.clerk, "forward", *filed, organ="department")
    assert found == [("done", None), ("refused", 500), ("done", None)]
    assert states(*filed) == ["forwarded", "registered", "forwarded"]


def test_a_number_that_does_not_exist_for_somebody_answers_as_an_unknown_one(city: SimpleNamespace) -> None:
    """One handed over, one of another organ, and one that names the person: nothing tells them from a wrong number."""
    handed_over = walk_to(State.TRANSFERRED)
    recused = walk_to(State.ACCEPTED, complained_about=[{"kind": "person", "name": "林局正", "organ": ""}])
    other = walk_to(State.REGISTERED)
    events = AuditEvent.objects.count()
    answer = Api(city.leader).post(
        "/petitions/bulk/acts/assign/",
        {"numbers": [UNKNOWN, handed_over.number, recused.number, other.number], "handler": "handler"},
    )
    unknown, *hidden = [r | {"number": ""} for r in answer.json()["results"]]
    assert hidden == [unknown] * 3 and unknown["status"] == "refused"
    page = text(
        desk(city.leader).post(PAGE, {"number": [UNKNOWN, handed_over.number], "act": "assign", "handler": "handler"})
    )
    lines = re.findall(r"<tr class=\"red\">.*?</tr>", page, re.S)
    assert len(lines) == 2
    assert lines[0].replace(UNKNOWN, "") == lines[1].replace(handed_over.number, "")
    assert AuditEvent.objects.filter(name="act_refused", pk__gt=events).count() == 0, (
        "nor does the log tell on a timeline"
    )


def test_pressed_twice_it_is_done_once_and_says_so(city: SimpleNamespace) -> None:
    for who, slug, state, data in (
        ("clerk", "register", State.RECEIVED, {}),
        ("clerk", "forward", State.REGISTERED, {"organ": "department"}),
        ("leader", "assign", State.ACCEPTED, {"handler": "handler"}),
    ):
        filed = walk_to(state)
        assert rest(getattr(city, who), slug, filed, filed, **data) == [("done", None)], "named twice, done once"
        before = AuditEvent.objects.count()
        assert rest(getattr(city, who), slug, filed, **data) == [("already", None)]
        assert not AuditEvent.objects.filter(subject_key=filed.number)[before:].exists()
    again = walk_to(State.HANDLING)
    assert rest(city.leader, "assign", again, handler="colleague") == [("done", None)], "another handler is another act"


def test_already_is_told_only_to_who_may_do_it(city: SimpleNamespace) -> None:
    filed = walk_to(State.REGISTERED)
    assert rest(city.inspector, "register", filed) == [("refused", 403)]
    assert AuditEvent.objects.filter(name="act_refused", subject_key=filed.number).count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "numbers"),
        ({"numbers": []}, "numbers"),
        ({"numbers": "XF"}, "numbers"),
        ({"numbers": [1]}, "numbers"),
        ({"numbers": ["a\0b"]}, "numbers"),
        ({"numbers": ["\ud800"]}, "numbers"),
        ({"numbers": [str(n) for n in range(101)]}, "numbers"),
        ({"numbers": [UNKNOWN], "handler": 5}, "handler"),
    ],
)
def test_rest_says_what_is_wrong_with_the_request(city: SimpleNamespace, body: Any, field: str) -> None:
    answer = Api(city.leader).post("/petitions/bulk/acts/assign/", body)
    assert answer.status_code in (400, 422)
    if answer.status_code == 422:
        assert field in answer.json()["errors"]


def test_only_acts_that_make_sense_for_many(city: SimpleNamespace) -> None:
    for slug in ("answer", "unmask", "nothing"):
        assert Api(city.leader).post(f"/petitions/bulk/acts/{slug}/", {"numbers": [UNKNOWN]}).status_code == 404
    assert Api().post("/petitions/bulk/acts/assign/", {"numbers": [UNKNOWN]}).status_code == 401


def test_a_wrong_choice_is_said_for_each(city: SimpleNamespace) -> None:
    filed = walk_to(State.ACCEPTED)
    answer = Api(city.leader).post(
        "/petitions/bulk/acts/assign/", {"numbers": [filed.number], "handler": "outsider"}
    ).json()  # fmt: skip
    assert answer["results"][0]["problem"]["errors"].keys() == {"handler"}
    assert states(filed) == ["accepted"]


# --- The page -----------------------------------------------------------------------------------------------------
def test_the_ledger_offers_boxes_to_whom_an_act_is_open(city: SimpleNamespace) -> None:
    filed = walk_to(State.ACCEPTED)
    for who in ("clerk", "chief", "leader", "deputy", "mayor"):
        page = text(desk(getattr(city, who)).get("/desk/ledger/"))
        assert f'name="number" value="{filed.number}"' in page, who
    for who in ("receiver", "inspector", "auditor"):
        client = desk(getattr(city, who))
        assert 'form="bulk"' not in text(client.get("/desk/ledger/")), who
        assert client.post(PAGE, {"number": filed.number}).status_code == 403
    assert Client().post(PAGE, {"number": filed.number}).status_code == 302


def test_chosen_done_and_what_failed_stays_chosen(city: SimpleNamespace) -> None:
    good, wrong = walk_to(State.ACCEPTED), walk_to(State.CLOSED)
    leader = desk(city.leader)
    chosen = text(leader.post(PAGE, {"number": [good.number, wrong.number]}))
    assert chosen.count("checked") == 2 and "分派经办人" in chosen and "转送" not in chosen
    sent = {"number": [good.number, wrong.number], "act": "assign", "handler": "handler"}
    done = text(leader.post(PAGE, sent))
    assert "办理 1 件，此前已办 0 件，未办成 1 件" in done
    assert re.search(r"试水市信访局已于 \d\d:\d\d 核实销号，请查看最新情况。", done)
    assert re.findall(r'name="number" value="([^"]+)"', done) == [wrong.number], "only what failed stays chosen"
    again = text(leader.post(PAGE, sent))
    assert "办理 0 件，此前已办 1 件，未办成 1 件" in again
    assert states(good, wrong) == ["handling", "closed"]


def test_a_fault_of_the_form_does_nothing_and_keeps_the_choice(city: SimpleNamespace) -> None:
    filed = walk_to(State.REGISTERED)
    answer = desk(city.clerk).post(PAGE, {"number": filed.number, "act": "forward", "organ": "nowhere", "note": "请阅"})
    assert answer.status_code == 422 and f'value="{filed.number}" checked' in text(answer) and "请阅" in text(answer)
    assert states(filed) == ["registered"]


def test_nothing_chosen_and_too_much_chosen_are_said(city: SimpleNamespace) -> None:
    clerk = desk(city.clerk)
    assert "没有选中任何事项" in text(clerk.post(PAGE, {"act": "register"}))
    many = clerk.post(PAGE, {"number": [f"XF{n}" for n in range(101)]})
    assert many.status_code == 422 and "一次最多办理 100 件" in text(many)
    assert clerk.get(PAGE).status_code == 302


@pytest.mark.parametrize("number", ["\0", "XF\0", UNKNOWN])
def test_a_number_of_no_petition_is_told_beside_the_others(city: SimpleNamespace, number: str) -> None:
    filed = walk_to(State.RECEIVED)
    answer = desk(city.clerk).post(PAGE, {"number": [number, filed.number]})
    assert answer.status_code == 200 and f'value="{filed.number}" checked' in text(answer)
    assert text(answer).count("checked") == 1


def test_the_whole_page_without_script(city: SimpleNamespace) -> None:
    filed = [file_petition() for _n in range(3)]
    page = text(desk(city.clerk).post(PAGE, {"listed": [one.number for one in filed], "all": "1"}))
    assert page.count("checked") == 3


def test_what_leaves_ones_sight_is_told_as_done(city: SimpleNamespace) -> None:
    filed = act(walk_to(State.RECEIVED).demand, "clerk", "register", {
        "category": "010101", "region": "990100000000", "purpose": "request",
    })  # fmt: skip
    page = text(desk(city.chief).post(PAGE, {"number": filed.petition.number, "act": "forward", "organ": "other"}))
    assert "办理 1 件" in page and "楼道照明长期不亮" in page


def test_what_an_act_cannot_be_done_to_is_said_before(city: SimpleNamespace) -> None:
    received, registered = file_petition().number, walk_to(State.REGISTERED).number
    shown = words(desk(city.clerk).post(PAGE, {"number": [received, registered]}).content.decode())
    assert "所选事项中有 1 件在“已收到，待登记”状态，现在办不了这一步。" in shown.partition("转送")[2]
    alone = words(desk(city.clerk).post(PAGE, {"number": [registered]}).content.decode())
    assert "现在办不了这一步" not in alone.partition("转送")[2].partition("对所选各件")[0]


def test_each_choice_says_its_class_and_region(city: SimpleNamespace) -> None:
    filed = file_petition(region="990102000000")
    shown = words(desk(city.clerk).post(PAGE, {"number": filed.number}).content.decode())
    assert f"{filed.number} 楼道照明长期不亮 物业服务 东区" in shown


def test_when_it_is_done_the_way_leads_on_with_the_same_and_back_to_the_same_list(city: SimpleNamespace) -> None:
    filed = [file_petition() for _n in range(2)]
    clerk = desk(city.clerk)
    address = re.search(r'id="bulk" method="post" action="([^"]+)"', text(clerk.get("/desk/ledger/?state=received")))
    assert address and address[1] == f"{PAGE}?state=received"
    sent = {"number": [one.number for one in filed], "act": "register", **REGISTER}
    done = text(clerk.post(address[1], sent))
    assert states(*filed) == ["registered"] * 2 and "办理 2 件" in done
    assert 'href="/desk/ledger/?state=received">返回台账' in done and "这 2 件接着办：转送" in done
    on = done.split("接着办")[0].rpartition("<form")[2]
    assert re.findall(r'name="number" value="([^"]+)"', on) == [one.number for one in filed]
    shown = text(clerk.post(address[1], {"number": [one.number for one in filed]}))
    assert shown.count("checked") == 2 and "现在办不了这一步" not in words(shown).partition("转送")[2]


def test_what_was_chosen_in_my_work_leads_back_there(city: SimpleNamespace) -> None:
    filed = file_petition()
    clerk = desk(city.clerk)
    mine = text(clerk.get("/desk/?owed=XF01"))
    address = re.search(r'id="bulk-petition" method="post" action="([^"]+)"', mine)
    assert address and mine.index(filed.number) and address[1] == f"{PAGE}?my_work=1&owed=XF01"
    shown = text(clerk.post(address[1], {"number": filed.number}))
    assert 'href="/desk/?owed=XF01">返回我的工作' in shown
