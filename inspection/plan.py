"""The backward plan (倒排工期): how late each milestone may be reached, and where a lost day shows.

Pure functions of days and the calendar: no now(), no database. Days are Shanghai's; working days count, as for every
period of the house that counts them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from responsibility.calendar import Calendar
from responsibility.deadlines import DAY, add_working_days, working_days_before


@dataclass(frozen=True)
class Item:
    """A milestone as the plan reads it."""

    item: int
    days: int
    """Working days that its work takes."""
    last_day: date
    done_on: date | None = None


@dataclass(frozen=True)
class Planned:
    """A milestone with what follows from the others."""

    item: int
    last_day: date
    latest_safe_day: date
    """The ordered date minus the working days of all later milestones: reached after it, the task is late."""
    expected: date
    """The day it was reached; else the earliest on which it can be, when work goes on without a break from today."""
    done: bool

    @property
    def late(self) -> bool:
        """Whether it is, or will be, reached after its own last day."""
        return self.expected > self.last_day

    @property
    def unsafe(self) -> bool:
        """Whether what was lost by then can no longer be made good within the ordered date."""
        return self.expected > self.latest_safe_day


def backward_plan(due_on: date, items: Sequence[Item], today: date, calendar: Calendar) -> list[Planned]:
    """Plans the milestones in their order, back from the ordered date and on from today."""
    safe: dict[int, date] = {}
    latest = _working_day_until(due_on, calendar)
    for one in reversed(items):
        safe[one.item] = latest
        latest = working_days_before(latest, one.days, calendar)
    planned, free = [], today - DAY
    for one in items:
        expected = one.done_on or add_working_days(free, one.days, calendar)
        free = free if one.done_on else expected
        planned.append(Planned(one.item, one.last_day, safe[one.item], expected, one.done_on is not None))
    return planned


def expected_end(planned: Sequence[Planned]) -> date | None:
    """Returns the day on which the last open milestone is expected; None where all are reached."""
    return max((one.expected for one in planned if not one.done), default=None)


def _working_day_until(day: date, calendar: Calendar) -> date:
    """Returns the last working day up to a day."""
    while calendar.is_day_off(day):
        day -= DAY
    return day
