"""Statements that the ORM compiles once for a person in a position: what exists for them is asked on every page, and
takes longer to compile than to run. What a statement finds is never kept."""

from collections.abc import Callable, Hashable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

Statement = tuple[str, tuple[Any, ...]]
NO_ROWS: Statement = ("SELECT 0 WHERE false", ())
MOST_KEPT = 4000
_kept: dict[Hashable, Statement] = {}


def statement(key: Hashable, rows: Callable[[], QuerySet[Any]]) -> Statement:
    """Returns the statement that reads the ids of these rows; where the key is the same, the rows' conditions are."""
    found = _kept.get(key)
    if found is None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        found = _kept[key] = compile_ids(rows())
    return found


def ids(key: Hashable, rows: Callable[[], QuerySet[Any]]) -> RawSQL:
    """Returns the ids of these rows, for `…__in`."""
    return RawSQL(*statement(key, rows))  # noqa: S611 - the ORM's


def compile_ids(rows: QuerySet[Any]) -> Statement:
    """Returns the statement that reads the ids of these rows."""
    try:
        sql, values = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return NO_ROWS
    return sql, tuple(values)
