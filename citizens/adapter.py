"""The adapter of records that citizens filed: by their declaration, without the officials complained about."""

from collections.abc import Collection
from typing import Any

from citizens.citizen import Citizen
from citizens.models import Complained
from citizens.public_sides import public_side
from citizens.recusal import recused_by_filing
from records.adapter import RecordAdapter
from records.last_change import last_change
from responsibility.subjects import ChainSubject


class CitizenRecordAdapter(RecordAdapter):
    """The adapter of records with a filing; kinds of `CitizenRecord` declare it as `adapter`."""

    filing = "filing"
    """The column of the model that points to the filing."""

    def chain_subjects(self, pks: Collection[int]) -> dict[int, ChainSubject]:
        records: list[Any] = list(self.model.with_joined(self.rows.filter(pk__in=pks)))
        recused = recused_by_filing([getattr(one, f"{self.filing}_id") for one in records])
        return {one.pk: one.chain_subject_besides(recused[getattr(one, f"{self.filing}_id")]) for one in records}

    def recused_from(self, user: Any) -> Any:
        about = Complained.objects.filter(user=user).values("filing")
        return self.rows.filter(**{f"{self.filing}__in": about}).values("pk")

    def last_change(self, record: Any, actor: Any) -> str:
        acts = (*self.declared.acts, *public_side(self.declared.kind).acts)
        return last_change(record, acts, self.declared.citizen, by_citizen=isinstance(actor, Citizen))
