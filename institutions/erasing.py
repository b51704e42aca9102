"""The rows with words about a regulation that are no regulation: its texts are emptied with it."""

from collections.abc import Iterable
from typing import Any

from institutions.models import Regulation, RegulationText
from records.texts_elsewhere import Rows


def own_rows(record: Any) -> Iterable[Rows] | None:
    """Returns the rows of a regulation and of its texts; None for a record of another kind."""
    if not isinstance(record, Regulation):
        return None
    return Regulation.objects.filter(pk=record.pk), RegulationText.objects.filter(regulation=record)
