"""The rows with words about a cleanup that are no cleanup: they are emptied with it."""

from collections.abc import Iterable
from typing import Any

from institutions.models import Cleanup, CleanupItem
from records.texts_elsewhere import Rows


def own_rows(record: Any) -> Iterable[Rows] | None:
    """Returns the rows of a cleanup and of its items; None for a record of another kind."""
    if not isinstance(record, Cleanup):
        return None
    return Cleanup.objects.filter(pk=record.pk), CleanupItem.objects.filter(cleanup=record)
