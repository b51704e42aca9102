"""Computes deadlines (期限), as pure functions of (rule, start, calendar): no now(), no database.

The day of the event does not count and a period ends at 24:00 of its last day in Shanghai (《民法典》第 200-204 条 by
analogy, DOMAIN 1.12). Two dates are kept: `due_strict` is the plain count, for lights and early warnings; `due_legal`
is the first day from it on that is not a day off, after which something is overdue; a fixed date stays where it is.
Months and years end on the day number that they began with, else on the month's last day.
`responsibility.derivation` shows how a date came about, day by day.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal

from django.utils.translation import gettext as _

from massline.time import end_of_day, instant, local_day, local_time
from responsibility.calendar import Calendar
from responsibility.rule_files import PERIOD_ENDS, PERIODS, Rule, Unit
from responsibility.rules import DeadlineError

DAY = timedelta(days=1)

# Before 2000 the five-day week and summer time were other ones; nobody owes anything after 2199.
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)

MONTHS_IN: dict[str, int] = {"month": 1, "year": 12}

YELLOW_SHARE = 0.3
YELLOW_WORKING_DAYS = 3

Light = Literal["green", "yellow", "red"]
Pause = tuple[date, date]
"""The first and the last whole day on which a period stood still."""


class OutOfRange(DeadlineError):
    """The date is too far away to be computed."""


class WrongDays(DeadlineError):
    """The rule does not allow this number of days, or takes none."""


@dataclass(frozen=True)
class Due:
    """The deadline under a rule, with all that its derivation needs."""

    rule: Rule
    start: date | datetime
    """The day of the event, or its instant."""
    calendar: Calendar = field(repr=False, compare=False)
    amount: int | None = None
    """The number of units that applied, without extensions; None for "as ordered".

    Of an ordered date, or one counted back from it, it is the days up to it, of a fixed one 0.
    """
    extended: int = 0
    """Units added by extensions (延期)."""
    paused: frozenset[date] = frozenset()
    """The days within the period that did not count because it stood still (中止)."""
    due_strict: date | datetime | None = None
    due_legal: date | datetime | None = None
    strict_at: datetime | None = None
    """UTC; the end of due_strict."""
    due_at: datetime | None = None
    """UTC; the instant from which it is overdue."""
    provisional: bool = False
    """A day that decided the result lies after the last loaded arrangement."""

    @property
    def opened_at(self) -> datetime:
        """UTC; the instant of the start, or the beginning of its day."""
        return instant(self.start)

    @property
    def paused_days(self) -> int:
        """For exactly how many days the period stood still."""
        return len(self.paused)


def is_provisional(due_at: datetime | None, calendar: Calendar) -> bool:
    """Tells whether a deadline lies after the last day whose holidays are known: another day off may move it."""
    return due_at is not None and due_at > end_of_day(calendar.last_loaded)


def add_working_days(day: date, number: int, calendar: Calendar) -> date:
    """Returns the n-th working day after a day; the day itself is not counted, and none after it gives the day back."""
    return _last_working_day(day, number, calendar, frozenset())


def working_days_before(day: date, number: int, calendar: Calendar) -> date:
    """Returns the n-th working day before a day; the day itself is not counted, and none before it gives the day
    back."""
    while number > 0:
        day -= DAY
        number -= not calendar.is_day_off(day)
    return day


def next_working_day(day: date, calendar: Calendar) -> date:
    """Returns the first day from this one on that is not a day off."""
    while calendar.is_day_off(day):
        day += DAY
    return day


def add_months(day: date, number: int) -> date:
    """Returns the same day number so many months later; the month's last day where it has no such day (民法典 202)."""
    months = day.year * 12 + day.month - 1 + number
    year, month = months // 12, months % 12 + 1
    if year > LATEST.year:
        raise out_of_range()
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def period_of(day: date, every: str) -> tuple[date, date]:
    """Returns the month, quarter, half or year around a day: its first day, and the first of the one that follows."""
    months = PERIODS[every]
    since = day.replace(month=(day.month - 1) // months * months + 1, day=1)
    return since, add_months(since, months)


def next_fixed_date(after: date, day: str) -> date:
    """Returns the next fixed date after a day: a day of the year ("01-31"), or the end of a month, quarter, half or
    year."""
    if every := PERIOD_ENDS.get(day):
        return period_of(after + DAY, every)[1] - DAY
    found = date.fromisoformat(f"{after.year}-{day}")
    return found if found > after else found.replace(year=after.year + 1)


def compute(
    rule: Rule,
    start: date | datetime,
    calendar: Calendar,
    *,
    days: int | None = None,
    paused: Iterable[Pause] = (),
) -> Due:
    """Computes the deadline of what starts now, or on this day. `days` is for rules whose number a person gives."""
    return _dated(Due(rule, start, calendar, amount=check_days(rule, days)), paused_days(rule, paused))


def extend(due: Due, days: int) -> Due:
    """Extends a deadline (延期), counted from its original last day; a second extension adds to the first."""
    if days < 1 or due.amount is None or due.rule.unit == "h":
        raise WrongDays(_("规则 %(code)s 不能延期 %(days)s 天。") % {"code": due.rule.code, "days": days})
    return _dated(replace(due, extended=due.extended + days), due.paused)


def check_days(rule: Rule, days: int | None) -> int | None:
    """Returns how many units apply: the rule's own, or those that a person gave within the rule's bounds."""
    if days is None:
        return 0 if rule.day else None if rule.before else rule.value
    if rule.maximum is None:
        raise WrongDays(_("规则 %(code)s 不能指定天数。") % {"code": rule.code})
    if not (0 if rule.unit == "date" else 1) <= days <= rule.maximum:
        raise WrongDays(
            _("规则 %(code)s 的天数应当在 1 到 %(maximum)s 之间。") % {"code": rule.code, "maximum": rule.maximum}
        )
    return days


def paused_days(rule: Rule, pauses: Iterable[Pause]) -> frozenset[date]:
    """Returns the days of some pauses, each once; only the period of a rule that names a pause may stand still (XF11:
    听证)."""
    days: set[date] = set()
    for first, last in pauses:
        if not rule.pausable:
            raise DeadlineError(_("规则 %(code)s 的期限不能中止。") % {"code": rule.code})
        if first > last or first < EARLIEST or last > LATEST:
            raise DeadlineError(_("中止期间的起止日期不对。"))
        days.update(first + DAY * n for n in range((last - first).days + 1))
    return frozenset(days)


def _dated(due: Due, paused: frozenset[date]) -> Due:
    """Returns the deadline with its dates."""
    first = check_day(due.start)
    if due.amount is None:
        return due
    if due.rule.unit == "h":
        return _dated_by_hours(due, due.amount)
    try:
        strict = _last_day(first, due, paused)
        legal = next_working_day(strict, due.calendar) if due.rule.rolls else strict
    except OverflowError:
        raise out_of_range() from None
    if legal > LATEST:
        raise out_of_range()
    return replace(
        due,
        paused=frozenset(day for day in paused if first < day <= strict),
        due_strict=strict,
        due_legal=legal,
        strict_at=end_of_day(strict),
        due_at=end_of_day(legal),
        provisional=_last_decisive(due, legal) > due.calendar.last_loaded,
    )


def _last_decisive(due: Due, legal: date) -> date:
    """Returns the last day whose being off decides: of a day counted back, the one before the day that was ordered."""
    if due.rule.before:
        return ordered_day(due) - DAY
    # Only the days from due_strict to due_legal decide; by the working day, all up to it do.
    return legal if due.rule.rolls or due.rule.unit == "wd" else date.min


def _dated_by_hours(due: Due, hours: int) -> Due:
    at = due.opened_at + timedelta(hours=hours)
    shown = local_time(at)
    return replace(due, due_strict=shown, due_legal=shown, strict_at=at, due_at=at)


def check_day(start: date | datetime) -> date:
    """Returns the day in Shanghai that a period starts on; raises OutOfRange where days cannot be counted."""
    try:
        day = local_day(start)
    except OverflowError:
        raise out_of_range() from None
    if not EARLIEST <= day <= LATEST:
        raise out_of_range()
    return day


def out_of_range() -> OutOfRange:
    return OutOfRange(
        _("只能计算 %(first)s 年至 %(last)s 年之间的日期。") % {"first": EARLIEST.year, "last": LATEST.year}
    )


def _last_day(first: date, due: Due, paused: frozenset[date]) -> date:
    """Returns the last day of a period that begins after `first`."""
    number = (due.amount or 0) + due.extended
    if due.rule.before:
        return working_days_before(ordered_day(due), due.rule.value or 0, due.calendar)
    if due.rule.unit == "wd":
        return _last_working_day(first, number, due.calendar, paused)
    if due.rule.unit in MONTHS_IN:
        return add_months(first, number * MONTHS_IN[due.rule.unit])
    if due.rule.day:
        return next_fixed_date(first, due.rule.day) + DAY * number
    if not paused:
        return first + DAY * number
    day = first
    while number:
        day += DAY
        number -= day not in paused
    return day


def ordered_day(due: Due) -> date:
    """Returns the day from which a rule counts back."""
    return local_day(due.start) + DAY * ((due.amount or 0) + due.extended)


def _last_working_day(day: date, number: int, calendar: Calendar, paused: frozenset[date]) -> date:
    while number > 0:
        day += DAY
        number -= day not in paused and not calendar.is_day_off(day)
    return day


def warning_moments(due: Due) -> tuple[datetime | None, datetime | None]:
    """Returns the moments when 30 % of the period is left and when 3 working days are; None when not after the start.

    A period by the hour has no working days left to count.
    """
    if due.strict_at is None:
        return None, None
    share = _share_moment(due.opened_at, due.strict_at, due.paused_days)
    days = None if due.rule.unit == "h" else _working_days_moment(due.strict_at, due.calendar)
    return share, days if days is not None and days > due.opened_at else None


def light(
    opened_at: datetime,
    strict_at: datetime | None,
    now: datetime,
    calendar: Calendar,
    *,
    unit: Unit = "cd",
    paused_days: int = 0,
) -> Light:
    """Returns the traffic light: red when the plain count is over, yellow when little of it is left.

    Little is 30 % of the period or 3 working days, whichever comes first.
    """
    if strict_at is None or now < opened_at:
        return "green"
    if now >= strict_at:
        return "red"
    if now >= _share_moment(opened_at, strict_at, paused_days):
        return "yellow"
    if unit != "h" and now >= _working_days_moment(strict_at, calendar):
        return "yellow"
    return "green"


def _share_moment(opened_at: datetime, strict_at: datetime, paused_days: int) -> datetime:
    return strict_at - (strict_at - opened_at - DAY * paused_days) * YELLOW_SHARE


def _working_days_moment(strict_at: datetime, calendar: Calendar) -> datetime:
    """Returns the beginning of the third last working day of a period that ends here."""
    day = local_day(strict_at)
    left = YELLOW_WORKING_DAYS
    while left:
        day -= DAY
        left -= not calendar.is_day_off(day)
    return instant(day)
