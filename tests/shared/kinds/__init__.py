"""What the shared tests must be told of a kind: one small file by hand (`KIND.py`), and its access matrix (`KIND.csv`).

A kind that is registered is tried by all of `tests/shared/`. What its declaration says is not said here again; what is
right or valid is said here, from the rules and never from the code.
"""

import csv
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import override_settings

from audit.events import EVENTS
from citizens import public_sides
from massline import compiled
from records import kinds
from responsibility import subjects
from tests.remarks import events as of_remarks
from tests.remarks.desk import PUBLIC, REMARKS
from tests.repairs import events as of_repairs
from tests.repairs.desk import REPAIRS

FOLDER = Path(__file__).parent
OF_TESTS = (REPAIRS, REMARKS)
"""Mechanisms that no office has, and that pass everything: what officials enter, and what citizens file."""
KINDS = tuple(declared.kind for declared in (*kinds.record_types(), *OF_TESTS))
SIDES = {**public_sides.public_sides(), REMARKS.kind: PUBLIC}
"""The public side of each kind that has one."""
ADMINISTRATIONS = ("sysadmin", "secadmin", "auditadmin")
"""System, security and audit administration (三员) read no record, and are told so whatever they ask for."""
NEVER = "never"
HIDDEN_FROM = {
    "outsiders": ("other_leader", "outsider", "district_chief"),
    "recused": ("leader", "mayor", "colleague", "auditor"),
    "everybody": ("chief", "leader", "handler", "mayor", "inspector"),
}
"""From whom records are hidden: those of other organs, those whom it is about (回避), and all where it is sealed or
walled. Each kind has one that outsiders do not see; the others, where it knows them."""


@dataclass(frozen=True)
class Plays:
    """A role that a person has towards a record while it is in some states; in all of them, where none are said."""

    role: str
    states: frozenset[str] = frozenset()

    def in_state(self, state: str) -> bool:
        return not self.states or state in self.states


def during(role: str, states: Collection[str]) -> Plays:
    return Plays(role, frozenset(states))


Cast = Mapping[str, tuple[Plays, ...]]
"""The people of `tests/city.py`, and what each is to a record. Who is nothing to it does not see it."""
NOTHING: tuple[Plays, ...] = ()


@dataclass(frozen=True)
class Case:
    """A sort of record of a kind: who plays what, and the states in which every cell of it is asked."""

    cast: Cast
    states: tuple[str, ...]
    make: Callable[[SimpleNamespace, str], Any]
    """One in this state, from the city; by real acts wherever there are any. What citizens file has its `code`, which
    no row names."""
    input: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What acts are given that differs from the kind's input."""

    @property
    def officials(self) -> list[str]:
        """Those of the cast who play some role and sign in."""
        return [who for who, plays in self.cast.items() if plays and not who.endswith("citizen")]

    def roles(self, who: str, state: str) -> set[str]:
        return {plays.role for plays in self.cast[who] if plays.in_state(state)}


@dataclass(frozen=True)
class Given:
    """What a kind's file says, as `GIVEN`."""

    cases: Mapping[str, Case]
    """`ordinary` first: most tests take their records from it."""
    input: Mapping[str, Mapping[str, Any]]
    """Valid input of each act that takes any."""
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What words of the matrix stand for: several states each."""
    events: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(act, state) to the event that it leaves where that is not the one of its declaration; an empty state is any."""
    enters: Sequence[str] = ()
    """Who may enter one."""
    entry: Mapping[str, Any] = field(default_factory=dict)
    """What entering one takes; empty for a kind that no official enters."""
    bulk: Mapping[tuple[str, str], Collection[str]] = field(default_factory=dict)
    """(act, state) to those for whom the act on many is done to an ordinary one in this state."""
    hidden: Mapping[str, Callable[[SimpleNamespace], Any]] = field(default_factory=dict)
    """Makes a record that is hidden from this group (`HIDDEN_FROM`), long ago and owed, so that it climbs; with 强拆 in
    its words where it has some."""
    erase: Callable[[Any], object] | None = None
    """Erases the person in a record; without it, citizens' erasure does where the kind is open to them, and elsewhere
    its words are emptied as on an order (`erasing.empty`)."""
    opens: Collection[str] = ()
    """Acts that open another record, whose words theirs are."""
    filing: Mapping[str, Any] = field(default_factory=dict)
    """What a citizen files through REST; empty for a kind that none files."""
    publish: Callable[[SimpleNamespace, Any], object] = lambda city, record: None
    """Makes one public, where that is done by two posts."""
    publishes: str = ""
    """The state in which one is made public; the last one, where none is said."""
    city: Callable[[SimpleNamespace], object] = lambda city: None
    """What the kind's world has besides the small city."""

    def input_of(self, act: str) -> Mapping[str, Any]:
        return self.input.get(act, {})

    def make(self, city: SimpleNamespace, state: str = "", case: str = "ordinary") -> Any:
        """A record in this state, or in the first of the case."""
        made = self.cases[case]
        return made.make(city, state or made.states[0])


