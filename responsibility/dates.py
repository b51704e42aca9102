"""A record's own dates follow what is owed about it: after every change of an obligation, whatever made it.

Nobody who changes an obligation has to think of it: the engine says that it moved, and the record's kind does the rest.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from responsibility.models import Obligation
from responsibility.subjects import adapter, kinds

_moved: ContextVar[set[tuple[str, int]] | None] = ContextVar("moved", default=None)


def moved(obligation: Obligation) -> None:
    """What is open about the record, or until when, is not what it was. A leader's duty to answer is no date of it."""
    if obligation.escalation_id is not None or obligation.subject_kind not in kinds():
        return
    together = _moved.get()
    if together is None:
        adapter(obligation.subject_kind).dates_moved(obligation.subject_id)
    else:
        together.add((obligation.subject_kind, obligation.subject_id))


@contextmanager
def once_each(record: Any = None) -> Iterator[None]:
    """However much is changed inside, each record follows once, at the end of the outermost of these: between closing
    one thing and opening the next nothing may be owed. `record` is one in memory that is saved afterwards."""
    if _moved.get() is not None:
        yield
        return
    found: set[tuple[str, int]] = set()
    before = _moved.set(found)
    try:
        yield
    finally:
        _moved.reset(before)
    for kind, pk in sorted(found):
        adapter(kind).dates_moved(pk, record)
