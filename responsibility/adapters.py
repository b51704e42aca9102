"""Adapts the records of a model for the shared parts: `subjects.Adapter`, answered by the model itself."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Exists, Q, QuerySet
from django.db.models.expressions import Combinable
from django.urls import reverse

from responsibility import obligations, readers
from responsibility.models.accountable import Accountable
from responsibility.subjects import BulkPage, ChainSubject, Described, ImportOrigin, Ordered
from responsibility.visibility import walled_off


class ModelAdapter:
    """The records of one model as subjects of obligations. A kind overrides what differs."""

    model: type[Accountable]
    number = "number"
    """The lookup from the model to the number by which people know a record."""

    def __init__(self, model: type[Accountable]) -> None:
        self.model = model

    @property
    def rows(self) -> QuerySet[Any]:
        return self.model._default_manager.all()

    @property
    def walled(self) -> bool:
        """Whether a notice about a record is hidden from a person for whom the record does not exist any more."""
        return readers.is_walled(self.model.KIND)

    def visible(self, user: Any) -> QuerySet[Any]:
        """Queries the records that exist for this person."""
        return self.rows.for_user(user)  # type: ignore[attr-defined,no-any-return]

    def described(self, record: Any) -> Described:
        """Describes a record for a list."""
        raise NotImplementedError

    # --- What subjects.Adapter asks -----------------------------------------------------------------------------------
    def chain_subjects(self, pks: Collection[int]) -> dict[int, ChainSubject]:
        return {one.pk: one.chain_subject() for one in self.model.with_joined(self.rows.filter(pk__in=pks))}

    def import_origins(self, pks: Collection[int]) -> dict[int, ImportOrigin]:
        return {}

    def lock(self, pk: int) -> None:
        self.model.lock(pk)

    def follow_obligations(self, pk: int, record: Any = None) -> None:
        """Does nothing: the model has no dates of its own."""

    def last_change(self, record: Any, actor: Any) -> str:
        return str(record.get_state_display())

    def reassign(self, pk: int, organ: int, post: int) -> None:
        obligations.hand_over(self.model.locked(pk).matter, ChainSubject(organ, post=post))

    def posts_able_to_take(self, work: ChainSubject, organ: int) -> Q:
        return Q()

    def describe(self, pks: Collection[int], user: Any) -> dict[int, Described]:
        found = self.model.with_joined(self.visible(user).filter(pk__in=pks))
        return {one.pk: self.described(one) for one in found}

    def describe_numbers(self, numbers: Collection[str], user: Any) -> dict[str, Described]:
        found = self.model.with_joined(self.visible(user).filter(**{f"{self.number}__in": numbers}))
        return {one.matter.key: self.described(one) for one in found}

    def bulk_page(self, user: Any) -> BulkPage | None:
        return None

    def ordered(self, pks: Collection[int]) -> Mapping[tuple[int, str, int], Ordered]:
        return {}

    def visible_to(self, user: Any) -> Any:
        return self.visible(user).values("pk")

    def walled_from(self, user: Any, key: Combinable) -> Exists:
        if not self.walled:
            return Exists(self.rows.none())
        return walled_off(self.rows, self.number, key, user)

    def recused_from(self, user: Any) -> Any:
        return self.rows.none().values("pk")

    def waiting_for(self, user: Any) -> Any:
        return self.rows.none().values("pk")

    def is_waiting_for(self, record: Any, user: Any) -> bool:
        return bool(self.waiting_for(user).filter(pk=record.pk).exists())

    def address(self, key: str) -> str:
        return reverse(self.model.KIND, args=[key])
