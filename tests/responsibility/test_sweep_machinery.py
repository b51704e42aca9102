"""The sweep as a machine: exactly once with many sweepers, killed in the middle, a poison row; and its command."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from functools import partial
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from audit.models import AuditEvent
from audit.verify import verify
from responsibility import sweep as sweeping
from responsibility.models import Escalation, Notice, Obligation
from responsibility.sweep import sweep
from tests.at_once import all_at_once
from tests.chain_lab import event, many_overdue, owed_about, sh
from tests.city import build_city, file_petition, walk_to
from tests.database import BASE, urls_of

FIRST, NOW = sh("2026-01-05 00:00"), sh("2026-11-17 00:00")


def exactly_once(count):
    """Each obligation took its one step, told its people once, and the log agrees."""
    assert Escalation.objects.count() == count == Escalation.objects.values("obligation", "step").distinct().count()
    assert not Obligation.objects.filter(next_at__lte=NOW).exists()
    assert AuditEvent.objects.filter(name="overdue").count() == count
    assert set(Notice.objects.values_list("recipient__username", "kind")) == {("clerk", "overdue"), ("chief", "office")}
    assert Notice.objects.count() == 2 * count
    assert verify("responsibility_obligation", "responsibility_escalation", "responsibility_notice").ok


@pytest.fixture
def many(cloned_db):
    return a_city_with(60)


def a_city_with(count):
    with transaction.atomic():
        event()
        city = build_city()
        many_overdue(city, count, FIRST)
    return city


def test_exactly_once_with_four_sweepers_side_by_side(many):
    swept = all_at_once(*[partial(sweep, NOW, batch=7)] * 4)
    assert sum(one.overdue for one in swept) == 60
    exactly_once(60)


def sweeper(name):
    """`manage.py sweep` as a process of its own, on the database of the test."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "sweep", "--now", NOW.isoformat()],
        cwd=BASE, env=os.environ | urls_of(name), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_kill_9_in_the_middle_leaves_nothing_done_half(cloned_db):
    a_city_with(300)
    first = sweeper(cloned_db)
    patience = time.monotonic() + 30
    while first.poll() is None and time.monotonic() < patience and not busy(cloned_db):
        time.sleep(0.005)
    time.sleep(0.05)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    done = Escalation.objects.count()
    assert done in (0, 200, 300)  # a batch is one transaction
    assert Notice.objects.count() == 2 * done
    second = sweeper(cloned_db)
    out, errors = second.communicate(timeout=60)
    assert second.returncode == 0, errors
    answer = json.loads(out)
    assert answer["overdue"] == 300 - done and answer["remaining"] == 0
    exactly_once(300)


