"""Reads a file of rules (`rules.toml`): a fault in it is refused when the program starts."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

from django.core.exceptions import ImproperlyConfigured

from massline.languages import reads_english

Unit = Literal["cd", "wd", "h", "month", "year", "date", "none"]
UNITS: tuple[str, ...] = get_args(Unit)
PERIODS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
"""How often a duty may recur: in each of so many months."""
PERIOD_ENDS = {f"{every}-end": every for every in PERIODS}
"""What a fixed date (`day`) may be besides a day of the year ("01-31"): the end of one of the periods."""
TAGS = ("V", "V2", "M", "confirm", "D")
MAX_CODE, MAX_EDITION = 8, 64
"""What an obligation has room for."""

_RULE = frozenset({"title", "en", "public", "closed_by", "editions"})
_EDITION = frozenset(
    {"instrument", "article", "basis", "basis_en", "unit", "value", "maximum", "pausable", "tag",
     "day", "every", "rolls", "before", "active"}
)  # fmt: skip


@dataclass(frozen=True)
class Instrument:
    """A text that rules rest on. Of one `family` (a regulation and the one it replaced) one is in force a day."""

    name: str
    en: str
    family: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    recorded: bool = True
    """Whether its periods are in the file."""

    def is_valid(self, day: date) -> bool:
        return (self.valid_from or date.min) <= day <= (self.valid_until or date.max)


@dataclass(frozen=True)
class Rule:
    """One edition of a rule: the period within which an obligation is due, and its legal basis."""

    code: str
    edition: str
    title: str
    unit: Unit
    value: int | None
    """How many units; None when the text gives no number or leaves it to the leader who assigns."""
    basis: str
    """The instrument and its article, in Chinese."""
    tag: str
    """How well the number is founded: V, V2, M or confirm; D is a note and no rule."""
    valid_from: date | None = None
    valid_until: date | None = None
    maximum: int | None = None
    """The most days that a person may give; None when the rule takes no number from a person."""
    pausable: bool = False
    day: str = ""
    """Of a fixed date: "01-31", or one of PERIOD_ENDS; empty when the order names the day."""
    every: str = ""
    """Of a recurring duty, which of PERIODS: it is owed once in each, by its `day`."""
    rolls: bool = True
    """Whether it ends after the rest when its last day is a day off (《民法典》第 203 条); a fixed date does not."""
    before: bool = False
    """Whether it ends so many working days before a day that is ordered, and not after the event."""
    active: bool = True
    """Whether it applies at all; one that does not waits for a deployment to switch it on."""
    title_en: str = ""
    basis_en: str = ""
    closed_by: str = ""
    """What alone ends what is owed under it; empty when any act may."""
    public: bool = False
    """Whether the citizen who filed the record reads of it: what a statute promises, and no house rule."""
    family: str = ""
    """Of its instrument."""

    @property
    def shown_title(self) -> str:
        """The title in the reader's language."""
        return self.title_en if self.title_en and reads_english() else self.title

    @property
    def shown_basis(self) -> str:
        """The legal basis in the reader's language."""
        return self.basis_en if self.basis_en and reads_english() else self.basis

    def is_valid(self, day: date) -> bool:
        """Tells whether the rule applied on a day."""
        return self.active and (self.valid_from or date.min) <= day <= (self.valid_until or date.max)


def read(
    path: Path, ends: Collection[str], shared: Mapping[str, Instrument]
) -> tuple[dict[str, Instrument], dict[str, tuple[Rule, ...]]]:
    """Reads the instruments and the rules of a file, each rule's editions newest first.

    An instrument that it does not declare is a `shared` one; `ends` names what may alone end something (`closed_by`).
    """
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    own = {key: Instrument(**entry) for key, entry in data.get("instruments", {}).items()}
    known = {**shared, **own}
    try:
        return own, {code: _editions(code, entry, known, ends) for code, entry in data["rules"].items()}
    except _Fault as fault:
        raise ImproperlyConfigured(f"{path}: {fault}") from None


class _Fault(ValueError):
    """A rule has a fault."""


def _editions(
    code: str, entry: dict[str, Any], instruments: Mapping[str, Instrument], ends: Collection[str]
) -> tuple[Rule, ...]:
    _check(len(code) <= MAX_CODE, code, f"the code is longer than {MAX_CODE} characters")
    _check_keys(code, entry, _RULE, ("title", "en", "editions"))
    end = entry.get("closed_by", "")
    _check(not end or end in ends, code, f"nothing called {end!r} ends what is owed ({_names(ends)})")
    made = [_make(code, entry, row, instruments) for row in entry["editions"]]
    names = [rule.edition for rule in made]
    _check(bool(made), code, "it has no edition")
    _check(len(set(names)) == len(names), code, "it has the same edition twice")
    return tuple(sorted(made, key=lambda rule: rule.valid_from or date.min, reverse=True))


