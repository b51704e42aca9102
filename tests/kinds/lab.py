"""Registers the kinds of `tests.kinds` for a test, and makes their records."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db.models import QuerySet

from massline.time import today
from responsibility import readers
from responsibility.models import Organ, Post
from responsibility.readers import Reads, holders
from responsibility.subjects import Matter
from tests.kinds.models import Sealed


@dataclass
class WalledKind:
    """Whoever holds the post of a sealed matter reads it, and nobody whom it is about."""

    about: dict[int, Collection[int]] = field(default_factory=dict)
    """The people whom each record is about."""

    def readers(self, matter: Matter) -> Iterable[Reads]:
        held = holders([Sealed.objects.get(pk=matter.pk).post_id], today())
        return (one for one in held if one.user not in self.about.get(matter.pk, ()))

    def matters(self) -> Iterable[Matter]:
        return (one.matter for one in Sealed.objects.filter(state="open"))


@contextmanager
def walled_kind() -> Iterator[WalledKind]:
    """Sealed matters have readers inside."""
    walled = WalledKind()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(readers._walled, Sealed.KIND, walled)
        yield walled


def sealed(number: str, organ: Organ, post: Post | None = None) -> Sealed:
    return Sealed.objects.create(number=number, title="涉密一事", organ=organ, post=post)


def seen_by(user: Any) -> set[str]:
    """The numbers of the sealed matters that exist for this person."""
    found: QuerySet[Sealed] = Sealed.objects.for_user(user)
    return set(found.values_list("number", flat=True))