def given(kind: str) -> Given:
    """What the file of this kind says; a test of a kind without one fails and says which file to write."""
    try:
        found = import_module(f"{__name__}.{kind}").GIVEN
    except ModuleNotFoundError as error:
        if error.name != f"{__name__}.{kind}":
            raise
        pytest.fail(f"the kind {kind} has no tests/shared/kinds/{kind}.py: copy repair.py and say what holds for it")
    assert isinstance(found, Given)
    return found


def matrix(kind: str) -> dict[tuple[str, str], set[str]]:
    """(act, role) to the states in which that role may; with the reason checked to be there."""
    path = FOLDER / f"{kind}.csv"
    if not path.exists():
        pytest.fail(f"the kind {kind} has no access matrix: write tests/shared/kinds/{kind}.csv from the rules")
    words = given(kind).words if kind in KINDS else {}
    found: dict[tuple[str, str], set[str]] = {}
    for line in csv.DictReader(line for line in path.read_text().splitlines() if line and not line.startswith("#")):
        assert line["because"], line
        assert (line["act"], line["role"]) not in found, f"twice: {line}"
        states = line["states"].split()
        found[line["act"], line["role"]] = set(words.get(states[0], states))
    return found


def answer_of(lines: Mapping[tuple[str, str], set[str]], act: str, roles: set[str], state: str) -> set[int]:
    """What a matrix says of an act in a state by somebody with these roles: done (200), or refused as one who sees
    nothing (404), is not asked to (403), or comes at a wrong time (409). Why somebody may never do what their roles let
    them is the act's own."""
    said = [lines.get((act, role), set()) for role in roles]
    if not roles:
        return {404}
    if not any(states - {NEVER} for states in said):
        return {403}
    if not any(state in states for states in said):
        return {409}
    return {403, 409} if {NEVER} in said else {200}


def declared(kind: str) -> kinds.RecordType:
    return next(one for one in (*kinds.record_types(), *OF_TESTS) if one.kind == kind)


def open_acts(kind: str, city: SimpleNamespace) -> Iterator[tuple[Any, str, Any]]:
    """(act, who, record): each act that officials have, where the matrix lets somebody do it to an ordinary record.
    Those with the least choice come first, and the others take the people and records of those."""
    of, lines, made = given(kind), matrix(kind), dict[str, Any]()
    case = of.cases["ordinary"]
    all_pairs = [(who, state) for state in case.states for who in case.officials]
    open_to = {
        act: [(who, at) for who, at in all_pairs if answer_of(lines, act.slug, case.roles(who, at), at) == {200}]
        for act in declared(kind).acts
    }
    taken: list[tuple[str, str]] = []
    for act, pairs in sorted(open_to.items(), key=lambda found: len(found[1])):
        if pairs:
            who, state = next((pair for pair in taken if pair in pairs), pairs[0])
            taken.append((who, state))
            if state not in made:
                made[state] = of.make(city, state)
            yield act, who, made[state]


def grouped(test: str, kinds: Iterable[str] = KINDS, name: str = "kind", **more: Any) -> pytest.MarkDecorator:
    """The test once for each of these kinds, each in a group of its own for pytest-xdist."""
    marks = {kind: pytest.mark.xdist_group(f"{kind}-{test}") for kind in kinds}
    return pytest.mark.parametrize(name, [pytest.param(kind, marks=mark) for kind, mark in marks.items()], **more)


@contextmanager
def all_kinds() -> Iterator[None]:
    """The kinds of tests stand beside the real ones inside."""
    import_module("massline.urls")  # which must not find them: it makes the addresses of every kind that there is
    with pytest.MonkeyPatch.context() as patch, override_settings(ROOT_URLCONF="tests.shared.kinds.urls"):
        patch.setattr(compiled, "_kept", {})  # what it compiled without them
        for event in (*of_repairs.EVENTS, *of_remarks.EVENTS):
            patch.setitem(EVENTS, event.name, event)
        for one in OF_TESTS:
            patch.setitem(kinds._kinds, one.kind, one)
            patch.setitem(subjects._adapters, one.kind, one.adapter(one))
        patch.setattr(public_sides, "_sides", dict(SIDES))  # a test may change one of them
        yield
