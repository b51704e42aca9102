"""How many statements the pages of every kind cost: the same with few records as with many, and what was promised.

Counted is what the driver sends (tests/shared/test_query_counts.py), so each kind has a database of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import sessions
from records.kinds import RecordType
from tests import database
from tests.api import V1, token_for
from tests.city import build_city
from tests.shared.kinds import all_kinds, declared, given, grouped
from tests.shared.test_query_counts import counted, grown, signed_in

LIST_MOST, PAGE_MOST = 14, 20
"""A page of a record costs fifteen; where something can be proposed (提请) because of it, one more for what was
proposed and one for the organ that decides; where its words can be published, one for what was, one for what waits and
one for the organ that clears it."""
Cost = tuple[list[str], int]


@dataclass
class World:
    kind: RecordType
    city: SimpleNamespace
    people: list[str]
    """Who plays a role towards an ordinary record, in some state."""
    records: dict[str, Any] = field(default_factory=dict)
    """One in each state."""
    small: dict[tuple[str, str], Cost] = field(default_factory=dict)
    large: dict[tuple[str, str], Cost] = field(default_factory=dict)
    clients: dict[str, tuple[Client, dict[str, str]]] = field(default_factory=dict)

    def cost(self, who: str, path: str) -> Cost:
        """The statements of a page, and how long it is."""
        if who not in self.clients:
            user = getattr(self.city, who)
            self.clients[who] = signed_in(user), {"Authorization": f"Bearer {token_for(user)}"}
        client, headers = self.clients[who]
        with counted() as sent:
            answer = client.get(path, headers=headers if path.startswith(V1) else {})
        assert answer.status_code == 200, (who, path, answer.status_code)
        return list(sent), len(answer.content)

    def sees(self, who: str, record: Any) -> bool:
        visible = self.kind.model._default_manager.for_user(getattr(self.city, who))  # type: ignore[attr-defined]
        return bool(visible.filter(pk=record.pk).exists())

    def lists(self) -> list[tuple[str, str]]:
        """The list on the page and in REST, as two people see it."""
        page, rest = reverse(self.kind.listing.address), [f"{V1}/{self.kind.plural}/"] if self.kind.rest else []
        return [(who, path) for who in (self.people[0], self.people[-1]) for path in (page, *rest)]


@pytest.fixture(scope="module")
def world(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Two records, and then one in each state."""
    kind = request.param
    of = given(kind)
    case = of.cases["ordinary"]
    with (
        django_db_blocker.unblock(),
        all_kinds(),
        database.passing(f"counts_{kind}"),
        pytest.MonkeyPatch.context() as p,
    ):
        p.setattr(sessions, "SAVED_EVERY", 3600)  # how long these tests run must not be counted
        made = World(declared(kind), build_city(), case.officials)
        of.city(made.city)
        of.make(made.city), of.make(made.city)
        for each in made.lists():
            made.cost(*each)
        made.small = {each: made.cost(*each) for each in made.lists()}
        made.records = {state: of.make(made.city, state) for state in case.states}
        of.make(made.city), of.make(made.city)
        made.large = {each: made.cost(*each) for each in made.lists()}
        yield made


each_world = grouped("counts", name="world", indirect=True)


@each_world
def test_a_list_costs_the_same_however_long_it_is(world: World) -> None:
    for where, (few, short) in world.small.items():
        many, long = world.large[where]
        assert len(many) == len(few) <= LIST_MOST, f"{where}: {len(few)}, {len(many)}\n{grown(few, many)}"
        assert long > short, "nothing more to see than before: this list proves nothing"


@each_world
def test_a_record_costs_no_more_than_was_promised(world: World) -> None:
    """In each state, by turns on the page and in REST and by each of those who see it."""
    turns, kind, faults, calendar_read = cycle(world.people), world.kind, [], False
    for state, record in world.records.items():
        number = kind.number_of(record)
        seers = [who for who in world.people if world.sees(who, record)]
        if not seers:
            continue  # it exists for no official in this state
        if not calendar_read:  # once a process
            world.cost(seers[0], f"/desk/{kind.plural}/{number}/")
            calendar_read = True
        for path in (f"/desk/{kind.plural}/{number}/", f"{V1}/{kind.plural}/{number}/"):
            who = next(who for who in turns if who in seers)
            sent, _length = world.cost(who, path)
            if len(sent) > PAGE_MOST:
                faults.append(f"{who} {state} {path}: {len(sent)}\n" + "\n".join(one[:150] for one in sent))
    assert faults == []
