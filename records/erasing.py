"""Erasure of a person from the records of any kind, as far as copies of records must know of it."""

from collections.abc import Callable
from typing import Any, Protocol

from django.db import connection

LOCK = "SELECT pg_advisory_xact_lock%s(hashtextextended('erasure', 0))"
Mark = tuple[Any, ...]


class ErasedWords(Protocol):
    """What the erased record said, and who was named in it."""

    def are_sought_by(self, typed: str) -> bool:
        """Whether somebody searched for this record."""


_copies: list[Callable[[ErasedWords], None]] = []
_marks: list[str] = []


def register_copies(forget: Callable[[ErasedWords], None]) -> None:
    """Whoever keeps copies of records says here how they are taken back; it runs in the erasure's transaction."""
    _copies.append(forget)


def register_erasures(statement: str) -> None:
    """A kind whose records are erased gives one statement, whose row differs after every erasure."""
    _marks.append(statement)


def forget_copies(words: ErasedWords) -> None:
    for forget in _copies:
        forget(words)


def lock() -> None:
    """Nothing else is erased until the end of the transaction, and nobody reads the mark meanwhile."""
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
    """The same, where no erasure is on its way until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK % "_shared")
        return erased_so_far(cursor)
