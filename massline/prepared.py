"""Has long reading statements planned once a connection. What exists for a person is a long condition, which the
database takes far longer to plan than to run. Whether one plan serves all values is the database's own judgement
(its plan_cache_mode); a statement that can't be planned without its values is run as it is."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

LONG = 1500
"""Characters from which on a statement is worth it."""
MOST = 50
"""Plans a connection keeps, of some 4 MB each: those used last."""
_FIRST = ("SELECT ", "WITH ")
_PLACE = re.compile(r"%(?:\((\w+)\))?[s%]")
_INT4 = 2**31
_TYPES: dict[type, str] = {
    type(None): "unknown", str: "unknown", bool: "boolean", float: "numeric", Decimal: "numeric",
    date: "date", time: "time", timedelta: "interval", UUID: "uuid",
}  # fmt: skip
"""What the database takes a value for that the driver writes into a statement: the plan must take it for the same."""


def install(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Adds the wrapper to a new connection, which has planned nothing yet (receiver of connection_created)."""
    connection._plans = OrderedDict()  # type: ignore[attr-defined]
    if settings.DATABASE_KEEPS_PLANS and run not in connection.execute_wrappers:
        connection.execute_wrappers.append(run)


def run(execute: Callable[..., Any], sql: Any, params: Any, many: bool, ctx: dict[str, Any]) -> Any:
    """Runs a statement; a long one that only reads by the plan that this connection has for it."""
    if not many and params and isinstance(sql, str) and len(sql) >= LONG and sql.lstrip().startswith(_FIRST):
        values = [params[name] for name in _PLACE.findall(sql) if name] if isinstance(params, dict) else list(params)
        if plan := _plan(ctx["connection"], sql, [_type(value) for value in values]):
            return execute(f"EXECUTE {plan} ({', '.join(['%s'] * len(values))})", values, many, ctx)
    return execute(sql, params, many, ctx)


def _type(value: Any) -> str | None:
    """Returns the type that a plan takes this value for; none where it could only guess."""
    if type(value) is int:
        return "integer" if -_INT4 <= value < _INT4 else "bigint"
    if isinstance(value, datetime):
        return "timestamptz" if value.tzinfo else "timestamp"
    return "unknown" if isinstance(value, str) else _TYPES.get(type(value))


def _plan(connection: BaseDatabaseWrapper, sql: str, types: Sequence[str | None]) -> str | None:
    """Returns the name of this connection's plan, made now where it has none; none where it can't be made."""
    if None in types:
        return None
    name = "long_" + hashlib.md5(f"{sql}{types}".encode(), usedforsecurity=False).hexdigest()
    plans: OrderedDict[str, bool] = connection._plans  # type: ignore[attr-defined]
    if name not in plans:
        plans[name] = _prepare(connection, f"PREPARE {name} ({', '.join(map(str, types))}) AS {_numbered(sql)}")
        if len(plans) > MOST:
            oldest, made = plans.popitem(last=False)
            if made:
                _send(connection, f"DEALLOCATE {oldest}")
    plans.move_to_end(name)
    return name if plans[name] else None


def _prepare(connection: BaseDatabaseWrapper, statement: str) -> bool:
    """Tells whether the database takes the statement, which leaves no trace in a transaction where it does not."""
    if not connection.in_atomic_block:
        try:
            _send(connection, statement)
        except DatabaseError:
            return False
        return True
    try:
        _send(connection, f"SAVEPOINT long_plan; {statement}; RELEASE SAVEPOINT long_plan")
    except DatabaseError:
        _send(connection, "ROLLBACK TO SAVEPOINT long_plan; RELEASE SAVEPOINT long_plan")
        return False
    return True


def _send(connection: BaseDatabaseWrapper, statement: str) -> None:
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute(statement)


def _numbered(sql: str) -> str:
    """Returns the statement with a number for each value."""
    numbers = iter(range(1, len(sql)))
    return _PLACE.sub(lambda place: "%" if place[0] == "%%" else f"${next(numbers)}", sql)
