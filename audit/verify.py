"""Verifies that every watched row equals its latest image and every latest image has its row, that every image has its
event and every event its actor. Set-based: one query a table, and one pass over the log for each of the rest."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connections, transaction

from audit import context
from audit.watched import declared

SHOWN = 100
NEWEST = 10

# The same spelling of values as audit_capture() uses, and one moment for all tables.
_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
_SPELLING = (
    "SET LOCAL TimeZone = 'UTC'; SET LOCAL bytea_output = 'hex'; SET LOCAL IntervalStyle = 'postgres'; "
    "SET LOCAL extra_float_digits = 1; SET LOCAL jit = off"
)

_COMPARE = """
WITH live AS (
    SELECT t.{key}::text AS row_key,
           audit_image(to_jsonb(t), (to_jsonb(t) ->> 'salt')::bytea, %(personal)s::text[], %(secret)s::text[]) AS image
    FROM {table} t
), logged AS (
    SELECT row_key, image FROM (
        SELECT DISTINCT ON (row_key) row_key, op, image
        FROM audit_row WHERE table_name = %(table)s ORDER BY row_key, id DESC) latest
    WHERE op <> 'D'
)
SELECT count(live.row_key), count(logged.row_key),
       count(*) FILTER (WHERE live.image IS DISTINCT FROM logged.image),
       to_jsonb((array_agg(jsonb_build_object(
            'key', coalesce(live.row_key, logged.row_key),
            'kind', CASE WHEN live.row_key IS NULL THEN 'no row' WHEN logged.row_key IS NULL THEN 'no image'
                    ELSE 'differs' END,
            'columns', CASE WHEN live.row_key IS NULL OR logged.row_key IS NULL THEN '[]'::jsonb ELSE (
                SELECT jsonb_agg(name ORDER BY name) FROM jsonb_object_keys(live.image || logged.image) AS name
                WHERE live.image -> name IS DISTINCT FROM logged.image -> name) END))
        FILTER (WHERE live.image IS DISTINCT FROM logged.image))[1:%(shown)s])
FROM live FULL JOIN logged USING (row_key)
"""

# A row as a statement found it that is not as the statement before left it: changed in between, behind the log's back.
# Columns that a migration has changed since cannot be compared; the log's events about the table name them.
_HISTORY = """
SELECT row_key, id, array(
           SELECT b.key FROM jsonb_each(before) AS b
           WHERE found ? b.key AND found -> b.key <> b.value AND NOT EXISTS (
               SELECT FROM audit_event e WHERE e.subject_kind = 'table' AND e.subject_key = %(table)s
               AND e.at >= at_before AND e.facts -> 'changed' ? b.key)
           ORDER BY b.key) AS columns, op, op_before
FROM (SELECT id, row_key, op, image || coalesce(was, '{}') AS found,
             lag(op) OVER one_row AS op_before, lag(at) OVER one_row AS at_before, lag(image) OVER one_row AS before
      FROM audit_row WHERE table_name = %(table)s WINDOW one_row AS (PARTITION BY row_key ORDER BY id)) step
WHERE CASE op WHEN 'B' THEN false WHEN 'I' THEN op_before <> 'D'
      ELSE coalesce(op_before, 'D') = 'D' OR found <> before END
ORDER BY id
"""

_WATCHED = "SELECT table_name, key, personal, secret, enabled FROM audit_watched() ORDER BY table_name"

# Every part of the log must refuse UPDATE, DELETE and TRUNCATE.
_UNGUARDED = """
SELECT part.relid::text FROM (VALUES ('audit_event'::regclass), ('audit_row'::regclass)) AS log (name),
     pg_partition_tree(log.name) AS part
WHERE (SELECT count(*) FROM pg_trigger t
       WHERE t.tgrelid = part.relid AND t.tgname IN ('audit_append_only', 'audit_no_truncate')
         AND t.tgfoid = 'audit_refuse()'::regprocedure AND t.tgenabled = 'A') < 2
ORDER BY 1
"""

_OF_THESE = "(%(tables)s::text[] IS NULL OR table_name = ANY (%(tables)s::text[]))"
_UNEXPLAINED = f"""
SELECT table_name, row_key, op::text, at, session_user_name, secrets, count(*) OVER () FROM audit_row
WHERE event_id IS NULL AND {_OF_THESE} ORDER BY id DESC LIMIT %(shown)s
"""  # noqa: S608 - ours

# Images whose event is not there, or is of another transaction, and so was put in its place.
_MISSING_EVENTS = f"""
SELECT r.event_id, count(*), min(r.table_name), count(*) OVER ()
FROM (SELECT event_id, txid, table_name FROM audit_row WHERE event_id IS NOT NULL AND {_OF_THESE}) r
LEFT JOIN audit_event e ON e.id = r.event_id AND e.txid = r.txid
WHERE e.id IS NULL GROUP BY r.event_id ORDER BY r.event_id DESC LIMIT %(shown)s
"""  # noqa: S608 - ours

# Actors of events that are neither a citizen nor the system nor any account that the log has ever seen.
_UNKNOWN_ACTORS = """
SELECT by.kind, by.key, by.events, by.last, count(*) OVER ()
FROM (SELECT actor_kind AS kind, actor_key AS key, count(*) AS events, max(id) AS last
      FROM audit_event GROUP BY actor_kind, actor_key) AS by
