"""Where words about a record lie beside its own rows: erasing it, and sealing it, must reach all of them."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.db import models

from audit.erase import clear

Rows = models.QuerySet[Any]


class Place(NamedTuple):
    """A table that the kinds share; each of its personal columns holds words about the record."""

    rows: Callable[..., Rows]
    """Called with the kind and the ids of records."""
    empty: Callable[[Rows], Any]
    """Takes the words out of rows, and away whatever else they stand for."""


_places: dict[str, Place] = {}


def register(name: str, rows: Callable[..., Rows], empty: Callable[[Rows], Any] = clear) -> None:
    """Adds a table; refuses a name that is registered already."""
    if name in _places:
        raise ValueError(f"words registered twice: {name}")
    _places[name] = Place(rows, empty)


def written_about(kind: str, *pks: int) -> dict[str, Rows]:
    """The rows of all these tables about some records, by the name of the table."""
    return {name: place.rows(kind, *pks) for name, place in _places.items()}


def empty_about(kind: str, *pks: int) -> None:
    """Empties all these words about some records, in the transaction and under the event of the erasure or the seal."""
    empty(written_about(kind, *pks))


def empty(written: Mapping[str, Rows]) -> None:
    """Empties these rows, each as its table is emptied; `written` has them by the name of the table."""
    for name, rows in written.items():
        _places[name].empty(rows)
