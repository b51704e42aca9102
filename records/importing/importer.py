"""What a kind declares so that rows kept elsewhere can become its records."""

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
    """Something that a row can say."""

    name: str
    label: Any
    aliases: tuple[str, ...] = ()
    """What its column may be called without a mapping; the first that a sheet has is taken."""
    required: bool = False
    most: int | None = None
    """Characters."""
    several_lines: bool = False
    choices: type[models.TextChoices] | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    """Words of the ledger and the values that they mean, besides the names of the choices."""
    refused: Mapping[str, Any] = field(default_factory=dict)
    """Values that no row comes in with, and why."""
    default: str | None = None
    """What holds where a row says nothing; None where nothing can be set for all rows."""


@dataclass(frozen=True)
class Shown:
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
    """In the order in which pages offer them. One is called `key`: the number that a row had where it was kept."""
    office_of: Callable[[User], int | None]
    """The office for which a user imports; None: they may not import."""
    judge: Callable[[Reader, User | None], Callable[[Row], Any]]
    """Called once for a sheet, and for the user who imports (None: the server): gives what makes of one row the data of
    a record, or names its faults. Raises BadMapping."""
    write: Callable[[Sequence[Entry], Import], Sequence[int]]
    """Makes the records, in the caller's transaction and by their own events; their ids in the same order."""
    told_apart_by: tuple[str, ...]
    """A row without a number is known by these fields; with one, it is another row when they differ."""
    form: Callable[..., MappingForm]
    """Asks for columns and for what holds where rows say nothing."""
    shown: tuple[Shown, ...]
    notice: NoticeKind | None = None
    """By which people are told, once for all of it, of what was overdue when it came in."""
    taken: Callable[[Import], str] | None = None
    """The address of a list of what came in."""

    @cached_property
    def named(self) -> dict[str, Field]:
        return {one.name: one for one in self.fields}

    @cached_property
    def defaults(self) -> dict[str, str]:
        return {one.name: one.default for one in self.fields if one.default is not None}
