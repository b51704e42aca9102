"""Columns of a kind of record: one declaration gives a list's cells, a row of REST and a column of the export.

`value` reads one record in Python, for pages and REST; `source` says the same to the database, for files of any length.
"""

import json
from collections.abc import Callable, Collection, Hashable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from functools import cached_property
from typing import Any

from django.db.models import Case, F, Func, Q, TextField, Value, When
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from rest_framework.fields import Field

from massline.html import escaped
from massline.time import today
from records.highlight import marked
from records.search import SearchQuery
from responsibility import deadlines
from responsibility.calendar import Calendar, calendar
from responsibility.people import names_in

Words = Mapping[Any, Any] | Callable[[], Mapping[Any, Any]]
_NUMBER = "the-number"
"""Takes a record's place in the pattern of an address; a slug, as every number is."""


class CellType(Enum):
    """The type of a cell in a file."""

    TEXT = "text"
    """Written by people, or by them in part: a table program might take it for a formula."""
    CODE = "code"
    """From a closed list, or made by the system."""
    NUMBER = "number"
    TIME = "time"


class Reading:
    """Shared by the rows of one answer: the moment, what is searched for, the handlers' names."""

    def __init__(self, records: Collection[Any], now: datetime, query: SearchQuery | None = None) -> None:
        self.records, self.now, self.query = records, now, query
        self._lights: dict[tuple[datetime, datetime], str] = {}
        self._addresses: dict[str, str] = {}

    @cached_property
    def calendar(self) -> Calendar:
        return calendar()

    @property
    def words(self) -> tuple[str, ...]:
        """The words that are searched for."""
        return self.query.words if self.query else ()

    def title(self, title: str) -> SafeString | str:
        """Marks in a title what is searched for, also what only sounds so."""
        return marked(title, self.query.words + self.query.heard_in(title)) if self.query else title

    def light(self, opened_at: datetime, strict_at: datetime | None) -> str:
        """Returns the traffic light of an obligation from then to then; many records of a page share both."""
        if strict_at is None:
            return "none"
        if (opened_at, strict_at) not in self._lights:
            self._lights[opened_at, strict_at] = deadlines.light(opened_at, strict_at, self.now, self.calendar)
        return self._lights[opened_at, strict_at]

    def link(self, kind: str, number: str, text: Any) -> SafeString:
        """Writes a link to a record's page. Its address is looked up once for all rows: `reverse` costs more than a
        row's cells."""
        if kind not in self._addresses:
            self._addresses[kind] = reverse(kind, args=[_NUMBER])
        address = self._addresses[kind].replace(_NUMBER, number)
        return SafeString(f'<a href="{escaped(address)}">{escaped(text)}</a>')

    @cached_property
    def holders(self) -> Mapping[int | None, str]:
        """The names of these records' handlers of today, by post."""
        return names_in({record.handler_id for record in self.records}, today())


@dataclass(frozen=True)
class Cell:
    """How a list shows a column."""

    show: Callable[[Any, Reading], Any] | None = None
    """Text, which is escaped, or safe HTML; the column's value where nothing else is said."""
    css: str = ""
    labelled: bool = True
    """Whether a narrow screen, where rows become cards, says the heading before it."""
    tooltip: Callable[[Any, Reading], str] | None = None
    key: Callable[[Any, Reading], Hashable] | None = None
    """What alone it depends on: records with the same key show the same, which is then made once a page."""


@dataclass(frozen=True)
class Column:
    """One column. A part that is not declared is not there: no cell, not in REST, not exported."""

    name: str
    """In REST and in files."""
    heading: Any = ""
    value: Callable[[Any, Reading], Any] | None = None
    cell: Cell | None = None
    field: Field[Any, Any, Any, Any] | None = None
    """What it is in REST."""
    source: Any = None
    """Its expression for the export, or how to make it at a moment."""
    type: CellType = CellType.TEXT
    personal: bool = False
    """Exported only when it was asked for with a reason."""
    sealed: bool = False
    """Exported like a personal one, opened row by row by the kind's `Seal`; `source` is where it lies."""
    shown: Callable[[Any], Any] | None = None
    """What leaves, made of what the database has."""

    @property
    def exported(self) -> bool:
        return self.source is not None

    def at(self, now: datetime) -> "Column":
        """Returns the column with its expression for this moment."""
        return replace(self, source=self.source(now)) if callable(self.source) else self


