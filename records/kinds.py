"""The declaration of a kind of record, and the registry of all kinds.

A mechanism declares each of its kinds once, in its `desk.py`; pages, REST, lists, exports and the shared tests read the
declaration. This module knows no mechanism by name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any

from django import forms
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from massline.acts import Act, Acts, NotVisible
from records.adapter import RecordAdapter
from records.cards import Card
from records.columns import Column
from records.documents.document import Document
from records.exporting import Exported
from records.figures.bulletin import Bulletin
from records.figures.indicators import FigureSet
from records.importing.importer import Importer
from records.listing import Listing
from records.obligations import obligations_of
from records.ordered import OrderedItems
from records.rest.side import AS_DECLARED, RestSide
from responsibility import content_classes, readers, subjects
from responsibility.models import Organ
from responsibility.presentation import ObligationRow
from responsibility.subjects import Described

NOT_THERE = _("没有这一件，或者它不在您的职责范围内")
CITIZEN = _("群众")


@dataclass(frozen=True)
class Create:
    """How officials enter a record of a kind: one form and one permission, for pages, REST and other kinds alike."""

    form: type[forms.BaseForm]
    may: Callable[[User], bool]
    """Who may enter one."""
    make: Callable[[dict[str, Any], User, datetime], Any]
    """The record, from what a valid form holds; writes its event first. Raises Invalid for what only it can find."""
    given: Callable[[User], Mapping[str, Any]] = lambda user: {}
    """What the form takes besides what was sent."""
    sources: frozenset[str] = frozenset()
    """The kinds of record from which one can be opened."""
    receiver: Callable[[Any], Organ | None] | None = None
    """The organ that decides when an official who may not enter one proposes it (提请) because of this source; None
    where nothing can be proposed because of it. Without it, nothing ever can."""
    suggested: Mapping[str, str] = field(default_factory=dict)
    """The form's fields that begin with what was proposed: `title` or `words`, by the name of the field."""
    reveals: tuple[str, ...] = ()
    """Attributes that `make` leaves on the record for the answer to it alone: no row keeps them."""
    after: Callable[[HttpRequest, Any], HttpResponse] | None = None
    """The page that shows these; without it, the new record's."""

    def __post_init__(self) -> None:
        if self.receiver and self.reveals:
            raise ValueError("what is revealed once has no place on the page of a proposal")

    def build_form(self, data: Mapping[str, Any] | None, user: User) -> forms.BaseForm:
        """The form for this person, bound to what they sent."""
        return self.form(data, **self.given(user))  # type: ignore[call-arg]


@dataclass(frozen=True)
class BulkAct:
    """An act that can be done to many records of a kind at once."""

    act: Act
    form: Callable[[Mapping[str, Any] | None, User], forms.BaseForm]
    """What is asked once for all of them; what it leaves out is as the act's own form proposes for each."""
    may: Callable[[User], bool]
    """Whose posts can do it."""
    already_done: Callable[[Any, Mapping[str, Any]], bool]
    """Whether a record is already as the act, with what was sent, would leave it."""
    hint: Any = ""
    """What the user should know before (lazy)."""


def describe(record: Any) -> Described:
    """What a record's own columns say of it; where it has no title, its kind's is shown."""
    return Described(
        title=getattr(record, "title", "") or str(title_of(record.KIND)),
        url=reverse(record.KIND, args=[record.number]),
        state_label=record.get_state_display(),
        category=content_classes.name(record.category) if record.category else "",
        organ=record.organ.name,
        handler=record.handler.name if record.handler else "",
    )


