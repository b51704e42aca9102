"""Records that are opened because of others, for the shared parts: whom their sources recuse is read for all of them at
once."""

from collections.abc import Collection
from typing import Any

from records.adapter import RecordAdapter
from records.models.sources import recused_through_sources
from responsibility.subjects import ChainSubject


class AdapterWithSources(RecordAdapter):
    """Of tasks and whistles."""

    def chain_subjects(self, pks: Collection[int]) -> dict[int, ChainSubject]:
        model: Any = self.rows.model
        recused, found = recused_through_sources(model.KIND, pks), model.with_joined(self.rows.filter(pk__in=pks))
        for one in found:
            one.recused = recused[one.pk]
        return {one.pk: one.chain_subject() for one in found}
