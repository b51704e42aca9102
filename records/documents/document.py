"""Declares a document (文书) of a kind of record: its data, its template, and who may have it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from accounts.models import User
from massline.texts import one_line

LETTER = Path(__file__).parent / "letter.typ"


@dataclass(frozen=True, kw_only=True)
class DocumentData:
    """The data of every document. A kind's own data add fields, and its template prints them."""

    title: str
    made_at: datetime
    """When what it says came to be. The file carries this moment, so that the same data always give the same bytes."""


@dataclass(frozen=True, kw_only=True)
class OfficialLetter(DocumentData):
    """A letter in the form of GB/T 9704 (公文), as letter.typ prints it."""

    number: str = ""
    """Below the title (文号)."""
    addressee: str
    paragraphs: tuple[str, ...]
    organ: str
    """Who signs (发文机关署名)."""
    day: str


@dataclass(frozen=True)
class Issue:
    """One paper of a document. A record may have several of the same name: two letters that ask two questions."""

    data: Callable[[], DocumentData]
    """What it says; raises NotVisible where there is nothing to say."""
    number: int = 1
    """Its place among them, which stays: it is a part of the address."""
    day: date | None = None
    """When it was written, where there may be others."""


@dataclass(frozen=True)
class Document:
    """One document of a kind. What it says is Chinese whatever language its reader has chosen."""

    name: str
    """Its part of the address."""
    title: Any
    """What cards and the log call it (lazy)."""
    data: Callable[[Any, User], DocumentData] | None = None
    """What it says of a record; raises NotVisible where there is nothing to say."""
    template: Path = LETTER
    """A typst file in the mechanism's folder, which sees layout.typ beside itself and nothing else; without one,
    an official letter's."""
    may: Callable[[Any, User], bool] = lambda record, user: True
    """Whether the record, which exists for this person, has it for them."""
    several: Callable[[Any, User], Sequence[Issue]] | None = None
    """In the place of `data` and `may`, where a record may have more than one: those that it has for this person."""

    def __post_init__(self) -> None:
        if not self.template.is_file():
            raise ValueError(f"no such template: {self.template}")
        if (self.data is None) == (self.several is None):
            raise ValueError(f"either one or several: {self.name}")

    def issues(self, record: Any, user: User) -> Sequence[Issue]:
        """Returns the papers that a record, which exists for this person, has for them."""
        if self.several:
            return self.several(record, user)
        return [Issue(partial(self.data, record, user))] if self.data and self.may(record, user) else []


def paragraphs(text: str) -> tuple[str, ...]:
    """Splits a text of several lines into paragraphs, without blanks around them and invisible characters."""
    return tuple(line for line in map(one_line, text.splitlines()) if line)