LEFT JOIN (SELECT image ->> %(name)s AS key FROM audit_row WHERE table_name = %(accounts)s
           UNION SELECT was ->> %(name)s FROM audit_row WHERE table_name = %(accounts)s) AS account
    ON by.kind = 'user' AND account.key = by.key
WHERE account.key IS NULL AND (by.kind, by.key) NOT IN (VALUES (%(citizen)s, ''), (%(system)s, ''))
ORDER BY by.last DESC LIMIT %(shown)s
"""


@dataclass
class Difference:
    """One row that differs from what the log says. It names columns, never values."""

    key: str
    kind: str
    columns: list[str] = field(default_factory=list)
    image: int | None = None
    """The log's row before which it was changed unseen."""


@dataclass
class TableReport:
    table: str
    rows: int = 0
    images: int = 0
    differences: int = 0
    shown: list[Difference] = field(default_factory=list)
    fault: str = ""

    @property
    def ok(self) -> bool:
        return not self.differences and not self.fault


@dataclass
class Unexplained:
    """A change of a row that no event explains."""

    table: str
    key: str
    op: str
    at: datetime
    session_user: str
    secrets: list[str] | None = None
    """Secret columns that changed with it."""


@dataclass
class MissingEvent:
    """An event that images point to and that does not exist, or was written afterwards."""

    event: int
    images: int
    table: str
    """One of the tables."""


@dataclass
class UnknownActor:
    """An actor of events who never had an account."""

    kind: str
    key: str
    events: int
    last_event: int


@dataclass
class Report:
    tables: list[TableReport]
    unguarded: list[str]
    unexplained: int
    newest_unexplained: list[Unexplained]
    missing_events: int
    newest_missing_events: list[MissingEvent]
    unknown_actors: int
    newest_unknown_actors: list[UnknownActor]

    @property
    def ok(self) -> bool:
        counted = self.unexplained or self.missing_events or self.unknown_actors
        return not self.unguarded and not counted and all(table.ok for table in self.tables)

    def as_json(self) -> dict[str, Any]:
        return {"ok": self.ok, **asdict(self)}


def verify(*only: str, using: str = "default") -> Report:
    """Compares all watched tables (or only those named) with the log as of one moment, beside a running application.

    Who acted is asked of the whole log, whatever the tables.
    """
    connection = connections[using]
    missing = set(only or declared())
    with transaction.atomic(using), connection.cursor() as cursor:
        if len(connection.savepoint_ids) == 0:  # a test's own transaction has begun already
            cursor.execute(_SNAPSHOT)
        cursor.execute(_SPELLING)
        cursor.execute(_WATCHED)
        watched = [row for row in cursor.fetchall() if not only or row[0] in only]
        tables = [_compare(cursor, connection, *row) for row in watched]
        missing -= {table.table for table in tables}
        tables += [TableReport(name, fault="no trigger watches it") for name in sorted(missing)]
        cursor.execute(_UNGUARDED)
        unguarded = [name for (name,) in cursor.fetchall()]
        unexplained = _counted(cursor, _UNEXPLAINED, Unexplained, tables=list(only) or None)
        missing_events = _counted(cursor, _MISSING_EVENTS, MissingEvent, tables=list(only) or None)
        unknown_actors = _counted(cursor, _UNKNOWN_ACTORS, UnknownActor, **_accounts())
    return Report(tables, unguarded, *unexplained, *missing_events, *unknown_actors)


def _counted(cursor: Any, sql: str, kind: type[Any], **values: Any) -> tuple[int, list[Any]]:
    """Returns how many there are, as the last column says, and the newest of them."""
    cursor.execute(sql, values | {"shown": NEWEST})
    found = cursor.fetchall()
    return (found[0][-1] if found else 0), [kind(*row[:-1]) for row in found]


def _accounts() -> dict[str, str]:
    """Returns the table and column of accounts' names, and the kinds of actors that have no account."""
    accounts = get_user_model()
    name: Any = accounts._meta.get_field(accounts.USERNAME_FIELD)
    return {
        "accounts": accounts._meta.db_table,
        "name": name.column,
        "citizen": context.CITIZEN.kind,
        "system": context.SYSTEM.kind,
    }


def _compare(
    cursor: Any, connection: Any, table: str, key: str, personal: list[str], secret: list[str], enabled: bool
) -> TableReport:
    quote = connection.ops.quote_name
    sql = _COMPARE.format(table=quote(table), key=quote(key))
    cursor.execute(sql, {"table": table, "personal": personal, "secret": secret, "shown": SHOWN})
    rows, images, differences, shown = cursor.fetchone()
    gaps = _gaps_in_history(cursor, table)
    return TableReport(
        table,
        rows,
        images,
        differences + len(gaps),
        ([Difference(**one) for one in json.loads(shown or "[]")] + gaps)[:SHOWN],
        "" if enabled else "its triggers are switched off or incomplete",
    )


def _gaps_in_history(cursor: Any, table: str) -> list[Difference]:
    cursor.execute(_HISTORY, {"table": table})
    return [
        Difference(key, "changed unseen", [] if op == "I" else columns, image)
        for key, image, columns, op, op_before in cursor.fetchall()
        if columns or op == "I" or op_before in (None, "D")  # else only columns differ that a migration changed
    ]
