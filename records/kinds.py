"""The declaration of a kind of record, and the registry of all kinds.

A mechanism declares each of its kinds once, in its `desk.py`; pages, REST, lists, exports and the shared tests read the
declaration. This module knows no mechanism by name.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any

from django import forms
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.menu import reads_records
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
from records.publishing.proposing import publishing_act
from records.rest.side import AS_DECLARED, RestSide
from responsibility import content_classes, readers, subjects
from responsibility.models import Organ
from responsibility.presentation import ObligationRow
from responsibility.subjects import Described

NOT_THERE = _("没有这一件，或者它不在您的职责范围内")
CITIZEN = _("群众")
NEW = _("新建")


NOT_FIELDS = frozenset({"source", "relation"})
"""No form has fields of these names."""


@dataclass(frozen=True)
class Create:
    """How officials create a record of a kind: one form and one permission, for pages, REST and other kinds alike."""

    form: type[forms.BaseForm]
    may: Callable[[User], bool]
    """Whether this person may create one."""
    make: Callable[[dict[str, Any], User, datetime], Any]
    """Creates the record from a valid form; writes its event first. Raises Invalid for faults that only it can find."""
    make_from: Callable[[dict[str, Any], User, datetime, subjects.Matter], Any] | None = None
    """The same because of a source, where the kind makes more of it than the link; it never links."""
    form_arguments: Callable[[User], Mapping[str, Any]] = lambda user: {}
    """Returns the form's arguments besides what was sent."""
    button: Callable[[User], Any] = lambda user: NEW
    """The text of its button for this person: what then happens."""
    sources: frozenset[str] = frozenset()
    """The kinds of record because of which one can be created."""
    receiver: Callable[[Any], Organ | None] | None = None
    """The organ that decides when an official who may not create one proposes it (提请) because of this source; None
    where nothing can be proposed because of it. Without it, nothing ever can."""
    begun: Callable[[Any, User], Mapping[str, Any]] = lambda source, user: {}
    """Returns the values with which the form begins on the page, because of this source and for this person."""
    prefilled: Mapping[str, str] = field(default_factory=dict)
    """The form's fields that are filled in from a proposal, each with the proposal's `title` or `words`."""
    reveals: tuple[str, ...] = ()
    """Attributes that `make` sets on the record for its answer alone: no row stores them."""
    result_page: Callable[[HttpRequest, Any], HttpResponse] | None = None
    """Returns the page that shows these; without it, the new record's page."""

    def __post_init__(self) -> None:
        if self.receiver and self.reveals:
            raise ValueError("what is revealed once has no place on the page of a proposal")
        if taken := NOT_FIELDS.intersection(getattr(self.form, "base_fields", ())):
            raise ValueError(f"REST takes these names for the record that one is created from: {sorted(taken)}")

    def made(self, data: dict[str, Any], user: User, at: datetime, source: subjects.Matter | None) -> Any:
        """Creates the record from a valid form, because of a source where there is one."""
        if source is not None and self.make_from is not None:
            return self.make_from(data, user, at, source)
        return self.make(data, user, at)

    def build_form(self, data: Mapping[str, Any] | None, user: User) -> forms.BaseForm:
        """Builds the form for this person, bound to what they sent."""
        return self.form(data, **self.form_arguments(user))  # type: ignore[call-arg]


@dataclass(frozen=True)
class BulkAct:
    """An act that can be done to many records of a kind at once."""

    act: Act
    form: Callable[[Mapping[str, Any] | None, User], forms.BaseForm]
    """The form for all of them; a field that it leaves out is as the act's own form proposes for each."""
    may: Callable[[User], bool]
    """Whether the posts of this person can do it."""
    already_done: Callable[[Any, Mapping[str, Any]], bool]
    """Whether a record already is as the act, with what was sent, would leave it."""
    hint: Any = ""
    """What the user should know before (lazy)."""


def describe(record: Any) -> Described:
    """Describes a record by its own columns; where it has no title, by its kind's."""
    return Described(
        title=getattr(record, "title", "") or str(title_of(record.KIND)),
        url=reverse(record.KIND, args=[record.number]),
        state_label=record.get_state_display(),
        category=content_classes.name(record.category) if record.category else "",
        organ=record.organ.called,
        handler=record.handler.called if record.handler else "",
        state=record.state,
    )


