"""The base of every record that an obligation may be about."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.db import models
from django.utils.functional import cached_property

from massline.acts import lock_row
from responsibility.models.obligations import Obligation
from responsibility.subjects import Matter, Ordered, adapter


class Accountable(models.Model):
    """A record that an obligation may be about: a kind's model adds `number`, `state` and `chain_subject()`."""

    KIND: ClassVar[str]
    JOINED: ClassVar[tuple[str, ...]] = ()
    """The relations that are read with one: what `chain_subject()` and its description name."""

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.matter.key

    @classmethod
    def with_joined(cls, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        return rows.select_related(*cls.JOINED) if cls.JOINED else rows

    @classmethod
    def lock(cls, pk: int) -> None:
        """Locks the row until the end of the transaction."""
        lock_row(cls, pk)

    @classmethod
    def locked(cls, pk: int) -> Self:
        """Locks the row and then reads it."""
        cls.lock(pk)
        found: Self = cls.with_joined(cls._default_manager.all()).get(pk=pk)
        return found

    @property
    def matter(self) -> Matter:
        return Matter(self.KIND, self.pk, self.number)  # type: ignore[attr-defined]

    @cached_property
    def owed(self) -> list[Obligation]:
        """All obligations about it, in the order in which they were opened; read once."""
        about = Obligation.objects.about(self.KIND, self.pk)
        return list(about.select_related("organ", "post").order_by("opened_at", "id"))

    @cached_property
    def orders(self) -> Mapping[tuple[str, int], Ordered]:
        """The words of orders about it (四定), by rule and item; read once."""
        found = adapter(self.KIND).ordered([self.pk])
        return {(rule, item): words for (_pk, rule, item), words in found.items()}

    def last_change(self, actor: Any) -> str:
        return adapter(self.KIND).last_change(self, actor)
