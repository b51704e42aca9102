"""The rows with words about a task that are no task: they are emptied with it."""

from collections.abc import Iterable
from typing import Any

from inspection.models import Milestone, Task
from records.texts_elsewhere import Rows


def own_rows(record: Any) -> Iterable[Rows] | None:
    """Returns the rows of a task and of its milestones; None for a record of another kind."""
    if not isinstance(record, Task):
        return None
    return Task.objects.filter(pk=record.pk), Milestone.objects.filter(task=record)
