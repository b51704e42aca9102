"""Wraps every SQL statement: sets the actor of a transaction, and refuses writes outside of one.

Everything is set for the transaction only, never for the session, so that a transaction pooler between us and the
database changes nothing. The actor is set once a transaction, before its first write; an act costs no statement for
it, since audit_record() sets it too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2.extensions import TRANSACTION_STATUS_IDLE

from audit import context

WATCHED_ALIAS = "default"

_FIRST_WORD = re.compile(r"(?:\s|\(|--[^\n]*(?:\n|$)|/\*.*?\*/)*([a-z]*)", re.IGNORECASE | re.DOTALL)
_READS = {
    "select", "values", "table", "show", "set", "reset", "explain", "declare", "fetch", "move", "close", "lock",
    "savepoint", "release", "rollback", "begin", "start", "commit", "end", "abort", "listen", "unlisten", "discard",
    "deallocate",
}  # fmt: skip
_WRITE_INSIDE = re.compile(r"\b(insert|update|delete|merge|truncate|copy|create|alter|drop|call|do)\b", re.IGNORECASE)


class WriteOutsideTransactionError(Exception):
    """A change must be one transaction: open transaction.atomic() around it."""


def install(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Adds the wrapper to a new connection (receiver of connection_created)."""
    if connection.alias == WATCHED_ALIAS and check_statement not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, check_statement)  # before any other has made something else of it


def remember_actor(connection: BaseDatabaseWrapper, actor_id: str | None) -> None:
    """Remembers whom the running transaction's massline.actor names (None: nobody yet)."""
    connection._audit_actor = actor_id  # type: ignore[attr-defined]


def is_write(sql: str) -> bool:
    """Tells whether the statement may write: all do that do not plainly only read."""
    match = _FIRST_WORD.match(sql)
    word = match[1].lower() if match else ""
    if word == "select" and ";" not in sql:
        return False
    if word == "with" or ";" in sql.rstrip().rstrip(";"):
        return _WRITE_INSIDE.search(sql) is not None
    return word not in _READS and word != ""


def check_statement(execute: Callable[..., Any], sql: Any, params: Any, many: bool, ctx: dict[str, Any]) -> Any:
    connection = ctx["connection"]
    raw = connection.connection
    if raw.get_transaction_status() == TRANSACTION_STATUS_IDLE:
        remember_actor(connection, None)  # a new transaction knows nobody
    text = sql if isinstance(sql, str) else sql.as_string(raw)
    if is_write(text):
        if not connection.in_atomic_block:
            raise WriteOutsideTransactionError(f"open transaction.atomic() around this: {text[:60]}…")
        set_actor(connection)
    elif text.startswith("ROLLBACK TO"):
        remember_actor(connection, None)  # the setting went back with the savepoint
    return execute(sql, params, many, ctx)


def set_actor(connection: BaseDatabaseWrapper) -> None:
    actor_id = context.actor().id
    if getattr(connection, "_audit_actor", None) == actor_id:
        return
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('massline.actor', %s, true)", [actor_id])
    remember_actor(connection, actor_id)