@dataclass(frozen=True)
class RecordType:
    """One kind of record: what it is called, what can happen to it, and how lists, pages and REST show it."""

    kind: str
    """Its name in the log, in obligations and in REST: `petition`."""
    plural: str
    """Its part of addresses: `/desk/petitions/`, `/api/v1/petitions/`."""
    title: Any
    """What one is called (lazy)."""
    model: type[models.Model]
    """A `records.models.Record`; or another `Accountable` with `objects.for_user(user)` and `roles_of`."""
    acts: Acts
    """What officials can do to it."""
    final: frozenset[str]
    """The states in which nothing is owed any more."""
    columns: tuple[Column, ...]
    """What lists, rows of REST and exports say of one."""
    listing: Listing
    describe: Callable[[Any], Described] = describe
    """One as lists of the shared parts and the head of its page show it."""
    adapter: Callable[["RecordType"], subjects.Adapter] = RecordAdapter
    """How the chain, the clock, the inbox and the leaders' desk see its records."""
    ordered: tuple[OrderedItems, ...] = ()
    """Where the words of orders stand, rule by rule."""
    number: str = "number"
    """The lookup from the model to the number that people know it by."""
    citizen: Any = CITIZEN
    """What its pages call a person from outside who acts on one (lazy)."""
    menu: Callable[[User], bool] = lambda user: True
    """Who finds it in the menu and among the kinds of REST."""
    exported: Exported | None = None
    """What of it leaves in files; without it nothing does."""
    bulk: tuple[BulkAct, ...] = ()
    """What can be done to many at once."""
    whole: Callable[[Any], models.QuerySet[Any]] = lambda found: found.model.with_joined(found)  # type: ignore[no-any-return]
    """Reads with a record what its page and its answer show of it; what its model names (`JOINED`)."""
    not_there: Any = NOT_THERE
    """The message for a number that does not exist for the user."""
    obligations: Callable[[Any], list[ObligationRow]] = obligations_of
    """What is or was owed about one, what is open first."""
    cards: tuple[Card, ...] = ()
    """The sections of its page in their order; empty: those that every kind has (`records/standard_cards.py`)."""
    documents: tuple[Document, ...] = ()
    """What is printed of one (文书), with `document_paths` among the addresses."""
    importer: Importer | None = None
    """How rows that were kept elsewhere become such records."""
    rest: RestSide | None = AS_DECLARED
    """How REST shows it; where it is None, REST has no addresses of this kind."""
    create: Create | None = None
    """How officials enter one; None: no official does."""
    figures: FigureSet | None = None
    """What the dashboard counts; without it, the kind is not on it. Its list has the `CohortFilter` of these."""
    bulletin: Bulletin | None = None
    """The weekly bulletin about them, where there is one."""

    def visible(self, user: User, number: str) -> Any:
        """The record, if it exists for this person; raises NotVisible, the same for every other number."""
        found = self.whole(self.model._default_manager.for_user(user))  # type: ignore[attr-defined]
        record = found.filter(**{self.number: number}).first()
        if record is None:
            raise NotVisible(self.not_there)
        return record

    def or_404(self, user: User, number: str) -> Any:
        """The same for pages; raises Http404."""
        try:
            return self.visible(user, number)
        except NotVisible:
            raise Http404 from None

    @property
    def states(self) -> list[tuple[str, Any]]:
        """Its states and their names, in their order."""
        return list(self.model._meta.get_field("state").choices or ())  # type: ignore[union-attr,arg-type]

    def number_of(self, record: Any) -> str:
        return str(attrgetter(self.number.replace("__", "."))(record))


_kinds: dict[str, RecordType] = {}
_titles: dict[str, Any] = {}


def register_title(kind: str, title: Any) -> None:
    """Says what one of a kind is called that has no declaration and can be linked with all the same (lazy)."""
    _titles[kind] = title


def register(declared: RecordType) -> RecordType:
    """Adds a kind, for the shared parts below too; refuses a name or an address that another one has, and files of
    walled records that would outlive their readers' access."""
    if declared.kind in _kinds or any(other.plural == declared.plural for other in _kinds.values()):
        raise ValueError(f"kind declared twice: {declared.kind}")
    if getattr(declared.listing.filters, "figures", None) is not declared.figures:
        raise ValueError(f"the list of {declared.kind} does not open its figures")
    if readers.is_walled(declared.kind) and declared.exported and not declared.exported.hidden:
        raise ValueError(f"the files of {declared.kind} would outlive their readers' access: its export has no hidden")
    _kinds[declared.kind] = declared
    subjects.register(declared.kind, declared.adapter(declared))
    return declared


def record_types() -> tuple[RecordType, ...]:
    """Every kind, in the order of registration."""
    return tuple(_kinds.values())


def exported_kinds() -> tuple[RecordType, ...]:
    """The kinds of which something leaves in files."""
    return tuple(declared for declared in _kinds.values() if declared.exported is not None)


def counted_kinds(user: User) -> tuple[RecordType, ...]:
    """The kinds whose figures this person is shown."""
    return tuple(declared for declared in _kinds.values() if declared.figures and declared.menu(user))


def number_of(kind: str, pk: int) -> str:
    """The number by which people know a record."""
    declared = record_type(kind)
    return str(declared.model._base_manager.values_list(declared.number, flat=True).get(pk=pk))


def record_type(kind: str) -> RecordType:
    """The kind of this name; raises NotVisible."""
    try:
        return _kinds[kind]
    except KeyError:
        raise NotVisible() from None


def kind_at(plural: str) -> RecordType:
    """The kind at this part of addresses; raises NotVisible."""
    found = next((declared for declared in _kinds.values() if declared.plural == plural), None)
    if found is None:
        raise NotVisible()
    return found


def title_of(kind: str) -> Any:
    """What one record of a kind is called; its plain name where no title is registered."""
    return _kinds[kind].title if kind in _kinds else _titles.get(kind, kind)
