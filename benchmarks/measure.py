"""What a measurement is, and how time and statements are taken."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from typing import Any

import psycopg2.extensions
from django.db import connection


@dataclass(frozen=True)
class Sizes:
    """How much of everything; each from BENCH_<NAME>."""

    clients: int = 8
    filings: int = 1500
    small: int = 1000
    large: int = 20000
    due: int = 2000
    exported: int = 100_000
    repeat: int = 9


def sizes() -> Sizes:
    names = Sizes.__dataclass_fields__
    return Sizes(**{name: int(os.environ[f"BENCH_{name.upper()}"]) for name in names if _given(name)})


def _given(name: str) -> bool:
    return bool(os.environ.get(f"BENCH_{name.upper()}"))


@dataclass(frozen=True)
class Line:
    """One line of the table: what, against what, and the ratio that is to be kept."""

    what: str
    found: str
    against: str
    ratio: str
    goal: str
    met: bool | None = None
    """Whether the goal is met; None where there is none."""

    @classmethod
    def rate(cls, what: str, ours: float, other: str, theirs: float, least: float | None) -> "Line":
        """So many a second against so many of something else; a goal is a least share."""
        goal = f">= {least:.0%}" if least else ""
        met = ours / theirs >= least if least else None
        return cls(what, f"{ours:,.0f}/s", f"{other} {theirs:,.0f}/s", f"{ours / theirs:.0%}", goal, met)

    @classmethod
    def growth(cls, what: str, large: float, small: float, most: float) -> "Line":
        """Milliseconds on much against milliseconds on little; a goal is a greatest factor."""
        return cls(
            what, f"{large:.1f} ms", f"{small:.1f} ms", f"{large / small:.2f}", f"<= {most}", large / small <= most
        )

    @classmethod
    def count(cls, what: str, statements: int, most: int) -> "Line":
        return cls(what, f"{statements} statements", "", "", f"<= {most}", statements <= most)


def table(lines: list[Line]) -> str:
    shown_as = {True: "ok", False: "NOT MET", None: ""}
    rows = [("what", "found", "against", "ratio", "goal", "met")]
    rows += [(*astuple(line)[:-1], shown_as[line.met]) for line in lines]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    shown = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    rule = " | ".join("-" * width for width in widths)
    return "\n".join(f"| {line} |" for line in (shown[0], rule, *shown[1:]))


def seconds(do: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    do()
    return time.perf_counter() - begun


def least_ms(do: Callable[[], Any], repeat: int) -> float:
    """The shortest of so many times, in milliseconds: other work on the machine only adds. The first warms up."""
    do()
    return min(seconds(do) for _ in range(repeat)) * 1000


class _Counting(psycopg2.extensions.cursor):
    sent: list[str] = []

    def execute(self, query: Any, vars: Any = None) -> None:
        _Counting.sent.append(self.mogrify(query, vars).decode())
        super().execute(query, vars)


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the driver sends inside, with its values, by whatever cursor: everything but BEGIN and COMMIT."""
    connection.ensure_connection()
    raw: Any = connection.connection
    before, raw.cursor_factory = raw.cursor_factory, _Counting
    sent: list[str] = []
    _Counting.sent = sent
    try:
        yield sent
    finally:
        raw.cursor_factory = before
