"""The registry of public sides: what each kind of record shows citizens, for their pages and REST.

A mechanism calls `open_to_citizens` once for each of its kinds that citizens file, follow or look up.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from citizens.catalogue.catalogue import Catalogue
from citizens.filing.public_form import PublicForm
from citizens.telling.letters import LetterBook
from citizens.tracking.view import Tracked, tracked
from massline.acts import Act, Acts, NotVisible
from records.kinds import RecordType, record_type


@dataclass(frozen=True)
class PublicSide:
    """The public side of a kind of record."""

    form: PublicForm | None = None
    """The form by which a citizen files one; without it, citizens file none, and its records need no filing."""
    acts: Acts = field(default_factory=Acts)
    """The acts of citizens on their own record."""
    catalogue: Catalogue | None = None
    """The list that every visitor may read without signing in."""
    shown: Callable[[Any], Tracked] = tracked
    """Builds the citizen's view of their own record, for the page and REST."""
    shape: type[Tracked] = Tracked
    """The class that `shown` returns."""
    template: str = "public/tracked.html"
    """The template of the citizen's own record; it extends the common one."""
    page: Callable[[Any], Mapping[str, Any]] = lambda record: {}
    """Builds further context for that page."""
    shows_own: Callable[[Any], bool] = lambda record: True
    """Whether the page of the record shows what its citizen wrote and handed in, and the letters to them."""
    done: Mapping[str, Any] = field(default_factory=dict)
    """The messages after each act of a citizen (lazy), by its slug."""
    repeatable: frozenset[str] = frozenset()
    """The acts that may be repeated, so that a double press has to be told apart from a second act."""
    confirmed: Mapping[str, Any] = field(default_factory=dict)
    """The sentences (lazy) that are ticked on the page before an act that cannot be undone, by its slug."""
    filing: str = "filing"
    """The lookup from its model to the filing."""
    letters: LetterBook | None = None
    """The letters that citizens are told (告知)."""
    also_told_by: Callable[[User], Q] = lambda user: Q(pk__in=[])
    """Selects letters that an official's organ tells although the official no longer sees the record."""
    unmask: Callable[[Any], Act] | None = None
    """Returns the act by which an official who tells a letter sees the contact."""
    own_rows: Callable[[Any], Iterable[QuerySet[Any]]] = lambda record: (
        type(record)._default_manager.filter(pk=record.pk),
    )
    """Returns the kind's own rows with personal columns about a record: erasing it clears them."""
    texts: Callable[[Any], Mapping[Any, str]] = lambda record: {}
    """Returns the texts that the citizen wrote, by the labels (lazy) under which they filed them."""
    questions: Mapping[str, str] = field(default_factory=dict)
    """The acts (slugs) by which officials ask the citizen, each with the citizen's act that answers it."""
    erased: Callable[[Any], None] = lambda record: None
    """Deletes the other data that the kind keeps of an erased record."""
    searched_by: Callable[[User], bool] = lambda user: False
    """Returns whether the user may search the records of exactly one person."""
    cleared: Callable[[Any], bool] = lambda record: False
    """Returns whether the citizen from whose matter the record grew may see it."""
    door: str = ""
    """The name of the address at which the kind opens its own records; the common box redirects there."""


_sides: dict[str, PublicSide] = {}


def open_to_citizens(kind: str, side: PublicSide) -> PublicSide:
    """Registers the public side of a declared kind; refuses a second one."""
    record_type(kind)
    if kind in _sides:
        raise ValueError(f"opened to citizens twice: {kind}")
    for name, title in (side.letters.titles if side.letters else {}).items():
        if LetterTitles().get(name, title) != title:
            raise ValueError(f"a letter of another kind is called {name} and has another title")
    _sides[kind] = side
    return side


class LetterTitles(Mapping[str, Any]):
    """The titles of the letters of all kinds, by their names, for sentences about letters: one name, one title."""

    def __getitem__(self, name: str) -> Any:
        return next(book.titles[name] for book in self._books() if name in book.titles)

    def __iter__(self) -> Iterator[str]:
        return iter({name for book in self._books() for name in book.titles})

    def __len__(self) -> int:
        return len({*self})

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in {*self} else default

    def _books(self) -> list[LetterBook]:
        return [side.letters for side in _sides.values() if side.letters]


def public_sides() -> dict[str, PublicSide]:
    """Returns the public side of every kind that has one, in the order of registration."""
    return dict(_sides)


def public_side(kind: str) -> PublicSide:
    """Returns the public side of a kind; raises NotVisible where it has none."""
    try:
        return _sides[kind]
    except KeyError:
        raise NotVisible() from None


def declared_side(kind: str) -> tuple[RecordType, PublicSide]:
    """Returns a kind's declaration and its public side; raises NotVisible."""
    return record_type(kind), public_side(kind)
