"""Times and days of Shanghai. The database keeps UTC; whatever day a person is shown, or owes by, is Shanghai's."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")


def today() -> date:
    """Returns the present day in Shanghai."""
    return local_day(timezone.now())


def local_time(moment: datetime) -> datetime:
    """Returns the instant as a clock in Shanghai shows it."""
    return moment.astimezone(SHANGHAI)


def local_day(moment: date | datetime) -> date:
    """Returns the day in Shanghai; a naive time is Shanghai's."""
    if not isinstance(moment, datetime):
        return moment
    return (local_time(moment) if moment.tzinfo else moment).date()


def days_until(moment: date | datetime, day: date | None = None) -> int:
    """Calendar days from today, or from another day, until that day in Shanghai; negative once it has passed."""
    return (local_day(moment) - (day or today())).days


def instant(moment: date | datetime) -> datetime:
    """Returns the instant in UTC; a day stands for its beginning and a naive time is Shanghai's."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=SHANGHAI)
    return moment.astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """Returns 24:00 of a day in Shanghai, in UTC."""
    return instant(day + timedelta(days=1))


def clock_time(moment: datetime) -> str:
    """Says when something happened, to a person who was just too late: the time, with its day when that is not
    today."""
    local = local_time(moment)
    return f"{local:%H:%M}" if local.date() == today() else f"{local:%Y-%m-%d %H:%M}"
