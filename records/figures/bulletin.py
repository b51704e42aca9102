"""A weekly bulletin: what a kind declares of its own, and the paper that `reports` sets from it.

Official papers are Chinese, whatever the reader's language; so a paper holds plain strings.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.models import User
from records.documents.document import DocumentData
from records.figures.indicators import Share
from records.figures.periods import Period


@dataclass(frozen=True)
class Summary:
    heading: str
    sentences: list[str]


@dataclass(frozen=True)
class Rates:
    head: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Bar:
    """A week of the trend."""

    part: int
    whole: int
    label: str


@dataclass(frozen=True)
class Trend:
    heading: str
    weeks: list[Bar]
    caption: str


@dataclass(frozen=True)
class Table:
    heading: str
    head: list[str]
    columns: list[float]
    """How wide each is, against the others."""
    rows: list[list[str]]
    nothing: str
    """The sentence shown in its place when it has no row."""
    words: int
    """How many columns from the left are words and not numbers."""


@dataclass(frozen=True, kw_only=True)
class Paper(DocumentData):
    """The parts of the paper below its title, in their order."""

    issue: str
    issuer: str
    made: str
    summary: Summary
    rates: Rates
    trend: Trend
    tables: list[Table]
    note: str


@dataclass(frozen=True)
class Bulletin:
    """The weekly bulletin of a kind."""

    title: Any
    """What pages call it (lazy)."""
    prefix: str
    """What the names of its files begin with."""
    week: Callable[[User, Period, datetime], dict[str, Any]]
    """The figures of a finished week for one person, as plain JSON with `as_of`."""
    paper: Callable[[dict[str, Any]], Paper]
    """The content of the paper, from these figures."""


def percent(share: Share) -> str:
    return share.percent if share.enough else "样本不足" if share.whole else "—"


def bar(line: dict[str, Any]) -> Bar:
    """Returns the bar of a week of the trend; `first` is its Monday."""
    first = date.fromisoformat(line["first"])
    return Bar(line["part"], line["whole"], f"{first.month}/{first.day}")
