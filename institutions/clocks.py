"""Which periods of massline rest on which law: read from the rule table, which knows nothing of this register."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from institutions.wording import NUMERAL
from responsibility.rule_files import Rule
from responsibility.rules import rules

CITED = re.compile(r"(?:(\d{4}) 年)?《([^》]+)》(?:（(\d{4})）)?((?:(?!\d{4} 年《)[^《])*)")
"""A law, with the year where two have one name: before it or after it."""
ARTICLES = re.compile(rf"第({NUMERAL}(?:、{NUMERAL})*)条")


@dataclass(frozen=True)
class Clock:
    """A period that rests on an article of a law."""

    code: str
    title: str
    law: str
    """The title of the law, as the register has it: with the year where the rule gives one."""
    article: str
    """第三十四条; empty where the rule names none."""
    applies: bool
    """Whether it applies to what begins on the day that was asked about."""


def cited(basis: str) -> list[tuple[str, list[str]]]:
    """Returns the laws that the basis of a rule names, each with its articles."""
    found = []
    for before, name, after, rest in CITED.findall(basis):
        year = f"（{before or after}）" if before or after else ""
        numbers = [number for group in ARTICLES.findall(rest) for number in group.split("、")]
        found.append((f"{name}{year}", [f"第{number}条" for number in numbers]))
    return found


def clocks_on(day: date) -> Mapping[str, list[Clock]]:
    """Returns all periods by the title of the law that they rest on, in the order of the rule table."""
    found: dict[str, list[Clock]] = defaultdict(list)
    for edition in _editions():
        for law, articles in cited(edition.basis):
            for article in articles or [""]:
                clock = Clock(edition.code, edition.shown_title, law, article, edition.is_valid(day))
                if clock not in found[law]:
                    found[law].append(clock)
    return found


def _editions() -> Iterable[Rule]:
    return (edition for editions in rules().values() for edition in editions)
