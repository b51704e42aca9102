"""A kind of record that no app of massline has: tasks, to stand beside the real kinds in tests."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest
from django.db.models import F
from django.test import override_settings

from massline.acts import Acts, Doing
from records.adapter import RecordAdapter
from records.columns import Cell, code
from records.kinds import RecordType
from records.listing import Listing
from records.ordered import OrderedItems
from responsibility import obligations, subjects
from responsibility.effects import Order
from responsibility.models import Obligation, Post
from responsibility.subjects import ImportOrigin
from tests.chain_lab import event
from tests.kinds.models import Chore, Step

KIND = Chore.KIND
RULE = "ML01"
ORDERED = "XF12"
"""A rule that leaves the date to whoever orders."""


@dataclass(frozen=True)
class Milestone:
    goal: str
    requirement: str
    last_day: date


def build_chore(
    number: str,
    title: str,
    post: Post,
    *,
    readers: Iterable[Any] = (),
    movers: Iterable[Any] = (),
    category: str = "",
    pk: int | None = None,
) -> Chore:
    """A task in the hands of a post, not saved."""
    seen, moved = [user.pk for user in readers], [user.pk for user in movers]
    return Chore(
        pk=pk, number=number, title=title, organ=post.organ, handler=post, category=category, readers=seen, movers=moved
    )


def make_chore(number: str, title: str, post: Post, **more: Any) -> Chore:
    """The same, saved under an event of its own."""
    event()
    task = build_chore(number, title, post, **more)
    task.save(force_insert=True)
    return task


def show(task: Chore, *users: Any) -> None:
    """From now on it exists for these people alone."""
    event()
    task.readers = [user.pk for user in users]
    task.save(update_fields=["readers"])


def order(task: Chore, milestones: dict[int, Milestone]) -> None:
    """What is ordered of it, by item."""
    event()
    Step.objects.bulk_create(Step(task=task, item=item, **vars(one)) for item, one in milestones.items())


def milestones(doing: Doing) -> Iterator[Order]:
    """What `Opens(ORDERED, ordered=milestones)` asks a task for."""
    return (Order(one.last_day, one.item) for one in doing.record.steps.order_by("item"))


def does(task: Chore, effect: Any, at: datetime, **data: Any) -> None:
    """An act with this one effect, at this moment."""
    effect.apply(Doing(None, task, None, data, at, frozenset(), "", event()))  # type: ignore[arg-type]


def owe(task: Chore, at: Any) -> Obligation:
    """Its post owes something about it from `at` on."""
    return obligations.open_(task.matter, RULE, task.chain_subject(), at)


class ChoreAdapter(RecordAdapter):
    """What differs from every kind's: tasks come from elsewhere without an import, are walled and wait for people."""

    walled = True

    def __init__(self, declared: RecordType) -> None:
        super().__init__(declared)
        self.origins: dict[int, ImportOrigin] = {}

    def import_origins(self, pks: Collection[int]) -> dict[int, ImportOrigin]:
        return {pk: origin for pk, origin in self.origins.items() if pk in pks}

    def waiting_for(self, user: Any) -> Any:
        return Chore.objects.filter(movers__contains=[user.pk]).values("pk")


CHORES = RecordType(
    kind=KIND,
    plural="chores",
    title="任务",
    model=Chore,
    acts=Acts(),
    final=frozenset({"done"}),
    columns=(code("number", "编号", F("number"), cell=Cell()),),
    listing=Listing(heading="任务登记", address="chores", shown=("number",)),
    ordered=(OrderedItems(ORDERED, Step, "task", "item"),),
    adapter=ChoreAdapter,
)


@contextmanager
def second_kind() -> Iterator[ChoreAdapter]:
    """Tasks are registered inside."""
    tasks = ChoreAdapter(CHORES)
    with pytest.MonkeyPatch.context() as patch, override_settings(ROOT_URLCONF="tests.kinds.urls"):
        patch.setitem(subjects._adapters, KIND, tasks)
        yield tasks


@contextmanager
def only_kind() -> Iterator[ChoreAdapter]:
    """Tasks are registered inside, and nothing else is: an installation without any mechanism of massline."""
    with second_kind() as tasks, pytest.MonkeyPatch.context() as patch:
        patch.setattr(subjects, "_adapters", {KIND: tasks})
        yield tasks
