"""Converts rows of an export on their way out: codes become words, sealed cells are unsealed."""

from array import array
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import F
from django.db.models.expressions import RawSQL

from audit import log
from audit.log import Subject
from records.columns import Column
from records.exporting import Seal
from records.kinds import record_type
from reports.export_kinds import ExportKind

RECORD = "SELECT count(audit_record(%s, %s, %s, opened.number_, %s, %s, %s, %s, %s, %s, %s)) FROM ({}) opened"


class Unsealer:
    """Converts rows one by one, and remembers the records of which a sealed cell was unsealed."""

    def __init__(self, columns: Sequence[Column], export_kind: ExportKind | None = None) -> None:
        self.kind, self.seal = (export_kind.kind, export_kind.seal) if export_kind else ("", None)
        self.sealed = {place: column.name for place, column in enumerate(columns) if column.sealed}
        self.shown = [(place, column.shown) for place, column in enumerate(columns) if column.shown]
        self.opened = array("q")

    @property
    def is_needed(self) -> bool:
        return bool(self.sealed or self.shown)

    def __call__(self, row: Sequence[Any]) -> list[Any]:
        cells = list(row)
        for place, shown in self.shown:
            cells[place] = shown(cells[place])
        return self._unsealed(self.seal, cells) if self.seal and self.sealed else cells

    def _unsealed(self, seal: Seal, row: list[Any]) -> list[Any]:
        *cells, key, pk = row
        if key is not None:
            self.opened.append(pk)
        clear = seal.open(key, {name: cells[place] for place, name in self.sealed.items()})
        for place, name in self.sealed.items():
            cells[place] = clear[name]
        return cells

    def record(self, fields: Sequence[str]) -> None:
        """Records an event for each of these records: a citizen who asks who saw their name finds it on the
        timeline."""
        if self.seal is None or not self.opened:
            return
        declared = record_type(self.kind)
        ids = RawSQL("SELECT unnest(%s::bigint[])", [list(self.opened)])
        found = declared.model._base_manager.filter(pk__in=ids).annotate(number_=F(declared.number))
        sql, given = found.order_by().values("number_").distinct().query.sql_with_params()
        facts = {"fields": [name for name in fields if name in self.sealed.values()]}
        event, public, about, _key, *rest = log.event_arguments(
            self.seal.event, subject=Subject(self.kind, ""), facts=facts
        )
        with connection.cursor() as cursor:
            cursor.execute(RECORD.format(sql), [event, public, about, *rest, *given])
