"""What everybody may look up without signing in: a list of public records of a kind, and the page of one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from massline.pages import Page, keyset
from records.columns import Column, Reading


@dataclass(frozen=True)
class Catalogue:
    """The public list of a kind. It holds what `rows` gives, and of each record what its columns say."""

    heading: Any
    rows: Callable[[], QuerySet[Any]]
    """The records that are public at this moment."""
    columns: tuple[Column, ...]
    """What the list says of each, and REST, by their `value`; the first one leads to its page."""
    detail: tuple[Column, ...] = ()
    """What its own page says besides."""
    number: str = "number"
    """The lookup from the model to the number in its address."""
    order: str = "received_at"
    """A date of the model; the newest stands first."""
    intro: Any = ""
    """What the list is, for its readers (lazy)."""

    def page(self, query: Mapping[str, Any]) -> Page:
        """One page of the list; raises BadCursor."""
        return keyset(self.rows(), query.get("cursor", ""), query, by=self.order, newest_first=True)

    def find(self, number: str) -> Any:
        """The public record of this number; None where there is none."""
        return self.rows().filter(**{self.number: number}).first()

    def cells(self, record: Any, *, whole: bool = False) -> dict[str, Any]:
        """What is said of a record, by the names of the columns; `whole` with what its own page says."""
        reading = Reading((record,), timezone.now())
        columns = (*self.columns, *(self.detail if whole else ()))
        return {column.name: column.value(record, reading) for column in columns if column.value}
