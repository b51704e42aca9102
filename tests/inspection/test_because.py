"""A task because of what climbed: from the leader's page in one step, an order or a proposal."""

import re
from types import SimpleNamespace
from typing import Any

import pytest

from inspection.models import Task
from petitions.models import State
from records.creating import create
from records.links import links_of
from records.models import Link, Proposal
from responsibility.models import Organ
from tests.api import Api
from tests.chain_lab import at, event, sweep_at
from tests.city import SINCE, file_petition, walk_to
from tests.inspection_lab import add_office, entry
from tests.reader import page, reader, source, words

pytestmark = pytest.mark.django_db
MONDAY = "2026-11-30 09:00"
DAY = {"due_on": "2027-01-29"}
CREATE, PROPOSE = "由此新建督查事项", "提请新建督查事项"
INSTRUCTED = "请依法依规办理，一周内报结果。"


@pytest.fixture
def climbed(city: SimpleNamespace) -> SimpleNamespace:
    """A matter of the department, which has climbed to its head and to the leaders of the city."""
    with at("2026-09-15 10:00") as now:
        made = walk_to(State.HANDLING, file_petition(received_at=now))
    for moment in ("2026-10-20", "2026-11-17", "2026-11-21", "2026-11-28"):
        sweep_at(moment)
    return made


def page_of(user: Any, climbed: SimpleNamespace) -> str:
    """The leader's page of what climbed, which its list leads to."""
    found = re.search(r'<h3><a href="([^"]+)"', source(reader(user), "/desk/escalations/"))
    return found[1] if found else ""


def link_in(html: str, label: str) -> str:
    found = re.search(rf'<a class="button plain" href="([^"]+)">{label}', html)
    return found[1] if found else ""


def typed(html: str, name: str) -> str:
    """What a line of a form says already."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', html)
    said = re.search(r'value="([^"]*)"', found[0]) if found else None
    return said[1] if said else ""


def chosen(html: str, name: str) -> str:
    box = re.search(rf'<select name="{name}".*?</select>', html, re.S)
    found = re.search(r'value="(\w*)" selected', box[0]) if box else None
    return found[1] if found else ""


def test_a_leader_above_orders_it_from_what_climbed(city: SimpleNamespace, climbed: SimpleNamespace) -> None:
    add_office(city)
    with at(MONDAY):
        client = reader(city.mayor)
        escalation = page_of(city.mayor, climbed)
        form = link_in(source(client, escalation), CREATE)
        begun = source(client, form)
        assert typed(begun, "title") == climbed.demand.petition.title and chosen(begun, "origin") == "record"
        client.post(f"{escalation}acts/instruct/", {"text": INSTRUCTED})
        begun = source(client, form)
        assert chosen(begun, "origin") == "instruction" and INSTRUCTED not in words(begun)
        assert typed(begun, "origin_note") == "2026 年 11 月 30 日批示"
        given = entry(title=typed(begun, "title"), **DAY)
        del given["ordered_by"]
        assert client.post(form, given).status_code == 302
        task = Task.objects.get()
        assert (task.state, task.ordered_by) == ("approved", city.post["mayor"]), "the order is its approval"
        assert [one.number for one in links_of(task, city.mayor)] == [climbed.number]


def test_whoever_leads_no_organ_below_proposes_it(city: SimpleNamespace, climbed: SimpleNamespace) -> None:
    add_office(city)
    with at(MONDAY):
        client = reader(city.leader)
        shown = source(client, page_of(city.leader, climbed))
        form = link_in(shown, PROPOSE)
        assert not link_in(shown, CREATE)
        assert typed(source(client, form), "title") == climbed.demand.petition.title
        client.post(form, {"title": "查一查为什么没有办", "reason": "涉及几个部门，本局协调不动"})
        assert Proposal.objects.get().organ == city.organ["inspection"] and not Task.objects.exists()
        assert not link_in(source(client, page_of(city.leader, climbed)), PROPOSE), "it waits for its decision"


def test_where_no_office_inspects_nothing_is_proposed(city: SimpleNamespace, climbed: SimpleNamespace) -> None:
    with at(MONDAY):
        assert PROPOSE not in page(city.leader, page_of(city.leader, climbed))


def test_by_rest_in_one_call(city: SimpleNamespace, climbed: SimpleNamespace) -> None:
    add_office(city)
    because = {"kind": "petition", "number": climbed.number}
    with at(MONDAY):
        given = entry(**DAY) | {"source": because}
        drafted = Api(city.dc_clerk).post("/tasks/", given)
        assert (drafted.status_code, set(drafted.json()["errors"])) == (422, {"source"}), (
            "the petition does not exist for the inspection office"
        )
        del given["ordered_by"]
        made = Api(city.mayor).post("/tasks/", given)
        assert (made.status_code, made.json()["state"]) == (201, "approved")
        assert Link.objects.get().target_key == made.json()["number"]
        assert Api(city.leader).post("/tasks/", given).status_code == 403


def test_who_orders_what_is_not_below_them_needs_an_approval(city: SimpleNamespace) -> None:
    """The head of an inspection office leads its own subordinate unit, and not the department."""
    add_office(city)
    event()
    Organ.objects.create(
        code="unit", name="督查信息中心", kind="department", region=city.region["990100000000"],
        parent=city.organ["inspection"], valid_from=SINCE,
    )  # fmt: skip
    task = create(Task.KIND, entry(ordered_by="dc_head"), city.dc_head)
    assert (task.state, task.ordered_by) == ("draft", city.post["dc_head"])