def busy(name):
    """Whether somebody has begun to write in this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid() "
            "AND query ~ '^(INSERT|SELECT (audit_record|responsibility_take)|UPDATE)'",
            [name],
        )
        return cursor.fetchone()[0] > 0


# --- a poison row ---------------------------------------------------------------------------------------------------


@pytest.fixture
def three(city):
    """Three petitions that nobody touched; the middle one is about nothing any more."""
    filed = [file_petition(received_at=FIRST + timedelta(minutes=n)) for n in range(3)]
    return [owed_about(f.demand, "XF01") for f in filed]


@pytest.mark.parametrize("poison", [{"subject_id": 10**12}, {"subject_kind": "unknown"}, {"edition": "1789"}])
def test_a_poison_row_moves_an_hour_forward_and_all_others_go_on(three, poison):
    event()
    Obligation.objects.filter(pk=three[1].pk).update(**poison)
    swept = sweep(NOW)
    assert (swept.overdue, swept.failed, swept.remaining) == (2, [three[1].subject_key], 1)
    three[1].refresh_from_db()
    assert three[1].next_at == NOW + timedelta(hours=1)
    assert three[1].breached_at is None and not three[1].escalations.exists()
    failure = AuditEvent.objects.get(name="sweep_failed")
    assert failure.subject_key == three[1].subject_key and not failure.public
    assert set(Escalation.objects.values_list("obligation", flat=True)) == {three[0].pk, three[2].pk}
    again = sweep(NOW + timedelta(minutes=59))
    assert (again.failed, again.remaining) == ([], 0)
    assert sweep(NOW + timedelta(hours=1)).failed == [three[1].subject_key]


def test_a_poison_row_that_is_mended_goes_on(three):
    event()
    right = three[1].subject_id
    Obligation.objects.filter(pk=three[1].pk).update(subject_id=10**12)
    sweep(NOW)
    event()
    Obligation.objects.filter(pk=three[1].pk).update(subject_id=right)
    later = sweep(NOW + timedelta(hours=1))
    assert (later.overdue, later.remaining) == (1, 0)
    three[1].refresh_from_db()
    assert three[1].breached_at == three[1].due_at


def test_half_a_step_is_no_step(three, monkeypatch):
    """What fails after the first notice leaves neither notice nor event behind."""
    real = sweeping.StepPlanner._schedule_next

    def breaks(self, o, climbed=""):
        if o.pk == three[1].pk:
            raise RuntimeError("disk full")
        real(self, o, climbed)

    monkeypatch.setattr(sweeping.StepPlanner, "_schedule_next", breaks)
    swept = sweep(NOW)
    assert swept.overdue == 2
    number = three[1].subject_key
    assert not Notice.objects.filter(subject_key=number).exists()
    assert set(AuditEvent.objects.filter(subject_key=number).values_list("name", flat=True)) == {
        "petition.filed",
        "sweep_failed",
    }


def test_a_failing_log_stops_the_sweep_and_changes_nothing(three, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("no log")

    monkeypatch.setattr(sweeping.log, "event_arguments", broken)
    with pytest.raises(RuntimeError, match="no log"), transaction.atomic():
        sweep(NOW)
    assert not Escalation.objects.exists() and not Obligation.objects.exclude(breached_at=None).exists()


def test_what_somebody_works_on_this_moment_is_left_for_the_next_sweep(many, cloned_db):
    held = Obligation.objects.order_by("next_at").first()
    locked, done = threading.Event(), threading.Event()

    def act_in_progress():
        with transaction.atomic():
            Obligation.objects.select_for_update().get(pk=held.pk)
            locked.set()
            done.wait(20)
        connections.close_all()

    thread = threading.Thread(target=act_in_progress)
    thread.start()
    locked.wait(20)
    swept = sweep(NOW)
    done.set()
    thread.join()
    assert (swept.overdue, swept.remaining) == (59, 1)
    assert sweep(NOW).overdue == 1


# --- the command ----------------------------------------------------------------------------------------------------


def command(*args):
    out, err = StringIO(), StringIO()
    call_command("sweep", *args, stdout=out, stderr=err)
    return json.loads(out.getvalue()), err.getvalue()


@pytest.mark.django_db
def test_the_command_prints_exactly_these_keys(city):
    walk_to("handling")
    answer, errors = command()
    assert set(answer) == {"now", "warned", "overdue", "escalated", "remaining"}
    assert answer["now"].endswith("+08:00") and errors == ""


@pytest.mark.django_db
def test_the_command_reports_a_poison_row_and_goes_on(three):
    event()
    Obligation.objects.filter(pk=three[1].pk).update(subject_id=10**12)
    answer, errors = command("--now", NOW.isoformat())
    assert (answer["overdue"], answer["remaining"]) == (2, 1)
    assert three[1].subject_key in errors


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["2026-11-17T00:00:00+08:00", "2026-11-16T16:00:00Z", "2026-11-17T00:00", "2026-11-17"]
)
def test_now_is_shanghai_unless_it_says_otherwise(city, text):
    answer, _ = command("--now", text)
    assert answer["now"] == "2026-11-17T00:00:00+08:00"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "tomorrow",
        "",
        "2026-13-01",
        "2026-11-17T25:00",
        "99999-01-01",
        "2026",
        "9999-12-31T23:59:59Z",
        "１２",
    ],
)
def test_a_time_that_is_none_is_refused_in_a_sentence(text):
    with pytest.raises(CommandError) as refused:
        command("--now", text, "--force")
    assert "2026-11-23T09:00:00+08:00" in str(refused.value)


@pytest.mark.django_db
def test_a_time_ahead_only_in_the_demo_or_by_force(city, settings):
    ahead = (timezone.now() + timedelta(days=400)).isoformat()
    settings.DEMO = False
    with pytest.raises(CommandError):
        command("--now", ahead)
    assert command("--now", ahead, "--force")[0]["remaining"] == 0
    settings.DEMO = True
    assert command("--now", ahead)[0]["remaining"] == 0


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["0002-01-01T00:00:00+08:00", "1999-01-01", "9998-12-31T00:00:00+08:00"])
def test_a_time_at_the_end_of_the_world_does_not_break_it(city, settings, text):
    settings.DEMO = True
    file_petition()
    answer, _ = command("--now", text)
    assert set(answer) == {"now", "warned", "overdue", "escalated", "remaining"}
