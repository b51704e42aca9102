"""A kind of record that no app of massline has: tasks, kept in memory, to stand beside the real kinds in tests."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest
from django.db.models import Exists, Q, TextField
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from massline.acts import Doing
from responsibility import obligations, subjects
from responsibility.effects import Order
from responsibility.models import Obligation, Organ, Post
from responsibility.subjects import Described, ImportOrigin, Matter, Ordered, Work
from tests.chain_lab import event

KIND = "task"
RULE = "ML01"
ORDERED = "XF12"
"""A rule that leaves the date to whoever orders."""


@dataclass
class Milestone:
    """What somebody ordered of a task in their own words, and its last day (四定)."""

    goal: str
    requirement: str
    last_day: date


@dataclass
class Task:
    """A task in the hands of a post; it exists for `readers` and is the next move of `movers`."""

    number: str
    title: str
    post: Post
    readers: Collection[Any] = ()
    movers: Collection[Any] = ()
    category: str = ""
    pk: int = 0
    milestones: dict[int, Milestone] = field(default_factory=dict)
    """By item; they are owed under `ORDERED`."""

    @property
    def matter(self) -> Matter:
        return Matter(KIND, self.pk, self.number)

    def work(self) -> Work:
        return Work(self.post.organ_id, self.category, self.post.pk)

    def does(self, effect: Any, at: datetime, **data: Any) -> None:
        """An act with this one effect, at this moment."""
        effect.apply(Doing(None, self, None, data, at, frozenset(), "", event()))  # type: ignore[arg-type]


def milestones(doing: Doing) -> Iterator[Order]:
    """What `Opens(ORDERED, ordered=milestones)` asks a task for."""
    return (Order(one.last_day, item) for item, one in doing.record.milestones.items())


@dataclass
class Tasks:
    """The adapter of the kind, and the tasks themselves by id."""

    by_id: dict[int, Task] = field(default_factory=dict)
    origins: dict[int, ImportOrigin] = field(default_factory=dict)
    """Of those that came with an import."""

    def owe(self, pk: int, task: Task, at: Any) -> Obligation:
        """Keeps the task; its post owes something about it from `at` on."""
        self.by_id[pk] = task
        return obligations.open_(Matter(KIND, pk, task.number), RULE, task.work(), at)

    def works(self, pks: Collection[int]) -> dict[int, Work]:
        return {pk: self.by_id[pk].work() for pk in pks}

    def import_origins(self, pks: Collection[int]) -> dict[int, ImportOrigin]:
        return {pk: origin for pk, origin in self.origins.items() if pk in pks}

    def lock(self, pk: int) -> None:
        """Nothing else changes a task while a test runs."""

    def dates_moved(self, pk: int, record: Any = None) -> None:
        """A task keeps no dates."""

    def reassign(self, pk: int, organ: int, post: int) -> None:
        obligations.hand_over(Matter(KIND, pk, self.by_id[pk].number), Work(organ, post=post))

    def takers(self, work: Work, organ: int) -> Q:
        return Q()

    def describe(self, pks: Collection[int], user: Any) -> dict[int, Described]:
        return {
            pk: Described(task.title, self.address(task.number), "在办", "", task.post.organ.name, task.post.name)
            for pk, task in self.by_id.items()
            if pk in pks and user in task.readers
        }

    def ordered(self, pks: Collection[int]) -> dict[tuple[int, str, int], Ordered]:
        return {
            (pk, ORDERED, item): Ordered(one.goal, one.requirement)
            for pk in pks
            for item, one in self.by_id[pk].milestones.items()
        }

    def visible_to(self, user: Any) -> Any:
        return [pk for pk, task in self.by_id.items() if user in task.readers]

    def walled_from(self, user: Any, key: Combinable) -> Exists:
        walled = [task.number for task in self.by_id.values() if user not in task.readers]
        return Exists(Organ.objects.alias(key=Cast(key, TextField())).filter(key__in=walled))

    def waiting_for(self, user: Any) -> Any:
        return [pk for pk, task in self.by_id.items() if user in task.movers]

    def address(self, key: str) -> str:
        return f"/desk/tasks/{key}/"


@contextmanager
def second_kind() -> Iterator[Tasks]:
    """Tasks are registered inside."""
    tasks = Tasks()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(subjects._adapters, KIND, tasks)
        yield tasks


@contextmanager
def only_kind() -> Iterator[Tasks]:
    """Tasks are registered inside, and nothing else is: an installation without any mechanism of massline."""
    tasks = Tasks()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subjects, "_adapters", {KIND: tasks})
        yield tasks
