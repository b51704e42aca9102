"""Who may do what in which state, for every kind: the matrix written by hand against declarations, check and answers.

Every cell is asked of `permitted`, the check that pages, REST and buttons go through. Over page and REST go, by turns,
every line of the matrix, and of every act one refusal of each answer; every permitted cell in `make soak`.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import override_settings

from audit.models import AuditEvent
from massline.acts import ActError, NoInput, permitted
from records.kinds import RecordType
from tests import database
from tests.api import V1, token_for
from tests.city import build_city
from tests.shared import from_outside
from tests.shared.kinds import (
    ADMINISTRATIONS,
    NEVER,
    SIDES,
    Case,
    Given,
    all_kinds,
    answer_of,
    declared,
    given,
    grouped,
    matrix,
)

Matrix = dict[tuple[str, str], set[str]]
TRANSPORTS = ("page", "rest")
each_kind = grouped("matrix")
each_world = grouped("matrix", name="world", indirect=True)


def citizens_acts(kind: RecordType) -> tuple[Any, ...]:
    return tuple(SIDES[kind.kind].acts) if kind.kind in SIDES else ()


def all_acts(kind: RecordType) -> list[Any]:
    return [*kind.acts, *citizens_acts(kind)]


# --- The hand-written matrix and the declarations say the same ----------------------------------------------------
@each_kind
def test_the_matrix_and_the_declarations_agree_both_ways(kind: str) -> None:
    by_hand: dict[str, dict[str, set[str]]] = defaultdict(dict)
    for (act, role), states in matrix(kind).items():
        if states != {NEVER}:
            by_hand[act][role] = states
    acts = all_acts(declared(kind))
    assert by_hand == {act.slug: {str(role): {*map(str, act.from_states)} for role in act.roles} for act in acts}


@each_kind
def test_every_state_is_asked_about_and_every_act_has_valid_input(kind: str) -> None:
    of, one = given(kind), declared(kind)
    asked = {state for case in of.cases.values() for state in case.states}
    assert asked == {str(value) for value, _label in one.states}
    acts = all_acts(one)
    assert {act.slug for act in acts if act.form is not NoInput} <= set(of.input) <= {act.slug for act in acts}


@each_kind
def test_no_state_keeps_a_record_for_ever(kind: str) -> None:
    """From every open state officials alone come to an end, however it was reached."""
    one = declared(kind)
    ends = {str(state) for state in one.final}
    steps = [(str(state), str(to)) for act in one.acts for state in act.from_states for to in act.to]
    for _again in one.states:
        ends |= {state for state, to in steps if to in ends}
    assert ends == {str(value) for value, _label in one.states}


@each_kind
def test_every_act_gives_its_reason(kind: str) -> None:
    assert [act.slug for act in all_acts(declared(kind)) if not str(act.basis).strip()] == []


def test_a_kind_without_its_files_is_told_which_to_write() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"has no tests/shared/kinds/booking.py"):
        given("booking")
    with pytest.raises(pytest.fail.Exception, match=r"write tests/shared/kinds/booking.csv"):
        matrix("booking")


# --- A record of each case in each state --------------------------------------------------------------------------
@dataclass
class World:
    kind: RecordType
    of: Given
    city: SimpleNamespace
    matrix: Matrix
    another: Any = None
    """A record whose code another citizen has."""
    records: dict[tuple[str, str], Any] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def cells(self) -> Iterator["Cell"]:
        for name, case in self.of.cases.items():
            for state in case.states:
                for who in case.cast:
                    for act in all_acts(self.kind):
                        yield Cell(self, name, case, state, who, act)

    def client(self, who: str) -> Client:
        if who not in self.clients:
            self.clients[who] = Client(raise_request_exception=False)
            with transaction.atomic():
                self.clients[who].force_login(getattr(self.city, who), "django.contrib.auth.backends.ModelBackend")
            self.tokens[who] = token_for(getattr(self.city, who))
        self.clients[who].cookies.pop("messages", None)
        return self.clients[who]


@dataclass(frozen=True)
class Cell:
    """One person, one act, one record in one state."""

    world: World
    name: str
    case: Case
    state: str
    who: str
    act: Any

    def __str__(self) -> str:
        return f"{self.who} {self.act.slug} {self.name} {self.state}"

    @property
    def record(self) -> Any:
        return self.world.records[self.name, self.state]

    @property
    def roles(self) -> set[str]:
        return self.case.roles(self.who, self.state)

    @property
    def from_outside(self) -> bool:
        return self.who.endswith("citizen")

    @property
    def own(self) -> Any:
        """The record that the code of this citizen opens."""
        return self.record if self.who == "citizen" else self.world.another

    @property
    def actor(self) -> Any:
        return from_outside.actor(self.own) if self.from_outside else getattr(self.world.city, self.who)

    @property
    def offered(self) -> bool:
        """Whether the address at which this person acts has the act at all."""
        return self.act in (citizens_acts(self.world.kind) if self.from_outside else self.world.kind.acts)

    def answers(self) -> set[int]:
        return answer_of(self.world.matrix, self.act.slug, self.roles, self.state)

    def input(self) -> dict[str, Any]:
        return {**self.world.of.input_of(self.act.slug), **self.case.input.get(self.act.slug, {})}

    def ask(self, transport: str) -> int:
        if self.from_outside:
            ask = from_outside.act_on_page if transport == "page" else from_outside.act_through_rest
            return ask(self.record, self.own.code, self.act.slug, self.input())
        client, number = self.world.client(self.who), self.world.kind.number_of(self.record)
        path = f"/{self.world.kind.plural}/{number}/acts/{self.act.slug}/"
        if transport == "page":
            return client.post(f"/desk{path}", self.input()).status_code
        headers = {"Authorization": f"Bearer {self.world.tokens[self.who]}"}
        return Client().post(V1 + path, self.input(), content_type="application/json", headers=headers).status_code


@pytest.fixture(scope="module")
def world(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The city with a record of each case in each of its states, committed to a database of its own."""
    kind = request.param
    signed = override_settings(SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies")
    with django_db_blocker.unblock(), all_kinds(), signed, database.passing(f"matrix_{kind}"):
        made = World(declared(kind), given(kind), build_city(), matrix(kind))
        made.of.city(made.city)
        made.another = made.of.make(made.city) if kind in SIDES else None
        for name, case in made.of.cases.items():
            for state in case.states:
                made.records[name, state] = case.make(made.city, state)
                assert made.records[name, state].state == state
        yield made


@pytest.fixture
def quick() -> Iterator[None]:
    """Hundreds of refusals need no log lines: other tests read them."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@contextmanager
def undone() -> Iterator[None]:
    """Rolls back whatever happens inside; code that must not run within a transaction takes it for none."""
    with transaction.atomic():
        transaction.get_connection().atomic_blocks[-1]._from_testcase = True
        yield
        transaction.set_rollback(True)


def row_images() -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM audit_row")
        return cursor.fetchone()


def events_after(pk: int) -> list[str]:
    return list(AuditEvent.objects.filter(pk__gt=pk).order_by("pk").values_list("name", flat=True))


def newest_event() -> int:
    return AuditEvent.objects.order_by("-pk").values_list("pk", flat=True)[0]


# --- Every cell ---------------------------------------------------------------------------------------------------
@each_world
def test_every_cell_is_answered_as_the_matrix_says(world: World) -> None:
    """Of the check that pages, REST and buttons go through, after the look whether the record exists for somebody."""
    found: dict[tuple[str, str, str], tuple[bool, frozenset[str]]] = {}
    seen: dict[str, set[int]] = {}
    faults = []
    for cell in world.cells():
        key = cell.name, cell.state, cell.who
        if key not in found:
            if not cell.from_outside and cell.who not in seen:
                seen[cell.who] = seen_by(cell)
            there = cell.from_outside or cell.record.pk in seen[cell.who]
            found[key] = there, cell.record.roles_of(cell.actor)
        there, roles = found[key]
        status = checked(cell, roles) if there else 404
        if status not in cell.answers():
            faults.append(f"{cell}: {status} and not {cell.answers()}")
    assert faults == []


def seen_by(cell: Cell) -> set[int]:
    """The records of the kind that exist for this person."""
    return set(cell.world.kind.model.objects.for_user(cell.actor).values_list("pk", flat=True))  # type: ignore[attr-defined]


def checked(cell: Cell, roles: frozenset[str]) -> int:
    try:
        permitted(cell.act, cell.record, cell.actor, roles=roles)
    except ActError as error:
        return error.status
    return 200


Lines = set[tuple[str, str]]


def permitted_cells(world: World) -> list[tuple[Cell, Lines]]:
    """Those in which somebody may act, each with the lines of the matrix that let them: the act by a role."""
    found = []
    for cell in world.cells():
        if cell.answers() == {200}:
            slug, state = cell.act.slug, cell.state
            found.append((cell, {(slug, role) for role in cell.roles if state in world.matrix.get((slug, role), ())}))
    return found


@each_world
def test_what_is_permitted_is_done_over_page_and_rest(world: World, quick: None) -> None:
    """Every act by each of its roles, on the page and through REST by turns."""
    tried: Lines = set()
    faults: list[str] = []
    ways = cycle(TRANSPORTS)
    for cell, lines in permitted_cells(world):
        if lines - tried:
            tried |= lines
            faults += done(cell, next(ways))
    never_tried = {line for line, states in world.matrix.items() if states != {NEVER}} - tried
    assert (faults, never_tried) == ([], set())


@pytest.mark.soak
@each_world
def test_every_permitted_cell_is_done_over_page_and_rest(world: World, quick: None) -> None:
    assert [fault for cell, _lines in permitted_cells(world) for way in TRANSPORTS for fault in done(cell, way)] == []


def done(cell: Cell, transport: str) -> list[str]:
    """What is wrong when somebody acts who may: it leaves its event, and rows change."""
    status, changed, events = tried_by(cell, transport)
    others, act = cell.world.of.events, cell.act
    expected = others.get((act.slug, cell.state)) or others.get((act.slug, "")) or act.event.name
    right = status in (200, 302) and changed and events[:1] == [expected]
    return [] if right else [f"{cell} on {transport}: {status}, changed {changed}, {events}"]


def tried_by(cell: Cell, transport: str) -> tuple[int, bool, list[str]]:
    """What the act was answered, whether any row changed, and which events came; all of it is undone."""
    if not cell.from_outside:
        cell.world.client(cell.who)
    before, newest = row_images(), newest_event()
    with undone():
        return cell.ask(transport), row_images() != before, events_after(newest)


@each_world
def test_each_act_is_refused_in_every_way_that_there_is(world: World, quick: None) -> None:
    """One refusal of each answer, on the page and through REST by turns: no row changes, and a refusal of what somebody
    sees stays on record. An administration, and a person from outside for whom there is no such act, tries but one."""
    tried, faults = set(), []
    for cell in world.cells():
        separated = cell.who in ADMINISTRATIONS
        expected = {403} if separated else cell.answers() if cell.offered else {404}
        one_is_all = separated or (cell.from_outside and not cell.offered)
        about = cell.who if one_is_all else cell.act.slug, tuple(expected), cell.from_outside
        if expected == {200} or about in tried:
            continue
        transport = TRANSPORTS[len(tried) % 2]
        tried.add(about)
        status, changed, events = tried_by(cell, transport)
        noted = ["page_refused" if separated else "act_refused"] if status == 403 else []
        if status not in expected or changed or events != noted:
            faults.append(f"{cell} on {transport}: {status} and not {expected}, changed {changed}, {events}")
    assert faults == []


@each_world
def test_without_a_sign_in_nothing_is_done(world: World) -> None:
    record = next(iter(world.records.values()))
    before, newest = row_images(), newest_event()
    for act in world.kind.acts:
        path = f"/{world.kind.plural}/{world.kind.number_of(record)}/acts/{act.slug}/"
        desk = Client().post(f"/desk{path}", world.of.input_of(act.slug))
        assert (desk.status_code, desk["Location"].split("?")[0]) == (302, "/desk/sign-in/")
        rest = Client().post(V1 + path, world.of.input_of(act.slug), content_type="application/json")
        assert rest.status_code == 401
    assert (row_images(), newest_event()) == (before, newest)
