"""公布后自动重算: the demo promises it on its pages, and keeps it when next year's arrangement is loaded."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from audit.verify import verify
from massline.time import SHANGHAI
from petitions.demo import grow
from petitions.models import Demand
from responsibility import deadlines, obligations, tasks
from responsibility.calendar import calendar, forget
from responsibility.models import Obligation
from responsibility.sweep import sweep
from tests import database
from tests.calendar_lab import sheet

NOW = datetime(2026, 12, 18, 9, 30, tzinfo=SHANGHAI)
PROMISE = "该年度放假安排尚未公布，此日期为暂定，公布后自动重算"


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The demo with every third of the petitions that make its numbers: what is asked here, any of them shows."""
    with django_db_blocker.unblock(), database.passing("demo_calendar"), override_settings(DEMO=True):
        with time_machine.travel(NOW), pytest.MonkeyPatch.context() as patch:
            patch.setattr(grow, "petitions", lambda chance, all_of_them=grow.petitions: [*all_of_them(chance)][::3])
            call_command("load_demo", stdout=StringIO())
        yield


@pytest.fixture
def loaded(demo: None, tmp_path: Any) -> Iterator[str]:
    """What the command printed; undone afterwards."""
    file = tmp_path / "2027.csv"
    file.write_text(sheet(), encoding="utf-8")
    out = StringIO()
    with transaction.atomic(), time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        call_command("load_calendar", str(file), stdout=out)
        forget()
        yield out.getvalue()
        transaction.set_rollback(True)


def owed() -> Any:
    return Obligation.objects.open().exclude(due_at=None)


def test_before_it_is_loaded_some_dates_are_provisional(demo: None) -> None:
    assert owed().filter(provisional=True).count() > 20


def test_every_open_date_is_the_one_of_the_new_calendar(loaded: str) -> None:
    now = timezone.now()
    moved = AuditEvent.objects.filter(name__in=["due_moved", "inner_due_moved"])
    assert moved.count() > 3, "an event each"
    for o in owed():
        assert o.calendar_checked == 2 and o.provisional == (o.due_at.year > 2027), "a review is due in five years"
        if not o.is_overdue(now) and o.breached_at is None:
            due = obligations.computed_due(o, calendar())
            assert (o.strict_at, o.due_at) == (due.strict_at, due.due_at)
            assert (o.next_at is None) == (o.next_step == "") and o.next_at is not None


def test_ledger_and_ladder_agree(loaded: str) -> None:
    for demand in Demand.objects.filter(due_at__isnull=False):
        first = owed().about("petition", demand.pk).order_by("due_at").first()
        assert first is not None and (demand.strict_at, demand.due_at) == (first.strict_at, first.due_at)
    assert not deadlines.is_provisional(Demand.objects.order_by("-due_at").exclude(due_at=None)[0].due_at, calendar())


def test_no_page_calls_a_date_provisional_any_more(loaded: str) -> None:
    told = AuditEvent.objects.filter(name="due_moved").values_list("subject_key", flat=True)
    clerk = Client()
    clerk.force_login(User.objects.get(username="clerk"))
    for path in ("/desk/ledger/", *(f"/desk/petitions/{number}/" for number in told[:3])):
        page = clerk.get(path)
        if page.status_code == 200:
            assert "暂定" not in page.content.decode() and PROMISE not in page.content.decode()
    page = clerk.get(f"/desk/petitions/{told[0]}/").content.decode()
    assert "按2027年放假安排重算" in page


def test_a_second_run_finds_nothing(loaded: str) -> None:
    events = AuditEvent.objects.count()
    tasks.recompute()
    assert AuditEvent.objects.count() == events


def test_what_is_due_climbs_by_the_new_dates(loaded: str) -> None:
    """On the evening before the new date nobody is told; when its day is over the handler is."""
    moved = [o for o in owed().filter(breached_at=None, rule="XF01") if str(o.due_legal) == "2027-01-05"]
    assert moved, "somebody filed three weeks before the 5th"
    with time_machine.travel(datetime(2027, 1, 5, 23, 59, tzinfo=SHANGHAI), tick=False):
        sweep()
        assert not Obligation.objects.filter(pk__in=[o.pk for o in moved]).exclude(breached_at=None).exists()
    with time_machine.travel(datetime(2027, 1, 6, 0, 0, tzinfo=SHANGHAI), tick=False):
        sweep()
        assert not Obligation.objects.filter(pk__in=[o.pk for o in moved], breached_at=None).exists()


def test_the_log_explains_every_change(loaded: str) -> None:
    report = verify("responsibility_obligation", "petitions_demand", "responsibility_arrangement")
    assert report.ok, report.as_json()
