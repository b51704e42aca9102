"""The arrangements of holidays as rows: seeded from the file, kept, and noticed by every process without a restart."""

import os
from datetime import date

import pytest
from django.db import ProgrammingError, connections, transaction
from django.utils import timezone

from massline.stack.database import Address
from responsibility.calendar import Kind, at_version, calendar, forget, newest, of, shipped
from responsibility.models import ArrangedDay, Arrangement
from tests.calendar_lab import Process, arrange
from tests.chain_lab import event


@pytest.mark.django_db
def test_a_new_database_knows_what_comes_with_the_program():
    known = calendar()
    assert dict(known.arranged) == dict(shipped().arranged)
    assert (known.first_loaded, known.last_loaded, known.version) == (date(2007, 1, 1), date(2026, 12, 31), 1)
    assert list(Arrangement.objects.order_by("year").values_list("year", flat=True)) == list(range(2007, 2027))
    assert all(a.source and a.loaded_by is None for a in Arrangement.objects.all())
    december = ArrangedDay.objects.get(day=date(2022, 12, 31))  # off for New Year 2023, and arranged with it
    assert (december.arrangement.year, december.off) == (2023, True)


@pytest.mark.django_db
def test_a_later_version_takes_the_place_of_the_whole_year():
    event()
    arrange(2026, {"元旦": (["2026-01-01"], []), "国庆节": (["2026-10-01"], [])})
    assert calendar().kind(date(2026, 10, 1)) == Kind.HOLIDAY
    assert calendar().kind(date(2026, 10, 2)) == Kind.WORKDAY
    assert calendar().kind(date(2025, 10, 2)) == Kind.HOLIDAY, "other years stay"
    assert at_version(1).kind(date(2026, 10, 2)) == Kind.HOLIDAY, "what was known stays known"


@pytest.mark.django_db
def test_dates_that_are_computed_together_are_computed_under_one_version(django_assert_num_queries):
    event()
    first = calendar()
    arrange()
    before = newest() - 1
    forget()
    assert calendar().version == before + 1 and calendar().is_loaded(date(2027, 6, 1))
    assert not first.is_loaded(date(2027, 6, 1))
    Arrangement.objects.create(version=before + 2, year=2028, source="通知", loaded_at=timezone.now())
    with django_assert_num_queries(0):
        assert calendar().version == before + 1, "within one request nothing moves"
    forget()
    with django_assert_num_queries(3):
        calendar()  # the number, and what is new is read once
    forget()
    with django_assert_num_queries(1):
        calendar()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE responsibility_arrangement SET source = 'x'",
        "DELETE FROM responsibility_arrangement",
        "UPDATE responsibility_arrangedday SET off = NOT off",
        "DELETE FROM responsibility_arrangedday",
    ],
)
def test_the_program_cannot_change_an_arrangement_that_is_there(change):
    event()
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute(change)


def test_running_processes_notice_a_new_version(cloned_db):
    """Web workers and Celery workers that have answered by the old calendar answer by the new one."""
    here = connections["default"].settings_dict
    address = Address(here["USER"], here["PASSWORD"], here["HOST"], here["PORT"], cloned_db)
    more = {"MASSLINE_ENV": "test", "DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": address.url}
    running = [Process(does, os.environ | more) for does in ("request", "request", "task")]
    try:
        assert [one.ask() for one in running] == ["1 2026-12-31"] * 3
        with transaction.atomic():
            event()
            arrange()
            assert [one.ask() for one in running] == ["1 2026-12-31"] * 3, "not before it is committed"
        assert [one.ask() for one in running] == ["2 2027-12-31"] * 3
    finally:
        for one in running:
            one.stop()


def test_a_calendar_without_a_year_is_refused():
    with pytest.raises(ValueError):
        of({})
