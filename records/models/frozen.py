"""Which records are frozen (冻结) because of a spill: they exist for nobody, wherever they are looked for.

Every `for_user` excludes them: that of `RecordQuerySet` for the kinds that extend it, and every other by `not_frozen`.
A shared test looks for a frozen record of every kind.
"""

from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

FROZEN = "frozen"


def _spills() -> Any:
    """Returns the frozen ones; by name, for the model lies above the querysets."""
    return apps.get_model("records", "Spill")._default_manager.filter(state=FROZEN)


def not_frozen(kind: str, record: str = "pk") -> Q:
    """Builds the condition for records of a kind that are not frozen; `record` leads from the row to its id."""
    return ~Q(Exists(_spills().filter(source_kind=kind, source_id=OuterRef(record))))


def source_not_frozen() -> Q:
    """Builds the same condition for records that exist because of another one (`WithSource`)."""
    same = {"source_kind": OuterRef("source_kind"), "source_id": OuterRef("source_id")}
    return ~Q(Exists(_spills().filter(**same)))


def is_frozen(kind: str, pk: int) -> bool:
    """Tells whether this one record is frozen."""
    return bool(_spills().filter(source_kind=kind, source_id=pk).exists())
