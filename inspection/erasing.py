"""The rows with words about a record that are no record themselves: they are emptied with it."""

from collections.abc import Iterable
from typing import Any

from inspection.models import Decision, DecisionStep, Milestone, Task, Vote
from records.texts_elsewhere import Rows


def own_rows(record: Any) -> Iterable[Rows] | None:
    """Returns the rows of a task and its milestones, or of a decision, its steps and votes; None for another kind's
    record."""
    if isinstance(record, Task):
        return Task.objects.filter(pk=record.pk), Milestone.objects.filter(task=record)
    if isinstance(record, Decision):
        of = {"decision": record}
        return Decision.objects.filter(pk=record.pk), DecisionStep.objects.filter(**of), Vote.objects.filter(**of)
    return None
