"""Which days are days off (休息日) in mainland China: the State Council's yearly arrangements as facts.

A year whose arrangement is not loaded is guessed from what is fixed: weekends and the statutory holidays that always
fall on the same date. A make-up weekend (调休) is a working day.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

HOLIDAYS = Path(__file__).parent / "data" / "holidays.csv"

# 《全国年节及纪念日放假办法》: 1 January; 1-2 May (since 2025); 1-3 October. The others follow the moon or the sun.
FIXED = {(1, 1): "元旦", (5, 1): "劳动节", (5, 2): "劳动节", (10, 1): "国庆节", (10, 2): "国庆节", (10, 3): "国庆节"}


class Kind(StrEnum):
    """What a day is."""

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
    """Days off and working days, with what is known and what is guessed."""

    arranged: Mapping[date, Arranged]
    first_loaded: date
    last_loaded: date
    """31 December of the last year whose arrangement is loaded."""

    def is_loaded(self, day: date) -> bool:
        return self.first_loaded <= day <= self.last_loaded

    def name(self, day: date) -> str:
        """The holiday that the day is off for, or that a make-up day makes up for; "" for none."""
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


def read(path: Path) -> Calendar:
    """A calendar from a file of `date,name,kind` rows; kind is off or work. A doubtful row is refused."""
    arranged: dict[date, Arranged] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            day = date.fromisoformat(row["date"])
            if row["kind"] not in ("off", "work") or day in arranged:
                raise ValueError(f"{path.name}, line {number}: {row['date']} is there twice or is neither off nor work")
            arranged[day] = Arranged(row["name"], row["kind"] == "off")
    # Make-up days of one year's arrangement may lie in the December before it, so years are those with New Year's Day.
    years = [day.year for day, fact in arranged.items() if (day.month, day.day) == (1, 1) and fact.off]
    if not years:
        raise ValueError(f"{path.name}: no year is complete")
    return Calendar(arranged, date(min(years), 1, 1), date(max(years), 12, 31))


@lru_cache(maxsize=1)
def calendar() -> Calendar:
    """The calendar that comes with the project, read once."""
    return read(HOLIDAYS)