def row_of(columns: Collection[Column], record: Any, reading: Reading) -> dict[str, Any]:
    """Builds a row of REST."""
    return {c.name: c.value(record, reading) for c in columns if c.field is not None and c.value is not None}


def fields_of(columns: Collection[Column]) -> dict[str, Field[Any, Any, Any, Any]]:
    """Returns the fields of such a row, for its schema; copies, which a serializer may take for its own."""
    return {c.name: deepcopy(c.field) for c in columns if c.field is not None}


def named(columns: Collection[Column], *names: str) -> tuple[Column, ...]:
    """Returns the columns of these names, in this order."""
    found = {column.name: column for column in columns}
    return tuple(found[name] for name in names)


class LocalTime(Func):
    """An instant as the clock shows it where the session is (exports: Shanghai), to the second."""

    template = "(date_trunc('second', %(expressions)s::timestamp))"
    output_field = TextField()


class LastDay(Func):
    """The last day of a day rule, the instant of an hour rule, as `Obligation.due_strict` shows it; on the clock of the
    session, as well."""

    template = (
        "(CASE WHEN %(expressions)s::time = '00:00' THEN (%(expressions)s::date - 1)::text"
        " ELSE left(%(expressions)s::text, 16) END)"
    )
    output_field = TextField()


def json_of(words: Mapping[Any, Any]) -> Value:
    """Returns words by their codes, in the active language, as JSON."""
    return Value(json.dumps({str(code): str(word) for code, word in words.items()}, ensure_ascii=False))


class Word(Coalesce):
    """The word for a code; the code itself where there is none."""

    def __init__(self, source: Any, words: Mapping[Any, Any]) -> None:
        code = Cast(source, TextField())
        found = Func(
            json_of(words), code, template="(%(expressions)s)", arg_joiner="::jsonb ->> ", output_field=TextField()
        )
        super().__init__(found, code, output_field=TextField())


def text(name: str, heading: Any, source: Any, **more: Any) -> Column:
    """Returns a column of text written by people, or by them in part."""
    return Column(name, heading, source=source, **more)


def code(name: str, heading: Any, source: Any, words: Words | None = None, **more: Any) -> Column:
    """Returns a column of codes from a closed list or made by the system; with words, files have those of the reader's
    language."""
    said = source if words is None else lambda now: Word(source, words() if callable(words) else words)
    return Column(name, heading, source=said, type=CellType.CODE, **more)


def time(name: str, heading: Any, source: str, **more: Any) -> Column:
    return Column(name, heading, source=LocalTime(F(source)), type=CellType.TIME, **more)


def last_day(name: str, heading: Any, source: str, **more: Any) -> Column:
    return Column(name, heading, source=LastDay(F(source)), type=CellType.CODE, **more)


def number(name: str, heading: Any, source: Any, **more: Any) -> Column:
    return Column(name, heading, source=source, type=CellType.NUMBER, **more)


def boolean(name: str, heading: Any, true: Q | Callable[[datetime], Q], **more: Any) -> Column:
    """Returns a column of yes or no in files; what is true may depend on the moment."""

    def source(now: datetime) -> Case:
        holds = true(now) if callable(true) else true
        return Case(When(holds, then=Value(str(_("是")))), default=Value(str(_("否"))), output_field=TextField())

    return Column(name, heading, source=source, type=CellType.CODE, **more)


def personal(name: str, heading: Any, source: Any, **more: Any) -> Column:
    return Column(name, heading, source=source, personal=True, **more)
