"""The public list of a kind, readable without signing in, and the page of one record in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from massline.pages import Page, keyset
from records.columns import Column, Reading


@dataclass(frozen=True)
class Catalogue:
    """The public list of a kind. It holds the records of `rows`, and shows of each its columns."""

    heading: Any
    rows: Callable[[], QuerySet[Any]]
    """The records that are public at this moment."""
    columns: tuple[Column, ...]
    """The columns of the list and of REST, by their `value`; the first one links to the record's page."""
    detail: tuple[Column, ...] = ()
    """The further columns of the record's own page."""
    number: str = "number"
    """The lookup from the model to the number in its address."""
    order: str = "received_at"
    """A date of the model; the newest stands first."""
    intro: Any = ""
    """The introduction for readers (lazy)."""
    way: tuple[str, Any] | None = None
    """The name of an address to which readers go on, and the words of the link."""
    ended: Callable[[str], Any] = lambda number: None
    """Returns what the public may know of the record of this number that was public and is no more."""

    def page(self, query: Mapping[str, Any]) -> Page:
        """Returns one page of the list; raises BadCursor."""
        return keyset(self.rows(), query.get("cursor", ""), query, by=self.order, newest_first=True)

    def find(self, number: str) -> Any:
        """Returns the public record of this number, or None."""
        return self.rows().filter(**{self.number: number}).first()

    def key(self, record: Any) -> str:
        """Returns the number in the record's address."""
        return str(attrgetter(self.number.replace("__", "."))(record))

    def cells(self, record: Any, *, whole: bool = False, page: bool = False) -> dict[str, Any]:
        """Returns the values of a record by the names of the columns; with `whole` those of its own page too. On a
        `page`, a column that has a cell shows that."""
        reading = Reading((record,), timezone.now())
        columns = (*self.columns, *(self.detail if whole else ()))
        return {column.name: self._cell(column, page)(record, reading) for column in columns if column.value}

    @staticmethod
    def _cell(column: Column, page: bool) -> Any:
        return column.cell.show if page and column.cell and column.cell.show else column.value
