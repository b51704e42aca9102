"""Times and days of Shanghai. The database keeps UTC; whatever day a person is shown, or owes by, is Shanghai's."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import formats, timezone
from django.utils.translation import get_language

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
    return f"{local:%H:%M}" if local.date() == today() else long_form(local)


def long_form(moment: date | datetime | None) -> str:
    """Writes a day, or a time with its day, as sentences, documents and the pages of citizens say it."""
    return _written(moment, "")


def short_form(moment: date | datetime | None) -> str:
    """Writes a day, or a time with its day, as lists and tables have room for it."""
    return _written(moment, "SHORT_")


def official_day(day: date) -> str:
    """Writes a day as official papers do (GB/T 9704), whatever language their reader has chosen."""
    return f"{day.year}年{day.month}月{day.day}日"


def _written(moment: date | datetime | None, role: str) -> str:
    if moment is None:
        return "—"
    if not isinstance(moment, datetime):
        return _formatted(moment, f"{role}DATE_FORMAT", get_language())
    return _formatted(local_time(moment) if moment.tzinfo else moment, f"{role}DATETIME_FORMAT", get_language())


@lru_cache(maxsize=4096)
def _formatted(moment: date | datetime, pattern: str, language: str | None) -> str:
    # Kept by language, in which it is written: a list shows two hundred days, most of them many times.
    return formats.date_format(moment, pattern)