@dataclass(frozen=True)
class RecordType:
    """One kind of record: what it is called, what can happen to it, and how lists, pages and REST show it."""

    kind: str
    """Its name in the log, in obligations and in REST: `petition`."""
    plural: str
    """Its part of addresses: `/desk/petitions/`, `/api/v1/petitions/`."""
    title: Any
    """The name of one such record (lazy)."""
    model: type[models.Model]
    """A `records.models.Record`; or another `Accountable` with `objects.for_user(user)` and `roles_of`."""
    acts: Acts
    """The acts of officials on it."""
    final: frozenset[str]
    """The states in which no obligation is open any more."""
    columns: tuple[Column, ...]
    """The columns of lists, of REST's rows and of exports."""
    listing: Listing
    describe: Callable[[Any], Described] = describe
    """Describes one for the lists of the shared parts and the head of its page."""
    adapter: Callable[["RecordType"], subjects.Adapter] = RecordAdapter
    """How the chain, the deadlines, the inbox and the leaders' desk read its records."""
    ordered: tuple[OrderedItems, ...] = ()
    """Where the words of orders are stored, rule by rule."""
    number: str = "number"
    """The lookup from the model to its number, by which people know it."""
    several: Any = ""
    """The name of several such records (lazy), in languages in which it is another; without it, the title."""
    drafts: bool = True
    """Whether what officials type and have not sent is kept for a day, for their browser alone (`massline/drafts/`)."""
    note: str = ""
    """The act that keeps an official's note, where there is one: the text of an act that came too late fits there."""
    citizen: Any = CITIZEN
    """What its pages call a person from outside who acts on one (lazy)."""
    menu: Callable[[User], bool] = reads_records
    """Whether this person finds it in the menu and among the kinds of REST."""
    exported: Exported | None = None
    """What of it is exported in files; without it nothing is."""
    bulk: tuple[BulkAct, ...] = ()
    """The acts that can be done to many at once."""
    with_related: Callable[[Any], models.QuerySet[Any]] = lambda found: found.model.with_joined(found)  # type: ignore[no-any-return]
    """Joins to a record what its page and REST's answer show of it; the relations that its model names (`JOINED`)."""
    not_there: Any = NOT_THERE
    """The message for a number that does not exist for the user."""
    obligations: Callable[[Any], list[ObligationRow]] = obligations_of
    """Returns the obligations about one, the open ones first."""
    cards: tuple[Card, ...] = ()
    """The sections of its page in their order; empty: those that every kind has (`records/standard_cards.py`)."""
    documents: tuple[Document, ...] = ()
    """The documents that are printed of one (文书), with `document_paths` among the addresses."""
    importer: Importer | None = None
    """How rows of an old ledger become such records."""
    rest: RestSide | None = AS_DECLARED
    """How REST shows it; where it is None, REST has no addresses of this kind."""
    create: Create | None = None
    """How officials create one; None: no official does."""
    figures: FigureSet | None = None
    """The figures on the dashboard; without them, the kind is not on it. Its list has the `CohortFilter` of these."""
    bulletin: Bulletin | None = None
    """The weekly bulletin about them, where there is one."""

    def visible(self, user: User, number: str, *, to_show: bool = True) -> Any:
        """Returns the record, if it exists for this person; raises NotVisible, the same for every other number.
        One that is not to be shown has what an act reads (`Accountable.locked`) and not all that its page shows."""
        mine = self.model._default_manager.for_user(user)  # type: ignore[attr-defined]
        found = self.with_related(mine) if to_show else self.model.with_joined(mine)  # type: ignore[attr-defined]
        record = found.filter(**{self.number: number}).first()
        if record is None:
            raise NotVisible(self.not_there)
        return record

    def or_404(self, user: User, number: str, *, to_show: bool = True) -> Any:
        """Returns the record as `visible` does, for pages; raises Http404."""
        try:
            return self.visible(user, number, to_show=to_show)
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
    """Registers the name (lazy) of records of a kind that has no declaration and can be linked with all the same."""
    _titles[kind] = title


def register(declared: RecordType) -> RecordType:
    """Adds a kind, for the shared parts below too; refuses a name or an address that another one has, and of walled
    records publishing and files that would outlive their readers' access."""
    if declared.kind in _kinds or any(other.plural == declared.plural for other in _kinds.values()):
        raise ValueError(f"kind declared twice: {declared.kind}")
    if getattr(declared.listing.filters, "figures", None) is not declared.figures:
        raise ValueError(f"the list of {declared.kind} does not open its figures")
    if readers.is_walled(declared.kind) and declared.exported and not declared.exported.hidden:
        raise ValueError(f"the files of {declared.kind} would outlive their readers' access: its export has no hidden")
    adapter = declared.adapter(declared)
    if publishing_act(declared.acts) and (readers.is_walled(declared.kind) or getattr(adapter, "walled", False)):
        raise ValueError(f"nothing of {declared.kind} is ever public: its records are walled")
    _kinds[declared.kind] = declared
    subjects.register(declared.kind, adapter)
    return declared


def record_types() -> tuple[RecordType, ...]:
    """Lists every kind, in the order of registration."""
    return tuple(_kinds.values())


def exported_kinds() -> tuple[RecordType, ...]:
    """Lists the kinds of which something is exported; those of the kit itself come after the mechanisms'."""
    found = (declared for declared in _kinds.values() if declared.exported is not None)
    return tuple(sorted(found, key=lambda declared: declared.model._meta.app_label == "records"))


def publishing_kinds() -> list[str]:
    """Lists the kinds of which something can be published."""
    return [declared.kind for declared in _kinds.values() if publishing_act(declared.acts)]


def counted_kinds(user: User) -> tuple[RecordType, ...]:
    """Lists the kinds whose figures this person may see."""
    return tuple(declared for declared in _kinds.values() if declared.figures and declared.menu(user))


def number_of(kind: str, pk: int) -> str:
    """Returns the number by which people know a record."""
    declared = record_type(kind)
    return str(declared.model._base_manager.values_list(declared.number, flat=True).get(pk=pk))


def record_type(kind: str) -> RecordType:
    """Returns the kind of this name; raises NotVisible."""
    try:
        return _kinds[kind]
    except KeyError:
        raise NotVisible() from None


def kind_at(plural: str) -> RecordType:
    """Returns the kind at this part of addresses; raises NotVisible."""
    found = next((declared for declared in _kinds.values() if declared.plural == plural), None)
    if found is None:
        raise NotVisible()
    return found


def acts_of(kind: str) -> Iterable[Act]:
    """Lists the acts of officials on records of a kind; none where the kind has no declaration."""
    return _kinds[kind].acts if kind in _kinds else ()


def title_of(kind: str) -> Any:
    """Returns the name of one record of a kind; the kind's plain name where no title is registered."""
    return _kinds[kind].title if kind in _kinds else _titles.get(kind, kind)
