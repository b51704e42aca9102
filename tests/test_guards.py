"""What the database itself refuses, to the application's own role: every constraint and trigger, by its name."""

import re

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

import tests.guards.chain
import tests.guards.office
import tests.guards.petitions  # noqa: F401
from responsibility.models import (
    Appointment,
)
from tests.chain_lab import constraint, event
from tests.guards import BROKEN
from tests.guards.chain import DAY, absence, acting

CASES = [(name, breaks) for name, ways in BROKEN.items() for breaks in ways]


@pytest.mark.parametrize(
    ("name", "breaks"), CASES, ids=[f"{name}-{b.__name__}" if b.__name__ != "_" else name for name, b in CASES]
)
def test_the_database_refuses(city, name, breaks):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone()[0].endswith("_app")
    event()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        breaks(city)
    assert constraint(caught.value) == name


@pytest.mark.django_db
def test_every_declared_constraint_is_broken_once():
    """A constraint added to a model without a test of its refusal shows here."""
    declared = {
        c.name
        for app in ("accounts", "responsibility", "petitions", "reports")
        for model in apps.get_app_config(app).get_models()
        for c in model._meta.constraints
    }
    assert declared - set(BROKEN) == set()


@pytest.mark.django_db
def test_every_trigger_of_ours_is_broken_once():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT prosrc FROM pg_proc JOIN pg_trigger ON tgfoid = pg_proc.oid "
            "WHERE proname LIKE 'responsibility\\_%' OR proname LIKE 'petitions\\_%' OR proname LIKE 'accounts\\_%'"
        )
        sources = "".join(source for (source,) in cursor.fetchall())
    raised = set(re.findall(r"CONSTRAINT = '(\w+)'", sources))
    assert raised and raised - set(BROKEN) == set()


def test_a_post_held_in_turn_is_no_overlap(city):
    event()
    Appointment.objects.filter(post=city.post["leader"]).update(until=DAY)
    Appointment.objects.create(user=city.deputy, post=city.post["leader"], since=DAY)


def test_acting_within_the_absence_and_in_a_vacancy_is_kept(city):
    event()
    away = absence(city)
    acting(city, because="absence", absence=away, since=away.since, until=away.until)
    Appointment.objects.filter(post=city.post["chief"]).update(until=DAY)
    Appointment.objects.create(user=city.clerk, post=city.post["chief"], kind="acting", because="vacancy", since=DAY)
