"""Registers the kinds of `tests.kinds` for a test, and makes their records."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db.models import Exists, QuerySet
from django.db.models.expressions import Combinable

from massline.time import today
from responsibility import readers, subjects
from responsibility.models import Organ, Post
from responsibility.readers import Reads, holders
from responsibility.subjects import Described, Matter
from tests.kinds.models import Errand, Paper, Sealed


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


@dataclass
class PaperAdapter:
    """How the shared parts see an errand or a sealed matter."""

    model: type[Paper]

    def describe(self, pks: Collection[int], user: Any) -> dict[int, Described]:
        found = self.model._default_manager.for_user(user).filter(pk__in=pks).select_related("organ")  # type: ignore[attr-defined]
        return {
            one.pk: Described(one.title, self.address(one.number), one.state, "", one.organ.name, "") for one in found
        }

    def visible_to(self, user: Any) -> QuerySet[Any]:
        return self.model._default_manager.for_user(user).values("pk")  # type: ignore[attr-defined,no-any-return]

    def walled_from(self, user: Any, key: Combinable) -> Exists:
        walled = self.model._default_manager.filter(number=key)
        if self.model is Errand:
            return Exists(walled.none())
        return Exists(walled.exclude(pk__in=self.visible_to(user)))

    def waiting_for(self, user: Any) -> list[int]:
        return []

    def address(self, key: str) -> str:
        return f"/desk/{self.model.KIND}s/{key}/"


@contextmanager
def paper_kinds() -> Iterator[WalledKind]:
    """Errands and sealed matters are known to the shared parts inside."""
    with walled_kind() as walled, pytest.MonkeyPatch.context() as patch:
        for model in (Errand, Sealed):
            patch.setitem(subjects._adapters, model.KIND, PaperAdapter(model))  # type: ignore[arg-type]
        yield walled


def errand(number: str, organ: Organ) -> Errand:
    return Errand.objects.create(number=number, title="跑一趟", organ=organ)


def sealed(number: str, organ: Organ, post: Post | None = None) -> Sealed:
    return Sealed.objects.create(number=number, title="涉密一事", organ=organ, post=post)


def seen_by(user: Any) -> set[str]:
    """The numbers of the sealed matters that exist for this person."""
    found: QuerySet[Sealed] = Sealed.objects.for_user(user)
    return set(found.values_list("number", flat=True))
