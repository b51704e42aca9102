"""The calendar of days off (休息日) in mainland China, by the State Council's yearly arrangements.

A year whose arrangement is not loaded is guessed from what is fixed: weekends and the statutory holidays that always
fall on the same date. A make-up weekend (调休) is a working day.

The arrangements stand in the database. Each process reads a version of them once, and asks in every request, task or
command for the number of the newest: so a new one is noticed without a restart, and no two dates that are computed
together are computed under two.
"""

import csv
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import connection

from responsibility.models import ArrangedDay, Arrangement

DAY = timedelta(days=1)
HOLIDAYS = Path(__file__).parent / "data" / "holidays.csv"

# 《全国年节及纪念日放假办法》: 1 January; 1-2 May (since 2025); 1-3 October. The others follow the moon or the sun.
FIXED = {(1, 1): "元旦", (5, 1): "劳动节", (5, 2): "劳动节", (10, 1): "国庆节", (10, 2): "国庆节", (10, 3): "国庆节"}


class Kind(StrEnum):
    """The kind of a day."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKEUP = "makeup_workday"


@dataclass(frozen=True)
class Arranged:
    """One day of a published arrangement: off or, at a weekend, worked."""

    name: str
    off: bool


@dataclass(frozen=True, eq=False)
class Calendar:
    """Days off and working days; knows which years are arranged and which are guessed."""

    arranged: Mapping[date, Arranged]
    first_loaded: date
    last_loaded: date
    """31 December of the last year whose arrangement is loaded."""
    version: int = 0
    """Its number in the database; 0 for what stands in a file."""

    def is_loaded(self, day: date) -> bool:
        return self.first_loaded <= day <= self.last_loaded

    def name(self, day: date) -> str:
        """Returns the holiday that the day is off for, or that a make-up day makes up for; "" for none."""
        if arranged := self.arranged.get(day):
            return arranged.name
        return "" if self.is_loaded(day) else FIXED.get((day.month, day.day), "")

    def kind(self, day: date) -> Kind:
        weekend = day.weekday() >= 5
        if arranged := self.arranged.get(day):
            # An arrangement may also say of a plain weekday that it is worked (2020-02-03).
            return Kind.HOLIDAY if arranged.off else Kind.MAKEUP if weekend else Kind.WORKDAY
        if self.name(day):
            return Kind.HOLIDAY
        return Kind.WEEKEND if weekend else Kind.WORKDAY

    def is_day_off(self, day: date) -> bool:
        return self.kind(day) in (Kind.WEEKEND, Kind.HOLIDAY)


@lru_cache(maxsize=16)
def first_difference(one: Calendar, other: Calendar) -> date | None:
    """Returns the first day on which two calendars differ, in kind or in certainty."""
    edges = {edge for known in (one, other) for edge in (known.first_loaded, known.last_loaded + DAY)}
    days = sorted(one.arranged.keys() | other.arranged.keys() | edges)
    return next((d for d in days if (one.kind(d), one.is_loaded(d)) != (other.kind(d), other.is_loaded(d))), None)


def read(path: Path) -> Calendar:
    """Reads a calendar from a file of `date,name,kind` rows; kind is off or work. A doubtful row is refused."""
    arranged: dict[date, Arranged] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            day = date.fromisoformat(row["date"])
            if row["kind"] not in ("off", "work") or day in arranged:
                raise ValueError(f"{path.name}, line {number}: {row['date']} is there twice or is neither off nor work")
            arranged[day] = Arranged(row["name"], row["kind"] == "off")
    return of(arranged)


def year_of(day: date, name: str) -> int:
    """Returns the year whose arrangement a day belongs to: days for New Year (元旦) in the December before it are
    arranged with the year that begins."""
    return day.year + (day.month == 12 and "元旦" in name)


def of(arranged: Mapping[date, Arranged], version: int = 0) -> Calendar:
    """Builds the calendar of these days. Its years are those with New Year's Day."""
    years = [day.year for day, fact in arranged.items() if (day.month, day.day) == (1, 1) and fact.off]
    if not years:
        raise ValueError("no year is complete")
    return Calendar(arranged, date(min(years), 1, 1), date(max(years), 12, 31), version)


@lru_cache(maxsize=1)
def shipped() -> Calendar:
    """Reads the arrangements that come with the program; a new database begins with them."""
    return read(HOLIDAYS)


_read_before: dict[tuple[str, int], Calendar] = {}
"""By database and version."""
_in_force: ContextVar[int | None] = ContextVar("calendar_in_force", default=None)


def calendar() -> Calendar:
    """Returns the calendar in force: the newest when the request, task or command first asked."""
    version = _in_force.get()
    if version is None:
        version = newest()
        _in_force.set(version)
    return at_version(version)


def newest() -> int:
    """Returns the number of the newest version, read from the end of an index."""
    with connection.cursor() as cursor:  # without the ORM, which takes longer than the database: every page asks
        cursor.execute("SELECT max(version) FROM responsibility_arrangement")
        found: int | None = cursor.fetchone()[0]
    if found is None:
        raise LookupError("no arrangement of holidays is in the database: migrate brings the first")
    return found


def at_version(version: int) -> Calendar:
    """Returns the calendar of a version; read once by each process."""
    key = (str(connection.settings_dict["NAME"]), version)
    if key not in _read_before:
        known = Arrangement.objects.filter(version__lte=version).order_by("year", "-version").distinct("year")
        days = ArrangedDay.objects.filter(arrangement__in=[a.pk for a in known]).values_list("day", "name", "off")
        _read_before[key] = of({day: Arranged(name, off) for day, name, off in days}, version)
    return _read_before[key]


def forget(**kwargs: Any) -> None:
    """Forgets the calendar in force: the next call asks again which version is the newest."""
    _in_force.set(None)
