"""Records that exist because of another record (their source): what is proposed and what is published."""

from collections import defaultdict
from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from massline.acts import lock_row
from records.models.links import Link
from responsibility.subjects import Matter, adapter, kinds
from responsibility.visibility import recused_ids

NOTHING = Q(pk__in=[])
_have_a_source: set[str] = set()


def recused_from(user: User) -> Q:
    """Builds the condition for records whose source this person is recused (回避) from."""
    recused = ((kind, recused_ids(kind, user)) for kind in _kinds_of_sources())
    return reduce(or_, (Q(source_kind=kind, source_id__in=ids) for kind, ids in recused if ids is not None), NOTHING)


def hidden_from(user: User) -> Q:
    """Builds the condition for records whose source this person is recused or walled off from."""
    walls = ((kind, adapter(kind).walled_from(user, OuterRef("source_key"))) for kind in _kinds_of_sources())
    walled = (Q(source_kind=kind) & Q(wall) for kind, wall in walls if not wall.query.is_empty())
    return reduce(or_, walled, recused_from(user))


def _kinds_of_sources() -> list[str]:
    return [kind for kind in kinds() if kind not in _have_a_source]


def grew_from_hidden(kind: str, user: User) -> Exists:
    """Builds the condition for records of a kind that were opened because of one that this person is recused or walled
    off from: the words of the one would tell of the other."""
    return Exists(Link.objects.filter(hidden_from(user), target_kind=kind, target_id=OuterRef("pk")))


def recused_through_sources(kind: str, pks: Collection[int]) -> dict[int, frozenset[int]]:
    """Returns whom the sources of records recuse (回避), by record: two statements, and what each kind of source
    needs."""
    found: dict[int, frozenset[int]] = dict.fromkeys(pks, frozenset())
    of_kind: dict[str, list[tuple[int, int]]] = defaultdict(list)
    links = Link.objects.filter(target_kind=kind, target_id__in=pks)
    for source_kind, source, target in links.values_list("source_kind", "source_id", "target_id"):
        of_kind[source_kind].append((source, target))
    for source_kind, ends in of_kind.items():
        works = adapter(source_kind).chain_subjects({source for source, _target in ends})
        for source, target in ends:
            found[target] |= works[source].recused
    return found


class AboutSource:
    """Of their querysets."""

    def about(self, kind: str, *pks: int) -> Self:
        """Narrows to those because of these records."""
        return self.filter(source_kind=kind, source_id__in=pks)  # type: ignore[attr-defined,no-any-return]


class WithSource(models.Model):
    """The columns that name the source. Whoever may not know of the source may not know of this either."""

    KIND: ClassVar[str]

    source_kind = models.CharField(max_length=32)
    source_id = models.BigIntegerField()
    source_key = models.CharField(max_length=40)

    class Meta:
        abstract = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "KIND" in cls.__dict__:
            _have_a_source.add(cls.KIND)

    @classmethod
    def lock(cls, pk: int) -> None:
        """Locks in the order of all acts: the source first, so that nothing is written about one that is being
        erased."""
        kind, source = cls._default_manager.values_list("source_kind", "source_id").get(pk=pk)
        adapter(kind).lock(source)
        lock_row(cls, pk)

    @property
    def source(self) -> Matter:
        return Matter(self.source_kind, self.source_id, self.source_key)

    @property
    def recused_by_source(self) -> frozenset[int]:
        """The people whom the source recuses (回避); they are recused from this, too."""
        return adapter(self.source_kind).chain_subjects([self.source_id])[self.source_id].recused
