"""Tells keepers of copies (exports, caches) that a person was erased from records of any kind."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from django.db import connection

from audit.erase import clear
from records import texts_elsewhere
from records.texts_elsewhere import Rows

LOCK = "SELECT pg_advisory_xact_lock%s(hashtextextended('erasure', 0))"
Mark = tuple[Any, ...]


class ErasedWords(Protocol):
    """The words and names of an erased record."""

    def are_sought_by(self, typed: str) -> bool:
        """Tells whether a search for these words was a search for this record."""


_copies: list[Callable[[ErasedWords], None]] = []
_marks: list[str] = []
_own_rows: list[tuple[Callable[[Any], Iterable[Rows] | None], Callable[[Any], None]]] = []


def register_copies(forget: Callable[[ErasedWords], None]) -> None:
    """Registers a function that withdraws copies; it is called in the erasure's transaction."""
    _copies.append(forget)


def register_erasures(statement: str) -> None:
    """Registers the statement of a kind whose records are erased; its row differs after every erasure."""
    _marks.append(statement)


def register_own_rows(
    own: Callable[[Any], Iterable[Rows] | None], further: Callable[[Any], None] = lambda record: None
) -> None:
    """Registers the function that returns a kind's own rows with words about a record (None for a kind that it does not
    know), and the one that deletes what the kind keeps besides."""
    _own_rows.append((own, further))


def own_rows(record: Any) -> list[Rows]:
    """Returns the kind's own rows with words about a record: its own row where nothing else was registered."""
    for own, _further in _own_rows:
        if (found := own(record)) is not None:
            return list(found)
    return [type(record)._default_manager.filter(pk=record.pk)] if type(record).audit.personal else []


def empty(record: Any) -> None:
    """Empties all words and files of a record and of what exists because of it, in the transaction and under the event
    of the erasure."""
    for rows in own_rows(record):
        clear(rows)
    for _own, further in _own_rows:
        further(record)
    texts_elsewhere.empty_about(record.matter.kind, record.pk)


def forget_copies(words: ErasedWords) -> None:
    """Withdraws all copies of an erased record."""
    for forget in _copies:
        forget(words)


def lock() -> None:
    """Locks out other erasures and readers of the mark until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK % "")


def erased_so_far(cursor: Any) -> Mark:
    """Returns a mark that differs after every erasure; what was read under another mark may hold what is erased now."""
    found: list[Any] = []
    for statement in _marks:
        cursor.execute(statement)
        found += cursor.fetchone()
    return tuple(found)


def erased_by_now() -> Mark:
    """Returns the mark, after waiting for erasures under way; none begins until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK % "_shared")
        return erased_so_far(cursor)
