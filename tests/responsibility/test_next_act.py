"""On the page of a record the act that its reader owes stands open, and every other is closed."""

import re
from types import SimpleNamespace

import pytest

from petitions.models import State
from tests.chain_lab import at, sweep_at
from tests.city import file_petition, walk_to
from tests.reader import reader, source

pytestmark = pytest.mark.django_db
ACT = re.compile(r'<details class="act[^"]*" id="act-(\w+)"( open)?>')
OWED = [
    (State.RECEIVED, "clerk", "register"),
    (State.REGISTERED, "clerk", "forward"),
    (State.FORWARDED, "receiver", "accept"),
    (State.ACCEPTED, "leader", "assign"),
    (State.ACCEPTED, "deputy", "assign"),
    (State.HANDLING, "handler", "answer"),
    (State.ANSWERED, "clerk", "write_off"),
    (State.OBJECTED, "clerk", "decide_objection"),
    (State.DECLINING, "clerk", ""),  # to agree refuses the citizen, and no page suggests the contrary
    (State.HANDLING, "leader", ""),  # who could assign it anew
    (State.FORWARDED, "leader", ""),  # which the receiving official owes
    (State.CLOSED, "clerk", ""),
]


def opened(html: str) -> list[str]:
    acts = ACT.findall(html)
    assert acts, "no act is offered, which proves nothing"
    return [slug for slug, is_open in acts if is_open]


@pytest.mark.parametrize(("state", "who", "slug"), OWED)
def test_the_act_that_the_reader_owes_stands_open(city: SimpleNamespace, state: str, who: str, slug: str) -> None:
    filed = walk_to(state)
    html = source(reader(getattr(city, who)), f"/desk/petitions/{filed.number}/")
    assert opened(html) == ([slug] if slug else [])


def test_what_came_back_with_a_fault_stands_open_alone(city: SimpleNamespace) -> None:
    client = reader(city.handler)
    path = f"/desk/petitions/{walk_to(State.HANDLING).number}/"
    answer = client.post(f"{path}acts/note/", {"text": ""}, follow=True)
    assert opened(answer.content.decode()) == ["note"]


@pytest.mark.parametrize(("does", "slug"), [("", "acknowledge"), ("acknowledge", "instruct")])
@pytest.mark.parametrize("who", ["mayor", "secretary"])
def test_either_leader_finds_the_next_answer_open(city: SimpleNamespace, who: str, does: str, slug: str) -> None:
    with at("2026-09-15 10:00") as now:
        walk_to(State.HANDLING, file_petition(received_at=now))
    for moment in ("2026-11-17", "2026-11-21", "2026-11-28"):
        sweep_at(moment)
    with at("2026-11-30 09:00"):
        client = reader(getattr(city, who))
        path = re.search(r'<h3><a href="([^"]+)"', source(client, "/desk/escalations/"))[1]
        if does:
            client.post(f"{path}acts/{does}/")
        assert opened(source(client, path)) == [slug]
