"""Periods of days, as figures and the addresses of their lists name them. Days are Shanghai days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from massline.time import instant

WEEKS = 12
"""How many weeks a trend goes back, the present one included."""
EARLIEST, LATEST = date(1900, 1, 1), date(9000, 1, 1)


@dataclass(frozen=True)
class Period:
    """From the first to the last day, both included, in Shanghai."""

    first: date
    last: date

    @property
    def after(self) -> datetime:
        """A period of days ends at the end of its last day: what falls due in it is due later than this instant …"""
        return _midnight(self.first)

    @property
    def until(self) -> datetime:
        """… and not later than this one."""
        return _midnight(min(self.last, LATEST) + timedelta(days=1))

    def due(self, column: str = "due_at") -> Q:
        """Builds the condition that something falls due in the period; the end of a day belongs to that day."""
        return Q(**{f"{column}__gt": self.after, f"{column}__lte": self.until})

    def happened(self, column: str) -> Q:
        """Builds the condition that something happened in the period; midnight begins a day."""
        return Q(**{f"{column}__gte": self.after, f"{column}__lt": self.until})


def _midnight(day: date) -> datetime:
    """Returns midnight in Shanghai; a day of an address may lie at the ends of the calendar, where no time zone
    follows."""
    day = min(max(day, EARLIEST), LATEST)
    return instant(day)


def week_of(day: date) -> Period:
    """Returns the week of a day, Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=6))


def weeks_until(day: date, many: int = WEEKS) -> list[Period]:
    """Returns the week of this day and those before it, oldest first."""
    return [week_of(day - timedelta(weeks=ago)) for ago in range(many - 1, -1, -1)]


def finished_weeks(day: date, many: int = WEEKS) -> list[Period]:
    """Returns the weeks that were over before this day, latest first."""
    return weeks_until(day - timedelta(weeks=1), many)[::-1]
