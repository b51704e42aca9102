"""What a kind declares of the sections of a record's page."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Place(StrEnum):
    """The part of the page in which a card is shown."""

    TAG = "tag"
    """In the head, beside the state."""
    HEAD = "head"
    """In the head, beside the obligations."""
    MAIN = "main"
    HALF = "half"
    """In the main column, side by side with the halves next to it."""
    SIDE = "side"


@dataclass(frozen=True)
class Card:
    """One section: a template, and what it shows."""

    name: str
    """The name of the facts in its template: `answers`."""
    template: str
    facts: Callable[[Any], Any]
    """Returns its facts from a `RecordView`; None where the page has no such card."""
    place: Place = Place.MAIN
    heading: Any = ""
    """The heading above the template (lazy); without it, the template makes its sections itself."""
    shape: Any = None
    """The type of its facts: REST has them in a record's own answer under the card's name, null or an empty list where
    the page has no such card. Without it, REST does not have this card."""
    acts: frozenset[str] = frozenset()
    """The slugs of acts that are shown in this card and not among the others; `acts` in its template."""
