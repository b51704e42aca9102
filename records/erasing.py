"""Erasure of a person from the records of any kind, as far as copies of records must know of it."""

from collections.abc import Callable
from typing import Any, Protocol

from django.db import connection

LOCK = "SELECT pg_advisory_xact_lock%s(hashtextextended('erasure', 0))"
Mark = tuple[Any, ...]


class ErasedWords(Protocol):
    """What the erased record said, and who was named in it."""

    def are_sought_by(self, typed: str) -> bool:
        """Whether a search for these words was a search for this record."""


_copies: list[Callable[[ErasedWords], None]] = []
_marks: list[str] = []


def register_copies(forget: Callable[[ErasedWords], None]) -> None:
    """Registers how a keeper of copies takes them back; it is called in the erasure's transaction."""
    _copies.append(forget)


def register_erasures(statement: str) -> None:
    """Registers the statement of a kind whose records are erased; its row differs after every erasure."""
    _marks.append(statement)


def forget_copies(words: ErasedWords) -> None:
    """Has all keepers take back their copies of an erased record."""
    for forget in _copies:
        forget(words)


def lock() -> None:
    """Waits for other erasures, and keeps others and readers of the mark waiting until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK % "")


def erased_so_far(cursor: Any) -> Mark:
    """A mark that differs after every erasure; what was read under another mark may hold what is erased now."""
    found: list[Any] = []
    for statement in _marks:
        cursor.execute(statement)
        found += cursor.fetchone()
    return tuple(found)


def erased_by_now() -> Mark:
    """The mark, after waiting for erasures under way; none begins until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK % "_shared")
        return erased_so_far(cursor)
