"""What each kind of record shows citizens: the registry that pages and REST for citizens read.

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
    """What a kind shows citizens."""

    form: PublicForm | None = None
    """How a citizen files one; without it, none does."""
    acts: Acts = field(default_factory=Acts)
    """What citizens can do with their own."""
    catalogue: Catalogue | None = None
    """What everybody may look up of it without signing in."""
    shown: Callable[[Any], Tracked] = tracked
    """What the citizen is shown of their own record, on the page and in REST."""
    shape: type[Tracked] = Tracked
    """The class of what `shown` makes."""
    template: str = "public/tracked.html"
    """The page of their own record; another extends it."""
    page: Callable[[Any], Mapping[str, Any]] = lambda record: {}
    """What that page says besides."""
    shows_files: Callable[[Any], bool] = lambda record: True
    """Whether the citizen sees files on their own record."""
    done: Mapping[str, Any] = field(default_factory=dict)
    """What citizens are told after each of their acts (lazy), by its slug."""
    repeatable: frozenset[str] = frozenset()
    """Acts that may be done again, so that a double press has to be told from a second time."""
    filing: str = "filing"
    """The lookup from its model to the filing."""
    letters: LetterBook | None = None
    """What citizens are told (告知)."""
    also_told_by: Callable[[User], Q] = lambda user: Q(pk__in=[])
    """The letters that an official's organ tells though the record does not exist for them any more."""
    unmask: Callable[[Any], Act] | None = None
    """The act by which an official who tells sees the contact."""
    own_rows: Callable[[Any], Iterable[QuerySet[Any]]] = lambda record: (
        type(record)._default_manager.filter(pk=record.pk),
    )
    """The kind's own rows with personal columns about a record: erasing it clears them."""
    texts: Callable[[Any], Iterable[str]] = lambda record: ()
    """What the citizen wrote, for finding copies of it."""
    erased: Callable[[Any], None] = lambda record: None
    """Takes away what else the kind keeps of an erased record."""
    searched_by: Callable[[User], bool] = lambda user: False
    """Who may find the records of exactly one person."""
    cleared: Callable[[Any], bool] = lambda record: False
    """Whether the citizen from whose matter it grew may be shown it."""
    door: str = ""
    """The name of the address where the kind opens its own records; the common box leads there and opens nothing."""


_sides: dict[str, PublicSide] = {}


def open_to_citizens(kind: str, side: PublicSide) -> PublicSide:
    """Registers what a declared kind shows citizens; refuses to do it twice."""
    record_type(kind)
    if kind in _sides:
        raise ValueError(f"opened to citizens twice: {kind}")
    for name, title in (side.letters.titles if side.letters else {}).items():
        if LetterTitles().get(name, title) != title:
            raise ValueError(f"a letter of another kind is called {name} and has another title")
    _sides[kind] = side
    return side


class LetterTitles(Mapping[str, Any]):
    """The titles of the letters of all kinds by their names, for sentences about letters: one name, one title."""

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
    """The public side of every kind that has one, in the order of registration."""
    return dict(_sides)


def public_side(kind: str) -> PublicSide:
    """The public side of a kind; raises NotVisible where it has none."""
    try:
        return _sides[kind]
    except KeyError:
        raise NotVisible() from None


def declared_side(kind: str) -> tuple[RecordType, PublicSide]:
    """A kind's declaration and its public side; raises NotVisible."""
    return record_type(kind), public_side(kind)
