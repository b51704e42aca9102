"""Keeps a record's own dates in step with its obligations, after every change of one, whatever made it.

No act has to think of it: the engine says that an obligation changed, and the record's kind does the rest.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from responsibility.models import Obligation
from responsibility.subjects import adapter, kinds

_changed: ContextVar[set[tuple[str, int]] | None] = ContextVar("changed", default=None)


def obligation_changed(obligation: Obligation) -> None:
    """Has the record follow an obligation that was changed. A leader's duty to answer is no date of the record."""
    if obligation.escalation_id is not None or obligation.subject_kind not in kinds():
        return
    together = _changed.get()
    if together is None:
        adapter(obligation.subject_kind).follow_obligations(obligation.subject_id)
    else:
        together.add((obligation.subject_kind, obligation.subject_id))


@contextmanager
def follow_once(record: Any = None) -> Iterator[None]:
    """Has each record follow once, at the end of the outermost of these, whatever is changed inside: between closing
    one obligation and opening the next none may be open. `record` is one in memory that is saved afterwards."""
    if _changed.get() is not None:
        yield
        return
    found: set[tuple[str, int]] = set()
    before = _changed.set(found)
    try:
        yield
    finally:
        _changed.reset(before)
    for kind, pk in sorted(found):
        adapter(kind).follow_obligations(pk, record)
