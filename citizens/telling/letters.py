"""The letters (告知书) of a kind: what a citizen is told, in the words of the office.

Letters are Chinese whatever language a page has.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from massline.time import local_time
from records.documents.document import paragraphs

PROVISIONAL = "\n    该年度放假安排尚未公布，以上日期为暂定。"


@dataclass(frozen=True)
class Letter:
    """One letter: its name, its title, and its words with {fields} of the act's form, {organ}, {number} and {due}."""

    name: str
    title: Any
    """As queues and timelines call it (lazy)."""
    body: str
    by_office: bool = False
    """Told by the record's office; else by the organ that has it."""
    dated: str = ""
    """The rule whose date it gives."""
    gives: tuple[str, ...] = ()
    """The rules of the written notice that it is; without one, telling it is owed for itself."""


@dataclass(frozen=True)
class LetterBook:
    """All letters of one kind."""

    letters: tuple[Letter, ...]
    opening: str
    closing: str
    words: Callable[[Any], Mapping[str, str]] = field(default=lambda record: {})
    """What the record adds to the words of a letter."""

    def __getitem__(self, name: str) -> Letter:
        return next(letter for letter in self.letters if letter.name == name)

    @property
    def titles(self) -> dict[str, Any]:
        """The title of each letter, by its name."""
        return {letter.name: letter.title for letter in self.letters}

    def text(self, letter: Letter, words: Mapping[str, Any], teller: str, at: datetime, *, provisional: bool) -> str:
        """The letter as it is told: `teller` signs it, on the day of `at`."""
        body = letter.body + (PROVISIONAL if provisional and "{due}" in letter.body else "")
        closing = self.closing.format(organ=teller, day=written_day(local_time(at)))
        return (self.opening + body).format_map(words) + closing


@dataclass(frozen=True)
class LetterParts:
    """A letter as paper has it: whom it is to, what it says, who signs and on which day."""

    addressee: str
    paragraphs: tuple[str, ...]
    organ: str
    day: str


def in_parts(text: str) -> LetterParts:
    """The parts of a letter's text, whose first line is the addressee and whose last two are organ and day."""
    addressee, _line, rest = text.partition("\n")
    body, organ, day = rest.rsplit("\n", 2)
    return LetterParts(addressee, paragraphs(body), organ, day)


def written_day(day: date) -> str:
    """A day as a letter has it (GB/T 9704): without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"
