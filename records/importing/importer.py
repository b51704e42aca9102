"""What a kind declares so that rows of an old ledger can become its records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import models

from accounts.models import User
from responsibility.notices import NoticeKind

if TYPE_CHECKING:
    from records.importing.models import Import
    from records.importing.preview import MappingForm
    from records.importing.rows import Entry, Reader, Row

KEY_LENGTH = 64


@dataclass(frozen=True)
class Field:
    """A field of a row: how its column is found, and which values it may have."""

    name: str
    label: Any
    aliases: tuple[str, ...] = ()
    """Names of its column without a mapping; the first that a sheet has is taken."""
    required: bool = False
    most: int | None = None
    """The most characters."""
    several_lines: bool = False
    choices: type[models.TextChoices] | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    """Words of the ledger and the values that they mean, besides the names of the choices."""
    refused: Mapping[str, Any] = field(default_factory=dict)
    """Values with which no row is imported, each with the reason."""
    default: str | None = None
    """The value where a row has none; None where none can be set for all rows."""
    may_be_emptied: bool = False
    """Whether a row may come in without it when it is faulty, if the importer says so."""


@dataclass(frozen=True)
class PreviewColumn:
    """A column of the preview."""

    heading: Any
    show: Callable[[Entry], Any]
    css: str = ""
    tooltip: Callable[[Entry], str] = lambda entry: ""


@dataclass(frozen=True)
class Importer:
    """How rows become records of one kind."""

    address: str
    """The name of the address of its page."""
    fields: tuple[Field, ...]
    """The fields, in the order in which pages offer them. One is called `key`: the number that a row had in its
    ledger."""
    office_of: Callable[[User], int | None]
    """Returns the office for which a user imports; None: they may not import."""
    judge: Callable[[Reader, User | None], Callable[[Row], Any]]
    """Called once for a sheet and the user who imports (None: the server); returns the function that turns a row into
    the data of a record, or names its faults. Raises BadMapping."""
    write: Callable[[Sequence[Entry], Import], Sequence[int]]
    """Creates the records, in the caller's transaction and by their own events; returns their ids in the same order."""
    identity_fields: tuple[str, ...]
    """The fields that identify a row without a number; a row with a known number is another one when they differ."""
    form: Callable[..., MappingForm]
    """The form that asks for columns and defaults."""
    preview_columns: tuple[PreviewColumn, ...]
    notice: NoticeKind | None = None
    """The notice by which people learn, once for the whole import, of what was overdue when it came in."""
    list_url: Callable[[Import], str] | None = None
    """Returns the address of a list of the imported records."""

    @cached_property
    def named(self) -> dict[str, Field]:
        return {one.name: one for one in self.fields}

    @cached_property
    def defaults(self) -> dict[str, str]:
        return {one.name: one.default for one in self.fields if one.default is not None}
