"""A section of a record's page, as its kind declares it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Place(StrEnum):
    """The part of the page in which a card is shown."""

    TAG = "tag"
    """In the head, beside the state."""
    HEAD = "head"
    """In the head, beside what is owed."""
    MAIN = "main"
    HALF = "half"
    """In the main column, side by side with the halves next to it."""
    SIDE = "side"


@dataclass(frozen=True)
class Card:
    """One section: a template, and what it shows."""

    name: str
    """What its template calls the facts: `answers`."""
    template: str
    facts: Callable[[Any], Any]
    """What it shows, from a `RecordView`; None where this card does not stand on the page."""
    place: Place = Place.MAIN
    heading: Any = ""
    """Stands above the template (lazy); without it, the template makes its sections itself."""
    shape: Any = None
    """The type of its facts: REST says them of one record under the card's name, null or an empty list where the card
    does not stand. Without it, REST says nothing of this card."""
    acts: frozenset[str] = frozenset()
    """The acts that stand in this card and not among the others; its template calls them `acts`."""