def _check_edition(code: str, row: dict[str, Any], instruments: Mapping[str, Instrument]) -> None:
    _check_keys(code, row, _EDITION, ("instrument", "unit", "tag"))
    edition = row["instrument"]
    _check(edition in instruments, code, f"there is no instrument {edition!r}")
    _check(len(edition) <= MAX_EDITION, code, f"the edition is longer than {MAX_EDITION} characters")
    _check(row["unit"] in UNITS, code, f"there is no unit {row['unit']!r} ({_names(UNITS)})")
    _check(row["tag"] in TAGS, code, f"there is no tag {row['tag']!r} ({_names(TAGS)})")
    for number in ("value", "maximum"):
        _check(row.get(number, 1) >= 1, code, f"{number} is less than one")
    by_date, by_day = row["unit"] == "date", row["unit"] in ("cd", "wd")
    every, day = row.get("every", ""), _day(row)
    _check(not every or every in PERIODS, code, f"nothing recurs every {every!r} ({_names(PERIODS)})")
    _check(not day or (by_date and _is_fixed(day)), code, f"no fixed date: {day!r}")
    _check(not every or _once_in(every, day), code, f"{day!r} is not once in every {every}")
    _check(by_day or not row.get("pausable"), code, "only days can stand still")
    whole = row["unit"] == "wd" and "value" in row and "maximum" in row
    _check(whole or not row.get("before"), code, "only working days up to a day with a maximum count back")


def _make(code: str, entry: dict[str, Any], row: dict[str, Any], instruments: Mapping[str, Instrument]) -> Rule:
    _check_edition(code, row, instruments)
    instrument = instruments[row["instrument"]]
    basis, basis_en = _basis(row, instrument)
    return Rule(
        code=code,
        edition=row["instrument"],
        title=entry["title"],
        title_en=entry["en"],
        unit=row["unit"],
        value=row.get("value"),
        maximum=row.get("maximum"),
        pausable=row.get("pausable", False),
        day=_day(row),
        every=row.get("every", ""),
        rolls=row.get("rolls", row["unit"] != "date" and not row.get("before")),
        before=row.get("before", False),
        active=row.get("active", True),
        basis=basis,
        basis_en=basis_en,
        tag=row["tag"],
        valid_from=instrument.valid_from,
        valid_until=instrument.valid_until,
        closed_by=entry.get("closed_by", ""),
        public=entry.get("public", False),
        family=instrument.family,
    )


def _day(row: dict[str, Any]) -> str:
    """Returns the fixed date, if any; a recurring duty without one is owed until its period ends."""
    end = f"{row['every']}-end" if "every" in row else ""
    return str(row.get("day", end))


def _once_in(every: str, day: str) -> bool:
    """Tells whether each period has this date after its first day, from which it is counted."""
    return PERIOD_ENDS.get(day, "year") == every and day != "01-01"


def _is_fixed(day: str) -> bool:
    try:
        return day in PERIOD_ENDS or bool(date.fromisoformat(f"2023-{day}"))
    except ValueError:
        return False


def _check(holds: bool, code: str, fault: str) -> None:
    if not holds:
        raise _Fault(f"rule {code}: {fault}")


def _check_keys(code: str, entry: Mapping[str, Any], known: Collection[str], needed: Collection[str]) -> None:
    _check(not (unknown := entry.keys() - known), code, f"unknown: {_names(unknown)}")
    _check(not (missing := set(needed) - entry.keys()), code, f"missing: {_names(missing)}")


def _names(words: Collection[str]) -> str:
    return ", ".join(sorted(words))


def _basis(row: dict[str, Any], instrument: Instrument) -> tuple[str, str]:
    """Writes the legal basis: 《信访工作条例》第三十四条, and the same in English."""
    if "basis" in row:
        return row["basis"], row["basis_en"]
    if "article" in row:
        article = row["article"]
        return f"{instrument.name}第{numeral(article)}条", f"{instrument.en}, Art. {article}"
    return instrument.name, instrument.en


def numeral(number: int) -> str:
    """Writes 1 to 999 in Chinese numerals: 三十四, 一百零九."""
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    end = digits[ones] if ones else ""
    if not hundreds:
        return ("" if tens == 0 else "十" if tens == 1 else digits[tens] + "十") + end
    return f"{digits[hundreds]}百" + (digits[tens] + "十" if tens else "零" if ones else "") + end
