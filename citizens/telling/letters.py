"""The letters (告知书) of a kind, by which citizens are told, in the words of the office.

Letters are Chinese whatever language a page has.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from massline.time import local_time, official_day
from records.documents.document import OfficialLetter, paragraphs

PROVISIONAL = "\n    该年度放假安排尚未公布，以上日期为暂定。"


@dataclass(frozen=True)
class Letter:
    """One letter: its name, its title, and its words with {fields} of the act's form, {organ}, {number} and {due}."""

    name: str
    title: Any
    """The title in queues and timelines (lazy)."""
    body: str
    by_office: bool = False
    """Whether the record's office tells it; else the organ that handles the record tells it."""
    dated: str = ""
    """The rule whose due date the letter gives."""
    gives: tuple[str, ...] = ()
    """The rules of the written notices that the letter fulfils; without one, telling it is an obligation of its own."""
    starts: str = ""
    """The rule of a period of the citizen's that runs from its receipt: the day of service is asked for until it is
    known."""


@dataclass(frozen=True)
class LetterBook:
    """All letters of one kind."""

    letters: tuple[Letter, ...]
    opening: str
    closing: str
    words: Callable[[Any], Mapping[str, str]] = field(default=lambda record: {})
    """Returns the words that the record adds to a letter."""

    def __getitem__(self, name: str) -> Letter:
        return next(letter for letter in self.letters if letter.name == name)

    @property
    def titles(self) -> dict[str, Any]:
        """Returns the title of each letter, by its name."""
        return {letter.name: letter.title for letter in self.letters}

    def text(self, letter: Letter, words: Mapping[str, Any], teller: str, at: datetime, *, provisional: bool) -> str:
        """Writes the letter as it is told: `teller` signs it, on the day of `at`."""
        body = letter.body + (PROVISIONAL if provisional and "{due}" in letter.body else "")
        closing = self.closing.format(organ=teller, day=official_day(local_time(at)))
        return (self.opening + body).format_map(words) + closing


def printed(title: str, text: str, made_at: datetime) -> OfficialLetter:
    """Builds the document of a letter in exactly the words in which it is told: the first line of its text is the
    addressee, the last two are organ and day."""
    addressee, _line, rest = text.partition("\n")
    body, organ, day = rest.rsplit("\n", 2)
    return OfficialLetter(
        title=title, made_at=made_at, addressee=addressee, paragraphs=paragraphs(body), organ=organ, day=day
    )
