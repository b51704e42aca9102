"""Nothing of a record reaches people for whom it does not exist: one world with a hidden record of every kind.

The strongest way to see that nothing leaks: everything that somebody can look at, on pages and through REST, and all
that leaves for them in files, is the same to the letter with the records, climbed to the root, and without them.
"""

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import caches
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from massline.acts import NotVisible
from massline.time import today
from records.kinds import RecordType, counted_kinds
from reports import figures_cache
from reports.dashboard import period_of
from reports.export_kinds import ExportKind, ExportScope, may_export
from responsibility.models import Notice
from tests.api import V1
from tests.eyes import Eyes, background, climbed_to_the_root
from tests.shared.kinds import HIDDEN_FROM, KINDS, all_kinds, declared, given

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still"), pytest.mark.xdist_group("leaks")]
SHARED = (
    "/desk/", "/desk/inbox/", "/desk/undelivered/", "/desk/escalations/", "/desk/dashboard/", f"{V1}/escalations/",
    f"{V1}/kinds/",
)  # fmt: skip
"""What is not a kind's alone; the menu with its counts stands on each page."""
OF_A_KIND = ("", "?q={number}", "?q=强拆", "?state={state}", "?organ=department")
"""The list of a kind: all of it, searched, and narrowed."""
IN_REST = OF_A_KIND[:2]
Hidden = dict[str, tuple[str, str]]
"""Number and state of the hidden records, by kind."""


@pytest.fixture
def kind() -> str:
    """The one kind that a test asks about; all of them where it names none."""
    return ""


@pytest.fixture
def world(city: SimpleNamespace, kind: str) -> Iterator[SimpleNamespace]:
    with all_kinds():
        for each in [kind] if kind else KINDS:
            given(each).city(city)
        background()
        yield city


@contextmanager
def undone() -> Iterator[None]:
    before = transaction.savepoint()
    yield
    transaction.savepoint_rollback(before)
    for cache in caches.all():
        cache.clear()


def unknown(number: str) -> str:
    """A number of the same shape that no record has, nor ever will."""
    return re.sub(r"\d", "9", number)


def identity(record: Any, kind: str) -> tuple[str, str]:
    record.refresh_from_db()
    return declared(kind).number_of(record), record.state


def looks_at(kind: str, closely: bool) -> tuple[Collection[str], Collection[str]]:
    """In which ways a list is looked at, on its page and in REST: on its page as a whole, and in one way more, by
    turns of the kinds; closely in all of them."""
    by_turn = OF_A_KIND[1 + KINDS.index(kind) % (len(OF_A_KIND) - 1)]
    return (OF_A_KIND, IN_REST) if closely else (("", by_turn), IN_REST[1:])


def everything(user: Any, hidden: Hidden, there: bool, closely: bool = False) -> dict[str, Any]:
    """All that this person can look at and all that leaves for them, while the hidden records are there or not."""
    eyes, now = Eyes(user), timezone.now()
    seen = {path: eyes.look(path) for path in SHARED}
    for kind, (number, state) in hidden.items():
        one, (on_page, in_rest) = declared(kind), looks_at(kind, closely)
        for query in OF_A_KIND:
            said = query.format(number=number if there else unknown(number), state=state)
            if query in on_page:
                seen[f"{kind} {query}"] = eyes.look(reverse(one.listing.address) + said)
            if one.rest and query in in_rest:
                seen[f"REST {kind} {query}"] = eyes.look(f"{V1}/{one.plural}/{said}")
    for name, sheet in may_export(user).items():
        seen[f"export {name}"] = 0, rows_of(sheet, ExportScope(user, {}, now))
    for counted in counted_kinds(user):
        found = figures_cache.compute(counted.kind, "overview", user, period_of("weeks", today()))
        seen[f"figures of {counted.kind}"] = 0, str(found)
    for path, (status, text) in seen.items():
        for number, _state in hidden.values():
            text = text.replace(number, unknown(number))
        seen[path] = status, text
    return seen


def rows_of(sheet: ExportKind, scope: ExportScope) -> str:
    """All that an export holds; sealed columns as they lie there."""
    rows = sheet.selected(scope, sheet.columns(scope.now))
    return str([[bytes(cell) if isinstance(cell, memoryview) else cell for cell in row] for row in rows])


@pytest.mark.parametrize("closely", [False, pytest.param(True, marks=pytest.mark.soak)])
@pytest.mark.parametrize("group", HIDDEN_FROM)
def test_what_is_hidden_leaves_everything_as_it_was(world: SimpleNamespace, group: str, closely: bool) -> None:
    """Closely, everybody looks; else the first and the last of the group, who have the least in common."""
    first, *others, last = HIDDEN_FROM[group]
    people = [getattr(world, who) for who in ((first, *others, last) if closely else (first, last))]
    with undone():
        made = {kind: given(kind).hidden[group](world) for kind in KINDS if group in given(kind).hidden}
        assert set(made) == set(KINDS) or group != "outsiders", "every kind has what outsiders do not see"
        climbed_to_the_root()
        hidden = {kind: identity(record, kind) for kind, record in made.items()}
        with_them = {user: everything(user, hidden, True, closely) for user in people}
        for kind, (number, _state) in hidden.items():
            for user in people:
                with pytest.raises(NotVisible):
                    declared(kind).visible(user, number)
            assert_unknown(people[0], declared(kind), number)
        numbers = [number for number, _state in hidden.values()]
        told = Notice.objects.filter(recipient__in=people, subject_key__in=numbers)
        assert not told.exists() or group == "everybody", "who knew of it before it was sealed"
    for user in people:
        without = everything(user, hidden, False, closely)
        assert [path for path in without if without[path] != with_them[user][path]] == [], user


def assert_unknown(user: Any, kind: RecordType, number: str) -> None:
    """Its page, its timeline, its documents, an act on it and what could be opened because of it answer as for an
    unknown number."""
    eyes, nothing = Eyes(user), unknown(number)
    act = next(iter(kind.acts)).slug
    parts = ["", "new/repair/", "propose/repair/", "files/"]
    parts += [f"documents/{each.name}/" for each in kind.documents[:1]]
    desk, rest = f"/desk/{kind.plural}/%s/", f"{V1}/{kind.plural}/%s/"
    looks = [desk + part for part in parts] + [rest + part for part in ("", "timeline/") if kind.rest]
    for look, paths in ((eyes.look, looks), (eyes.send, [f"{at}acts/{act}/" for at in (desk, rest)])):
        for path in paths:
            got, expected = look(path % number), look(path % nothing)
            assert got[0] == expected[0], (path, got[0], expected[0])
            assert got[0] in (302, 403, 404), path
            assert got[1].replace(number, nothing) == expected[1], path


@pytest.mark.parametrize("kind", KINDS)
def test_what_this_looks_at_changes_when_something_is_seen(world: SimpleNamespace, kind: str) -> None:
    """A record that somebody does see shows in what they look at: the comparison is not one of empty pages."""
    user = getattr(world, given(kind).cases["ordinary"].officials[0])
    with undone():
        hidden = {kind: identity(given(kind).make(world), kind)}
        seen = everything(user, hidden, there=True)
    without = everything(user, hidden, there=False)
    changed = {path for path in without if without[path] != seen[path]}
    assert {f"{kind} ", f"REST {kind} ?q={{number}}"} <= changed
