"""Registers the tables that hold texts about records outside their own rows: erasing and sealing empties these too."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.db import models

from audit.erase import clear

Rows = models.QuerySet[Any]


class TextTable(NamedTuple):
    """A table that the kinds share; each of its personal columns holds texts about the record."""

    rows: Callable[..., Rows]
    """Returns the rows about records, by their kind and ids."""
    empty: Callable[[Rows], Any]
    """Empties the texts of rows, and removes what they stand for."""


_tables: dict[str, TextTable] = {}


def register(name: str, rows: Callable[..., Rows], empty: Callable[[Rows], Any] = clear) -> None:
    """Adds a table; refuses a name that is registered already."""
    if name in _tables:
        raise ValueError(f"texts registered twice: {name}")
    _tables[name] = TextTable(rows, empty)


def rows_about(kind: str, *pks: int) -> dict[str, Rows]:
    """Returns the rows of all these tables about some records, by the name of the table."""
    return {name: table.rows(kind, *pks) for name, table in _tables.items()}


def empty_about(kind: str, *pks: int) -> None:
    """Empties all these texts about some records, in the transaction and under the event of the erasure or the seal."""
    empty(rows_about(kind, *pks))


def empty(tables: Mapping[str, Rows]) -> None:
    """Empties these rows, each as its table is emptied; `tables` has them by the name of the table."""
    for name, rows in tables.items():
        _tables[name].empty(rows)
