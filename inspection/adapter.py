"""Tasks for the shared parts: whom their sources recuse is read for all of them at once."""

from collections.abc import Collection

from inspection.models import Task
from records.adapter import RecordAdapter
from records.models.sources import recused_through_sources
from responsibility.subjects import ChainSubject


class TaskAdapter(RecordAdapter):
    def chain_subjects(self, pks: Collection[int]) -> dict[int, ChainSubject]:
        recused, found = recused_through_sources(Task.KIND, pks), Task.with_joined(self.rows.filter(pk__in=pks))
        for one in found:
            one.recused = recused[one.pk]
        return {one.pk: one.chain_subject() for one in found}
