"""The named readers of walled records."""

from datetime import date
from typing import Any

from responsibility.models import Reader
from tests.guards import refused


def _reader(city: Any, **days: Any) -> Reader:
    return Reader.objects.create(kind="sealed", record=1, user=city.deputy, **days)


@refused("one_reader_row_at_a_time")
def _(city):
    _reader(city, since=date(2026, 9, 1))
    _reader(city, since=date(2026, 9, 15))


@refused("reader_dates")
def _(city):
    _reader(city, since=date(2026, 9, 15), until=date(2026, 9, 14))
