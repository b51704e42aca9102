"""Who owes a recurring duty (经常性职责) whose post is vacant, or was taken over."""

from datetime import date

import pytest

from audit.models import AuditEvent
from massline.acts import perform
from massline.keys import key_of
from responsibility.acts import LEADER_ACTS
from responsibility.models import Appointment, Escalation, Notice
from tests.chain_lab import appoint, at, person, post
from tests.responsibility.test_recurring_duties import BY_JANUARY, job, owed, owes, sweeps, town  # noqa: F401

pytestmark = pytest.mark.django_db


def test_a_vacant_posts_duty_falls_to_the_top_of_its_organ_and_back(town):  # noqa: F811
    owes(town)
    town.post.appointments.update(until=date(2026, 11, 1))
    job("2026-11-02")
    assert owed("2026-11-01").post == town.head_post
    appoint(person("新科长"), town.post, since=date(2026, 11, 5))
    job("2026-11-05")
    assert owed("2026-11-01").post == town.post
    assert AuditEvent.objects.get(name="period_handed_over").facts["post"] == "住建局 科长"


def test_a_post_that_becomes_vacant_hands_over_what_it_owes(town):  # noqa: F811
    owes(town)
    job("2026-11-02")
    town.post.appointments.update(until=date(2026, 11, 10))
    job("2026-11-09")
    assert owed("2026-11-01").post == town.post
    job("2026-11-10")
    assert owed("2026-11-01").post == town.head_post
    sweeps("2026-11-25")
    assert {name for (name,) in Notice.objects.values_list("recipient__name")} == {"局长"}


def test_where_the_top_is_vacant_too_it_stays_and_climbs(town):  # noqa: F811
    owes(town)
    Appointment.objects.exclude(user=town.mayor).update(until=date(2026, 11, 1))
    job("2026-11-02")
    assert owed("2026-11-01").post == town.post


def test_whom_a_leader_has_put_there_stays_while_somebody_is_there(town):  # noqa: F811
    other = post(town.office, "科员", person("科员"))
    owes(town, BY_JANUARY)
    job("2026-01-02")
    sweeps("2026-02-01 00:05", "2026-02-10")
    climbed = Escalation.objects.get(state="sent")
    with at("2026-02-10 10:00") as now:
        data = {"post": key_of("post", other.pk), "text": "请科员补办"}
        perform(LEADER_ACTS["reassign"], Escalation, climbed.pk, town.head, data, at=now)
    job("2026-02-11")
    assert owed("2026-01-01").post == other
    other.appointments.update(until=date(2026, 2, 12))
    job("2026-02-12")
    assert owed("2026-01-01").post == town.post
