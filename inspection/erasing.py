"""The rows with words about a record that are no record themselves: they are emptied with it."""

from collections.abc import Iterable
from typing import Any

from inspection.models import (
    Check,
    Decision,
    DecisionStep,
    Inspection,
    InspectionPlan,
    Milestone,
    PlanItem,
    Task,
    TeamMember,
    Vote,
)
from records.texts_elsewhere import Rows

BELONG: dict[type[Any], dict[type[Any], str]] = {
    Task: {Milestone: "task"},
    Decision: {DecisionStep: "decision", Vote: "decision"},
    InspectionPlan: {PlanItem: "plan"},
    Inspection: {Check: "inspection", TeamMember: "inspection"},
}
"""The tables with words about a record, and their column that leads to it."""


def own_rows(record: Any) -> Iterable[Rows] | None:
    """Returns the rows of a record and of what belongs to it; None for a record of another kind."""
    if type(record) not in BELONG:
        return None
    rows = [model._default_manager.filter(**{name: record}) for model, name in BELONG[type(record)].items()]
    return [type(record)._default_manager.filter(pk=record.pk), *rows]
