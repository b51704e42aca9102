"""Builds rows of REST from columns: those of every kind, and those that this kind adds or puts in their place."""

from collections.abc import Callable, Collection
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers as s

from massline.rest_shapes import Serializer, component
from records.columns import Column, Reading, fields_of, row_of
from records.kinds import RecordType
from responsibility.models import Obligation
from responsibility.presentation import light_of
from responsibility.subjects import Described


class RowReading(Reading):
    """Shared by the rows of one answer: the obligations about the records, read at once."""

    def __init__(self, kind: RecordType, records: Collection[Any], now: datetime) -> None:
        super().__init__(records, now)
        self.kind = kind
        self._described: dict[int, Described] = {}

    @cached_property
    def owed(self) -> dict[int, Obligation]:
        """The open obligation of each record that is due first."""
        pks = [record.pk for record in self.records]
        found = Obligation.objects.open().filter(subject_kind=self.kind.kind, subject_id__in=pks)
        return {one.subject_id: one for one in found.select_related("post").order_by("-due_at", "-pk")}

    def described(self, record: Any) -> Described:
        """Returns the record as its kind describes it."""
        if record.pk not in self._described:
            self._described[record.pk] = self.kind.describe(record)
        return self._described[record.pk]


def _received_at(record: Any, reading: Any) -> datetime | None:
    """Returns when it was received; when it was opened, where nothing is received."""
    return getattr(record, "received_at", None) or getattr(record, "opened_at", None)


def _number(record: Any, reading: Any) -> str:
    return str(reading.kind.number_of(record))


def _described(name: str) -> Callable[[Any, Any], str]:
    """Reads the kind's description of a record under this name."""

    def read(record: Any, reading: Any) -> str:
        return str(getattr(reading.described(record), name))

    return read


def _handler(record: Any, reading: Any) -> str:
    owed = reading.owed.get(record.pk)
    return reading.described(record).handler or (owed.post.name if owed else "")


def _of_owed(value: Callable[[Obligation, datetime], Any], otherwise: Any = None) -> Callable[[Any, Any], Any]:
    """Reads a value of the obligation that is due first; another value where none is open."""

    def read(record: Any, reading: Any) -> Any:
        owed = reading.owed.get(record.pk)
        return value(owed, reading.now) if owed else otherwise

    return read


COMMON = (
    Column("number", value=_number, field=s.CharField()),
    Column("title", value=_described("title"), field=s.CharField()),
    Column("state", value=lambda record, reading: record.state, field=s.CharField()),
    Column("state_label", value=_described("state_label"), field=s.CharField()),
    Column("organ", value=lambda record, reading: record.organ.code, field=s.CharField(help_text=_("单位代码"))),
    Column("organ_name", value=_described("organ"), field=s.CharField()),
    Column("handler", value=_handler, field=s.CharField(help_text=_("经办岗位"))),
    Column("received_at", value=_received_at, field=s.DateTimeField(allow_null=True)),
    Column("due_strict", value=_of_owed(lambda owed, now: owed.due_strict), field=s.DateField(allow_null=True)),
    Column("due_legal", value=_of_owed(lambda owed, now: owed.due_legal), field=s.DateField(allow_null=True)),
    Column("overdue", value=_of_owed(lambda owed, now: owed.is_overdue(now), False), field=s.BooleanField()),
    Column("light", value=_of_owed(light_of, "none"), field=s.CharField()),
)
"""What a row of every kind has at least. A kind that says one of these in another way has a column of that name with a
field of its own; one whose records have no `organ` must."""


def _columns_of(kind: RecordType) -> tuple[Column, ...]:
    own = fields_of(kind.columns)
    return (*(column for column in COMMON if column.name not in own), *kind.columns)


def rows_of(kind: RecordType, records: Collection[Any], now: datetime) -> list[dict[str, Any]]:
    """Returns the rows of these records, in a fixed number of statements."""
    reading, columns = RowReading(kind, records, now), _columns_of(kind)
    return [row_of(columns, record, reading) for record in records]


def state_field(kind: RecordType) -> s.Field[Any, Any, Any, Any]:
    """Returns the field of a state of this kind; any text where its model has no choices."""
    return s.ChoiceField(choices=kind.states) if kind.states else s.CharField()


def row_component(kind: RecordType, name: str) -> type[Serializer]:
    """Returns the component of such a row."""
    fields = fields_of(COMMON) | {"state": state_field(kind)} | fields_of(kind.columns)
    return component(f"{name}Row", fields, doc="One line of the list.")
