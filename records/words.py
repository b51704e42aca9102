"""Where words about a record lie beside its own rows: erasing it, and sealing it, must reach all of them."""

from collections.abc import Callable
from typing import Any

from django.db import models

Rows = Callable[..., models.QuerySet[Any]]
"""Called with the kind and the ids of records."""
_tables: dict[str, Rows] = {}


def register(name: str, rows: Rows) -> None:
    """Adds a table that the kinds share; each of its personal columns holds words about the record."""
    if name in _tables:
        raise ValueError(f"words registered twice: {name}")
    _tables[name] = rows


def written_about(kind: str, *pks: int) -> dict[str, models.QuerySet[Any]]:
    """The rows of all these tables about some records, by the name of the table."""
    return {name: rows(kind, *pks) for name, rows in _tables.items()}
