"""Registers what obligations are about: each kind's adapter tells the shared parts of its records."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Exists, Q
from django.db.models.expressions import Combinable

from audit.log import Subject
from responsibility.notices import NoticeKind


@dataclass(frozen=True)
class Matter:
    """The record that an obligation is about, with the number by which people know it."""

    kind: str
    pk: int
    key: str


@dataclass(frozen=True)
class ImportOrigin:
    """The import that a record came with, and when. Of all that was overdue by then each person gets one notice of this
    kind, about the import."""

    kind: NoticeKind
    subject: Subject
    at: datetime


@dataclass(frozen=True)
class ChainSubject:
    """A piece of work as the chain needs it: whose it is, of which class, and who is recused."""

    organ: int
    content_class: str = ""
    """The content class, by which the deputy in charge of the work (分管) is found; without one only the top is."""
    post: int | None = None
    """The handler's post; None when it has no handler yet and lies with the post that receives for the organ."""
    recused: frozenset[int] = frozenset()
    """Users complained about (被反映人): never a link (Art. 28)."""
    office: int | None = None
    """The organ that is notified of every step."""

    in_hand: bool = False
    """Whether its handler is at work on it."""
    line: str = ""
    """A duty: above its own organ, it climbs through organs with this duty alone, whatever the tree says."""

    def may_know(self, user: int) -> bool:
        """Tells whether this person may know of the work, or act on it."""
        return user not in self.recused


@dataclass(frozen=True)
class Described:
    """What lists of the shared parts show of a record."""

    title: str
    url: str
    state_label: Any
    category: str
    organ: str
    handler: str
    state: str = ""
    """The state itself, as acts name it."""
    text: str = ""
    """What it says, for those who have to decide on it without its page."""


CHOSEN_IN_MY_WORK = "my_work"
"""The parameter of a bulk page that says where its records were chosen; its other parameters are that page's."""


@dataclass(frozen=True)
class BulkPage:
    """The page on which a person does one act to many records of a kind."""

    address: str
    states: frozenset[str]
    """The states in which one of the acts can be done."""


@dataclass(frozen=True)
class Ordered:
    """The words of an order for one item (定目标、定要求). The record alone stores them."""

    goal: str
    requirement: str = ""


class Adapter(Protocol):
    """How the shared parts read and lock the records of one kind, whatever their model."""

    def chain_subjects(self, pks: Collection[int]) -> dict[int, ChainSubject]:
        """Returns the work behind each record, in a fixed number of queries."""

    def import_origins(self, pks: Collection[int]) -> dict[int, ImportOrigin]:
        """Returns the import of each record that came with one."""

    def lock(self, pk: int) -> None:
        """Locks the record until the end of the transaction."""

    def follow_obligations(self, pk: int, record: Any = None) -> None:
        """Sets the record's own dates by its obligations, which have changed. `record` is what an act is done to,
        and saved after it: perhaps this one, whose row then need not be written twice."""

    def last_change(self, record: Any, actor: Any) -> str:
        """Says which organ brought the record into its state, when and by which act, as far as this person may know."""

    def reassign(self, pk: int, organ: int, post: int) -> None:
        """Gives the record to another post of the organ."""

    def posts_able_to_take(self, work: ChainSubject, organ: int) -> Q:
        """Builds the condition for posts of the organ that can take over the work."""

    def describe(self, pks: Collection[int], user: Any) -> dict[int, Described]:
        """Describes for a list each record that exists for this person."""

    def describe_numbers(self, numbers: Collection[str], user: Any) -> dict[str, Described]:
        """Describes for a list, by their numbers, the records that exist for this person."""

    def bulk_page(self, user: Any) -> BulkPage | None:
        """Returns the page on which this person does one act to many of them, where their posts can."""

    def ordered(self, pks: Collection[int]) -> Mapping[tuple[int, str, int], Ordered]:
        """Returns the words of orders about these records, by record, rule and item; nothing where the rule says it
        all."""

    def visible_to(self, user: Any) -> Any:
        """Queries the ids of the records that exist for this person. It reads their account and their position of today
        and nothing else of them, for the menu keeps the statement."""

    def walled_from(self, user: Any, key: Combinable) -> Exists:
        """Builds the condition that this is the key of a record that was walled off, of which this person is no reader.
        It reads no more of them than `visible_to`."""

    def recused_from(self, user: Any) -> Any:
        """Queries the ids of the records that this person is recused from (回避, Art. 28)."""

    def address(self, key: str) -> str:
        """Returns the address of the record's page."""

    def waiting_for(self, user: Any) -> Any:
        """Queries the ids of the records whose next act is this person's, without a post of theirs owing it."""

    def is_waiting_for(self, record: Any, user: Any) -> bool:
        """Tells whether `waiting_for` has this record."""


_adapters: dict[str, Adapter] = {}


def register(kind: str, adapter: Adapter) -> None:
    _adapters[kind] = adapter


def adapter(kind: str) -> Adapter:
    return _adapters[kind]


def kinds() -> tuple[str, ...]:
    """Lists the kinds of record that an obligation may be about."""
    return tuple(_adapters)


def ordered(owed: Iterable[Any]) -> dict[int, Ordered]:
    """Returns the words of orders by the id of the obligation; for those who see the records."""
    found: dict[int, Ordered] = {}
    rows = list(owed)
    for kind in {o.subject_kind for o in rows} & _adapters.keys():
        mine = [o for o in rows if o.subject_kind == kind]
        words = adapter(kind).ordered({o.subject_id for o in mine})
        found |= {o.pk: words[key] for o in mine if (key := (o.subject_id, o.rule, o.item)) in words}
    return found
