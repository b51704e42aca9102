"""What the database itself refuses, to the application's own role: every constraint and trigger, by its name."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.utils import timezone

import tests.guards.arrangements
import tests.guards.chain
import tests.guards.creations
import tests.guards.inspection
import tests.guards.inspection_activities
import tests.guards.inspection_draws
import tests.guards.inspection_whistles
import tests.guards.institutions
import tests.guards.links
import tests.guards.office
import tests.guards.petitions
import tests.guards.proposals
import tests.guards.publications
import tests.guards.readers
import tests.guards.recurring
import tests.guards.spills
import tests.guards.transfers  # noqa: F401
from responsibility.models import Appointment
from tests.chain_lab import constraint, event
from tests.city import build_city, file_petition
from tests.database import BASE
from tests.guards import BROKEN
from tests.guards.chain import DAY, absence, acting, owed
from tests.shared.test_guards_of_kinds import of_every_record

OURS = [app.label for app in apps.get_app_configs() if Path(app.path).parent == BASE]
"""Every app of ours: a mechanism that is installed is guarded, without being named here."""
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
    """A constraint added to a model without a test of its refusal shows here; those that every record has are broken
    kind by kind (test_guards_of_kinds.py)."""
    models = [model for app in OURS for model in apps.get_app_config(app).get_models()]
    declared = {constraint.name for model in models for constraint in model._meta.constraints}
    assert declared - set(BROKEN) - {name for model in models for name in of_every_record(model)} == set()


@pytest.mark.django_db
def test_every_trigger_of_ours_is_broken_once():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT prosrc FROM pg_proc JOIN pg_trigger ON tgfoid = pg_proc.oid "
            "WHERE split_part(proname, '_', 1) = ANY(%s)",
            [[app for app in OURS if app not in ("audit", "records")]],  # tests/audit, tests/records: seats, versions
        )
        sources = "".join(source for (source,) in cursor.fetchall())
    raised = set(re.findall(r"CONSTRAINT = '(\w+)'", sources))
    assert raised and raised - set(BROKEN) == set()


def test_not_even_the_owner_deletes_a_breach(cloned_db):
    with transaction.atomic():
        event()
        build_city()
        breached = owed(file_petition().demand, breached_at=timezone.now())
    delete = f"DELETE FROM responsibility_obligation WHERE id = {breached.pk}"
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(delete)
    with pytest.raises(IntegrityError) as caught, connections["owner"].cursor() as cursor:
        cursor.execute(delete)
    assert constraint(caught.value) == "breach_stays"


SHADOWED = {
    "acting_within_absence": (
        "CREATE TABLE {}.responsibility_absence AS SELECT id, appointment_id, since, 'infinity'::date AS until "
        "FROM public.responsibility_absence",
        "UPDATE responsibility_appointment SET until = NULL WHERE kind = 'acting'",
    ),
    "no_more_representatives_than_persons": (
        "CREATE TABLE {}.citizens_representative AS SELECT * FROM public.citizens_representative WHERE false",
        "UPDATE petitions_petition SET persons = 1",
    ),
}


@pytest.mark.parametrize("name", SHADOWED)
@pytest.mark.parametrize("place", ["pg_temp", "massline_owner"])
def test_a_guard_looks_at_the_real_table(cloned_db, name, place):
    """Not at a temporary one of the same name, nor at one in a schema that is named like the role (here the owner's:
    the application's can make neither)."""
    with transaction.atomic():
        event()
        city = build_city()
        away = absence(city)
        acting(city, because="absence", absence=away, since=away.since, until=away.until)
        file_petition(persons=3, representatives=[{"name": "代表", "phone": ""}])
    shadow, change = SHADOWED[name]
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {connections['owner'].settings_dict['USER']}")
        cursor.execute(shadow.format(place))
        with pytest.raises(IntegrityError) as caught:
            cursor.execute(change)
    assert constraint(caught.value) == name


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
