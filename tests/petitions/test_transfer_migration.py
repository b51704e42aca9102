"""Accusations of a database of before go into the register, and nobody sees more of them than they did."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.models import AuditRow
from audit.verify import verify
from petitions.models import Demand, Petition
from petitions.transfers.models import Transfer
from petitions.transfers.tidying import tidy
from responsibility import obligations
from responsibility.models import Escalation, Obligation
from responsibility.subjects import ChainSubject, Matter
from tests.chain_lab import event
from tests.city import REGISTER, SINCE, act, build_city, file_petition
from tests.eyes import climbed_to_the_root
from tests.transfer_lab import TO_JIWEI, add_discipline, receipt

PEOPLE = ("clerk", "chief", "receiver", "leader", "mayor", "secretary", "inspector", "auditor", "district_chief")


def the_code_of_before() -> tuple[tuple[str, str], Any]:
    """Its last migration, and its models: it received accusations."""
    loader = MigrationExecutor(connections["owner"]).loader
    first = next(node for node in loader.graph.nodes if node[0] == "petitions" and node[1].endswith("_transfers"))
    last = next(parent.key for parent in loader.graph.node_map[first].parents if parent.key[0] == "petitions")
    others = [leaf for leaf in loader.graph.leaf_nodes() if leaf[0] == "responsibility"]
    return last, loader.project_state([last, *others]).apps


@pytest.fixture
def moved(cloned_db: str) -> SimpleNamespace:
    """A full database of before, migrated: one that the chief read, ones that nobody could, and one that had ended."""
    (app, last), apps = the_code_of_before()
    city = build_city()
    made = SimpleNamespace(city=city, about={})
    call_command("migrate", app, last, database="owner", verbosity=0)
    with as_owner():
        readers = apps.get_model("petitions", "NamedReader").objects.using("owner")
        readers.create(user_id=city.chief.pk, office_id=city.organ["office"].pk, since=SINCE)
        filed = _filed(apps, city)
    made.about = {name: demand.pk for name, demand in filed.items()}
    with transaction.atomic():
        event()
        for demand in filed.values():
            if demand.due_at:
                matter = Matter("petition", demand.pk, demand.petition.number)
                obligations.open_(matter, "XF01", ChainSubject(demand.organ_id, "150201"), demand.received_at)
    call_command("migrate", database="owner", verbosity=0)
    return made


@contextmanager
def as_owner() -> Iterator[None]:
    """Rows by hand, explained as a migration's are: the application may not write to tables that are no more."""
    with transaction.atomic("owner"):
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT audit_record_table('rows_migrated', 'petitions_demand', '{}')")
        yield


FILED = (
    ("read", False, "registered"),
    ("about its reader", True, "received"),
    ("withdrawn", False, "withdrawn"),
    ("ordinary", False, "received"),
)
"""What was filed, whether it names its only reader, and how far it had come."""


def _filed(apps: Any, city: SimpleNamespace) -> dict[str, Any]:
    """With the tables of before: the models of now have a column more."""
    found: dict[str, Any] = {}
    now, office = timezone.now(), city.organ["office"].pk

    def rows(model: str) -> Any:
        return apps.get_model(model).objects.using("owner")

    for name, names_its_reader, state in FILED:
        petition = rows("petitions.Petition").create(
            number=f"XF20261001-{len(found):06d}", channel="web", received_at=now, title="举报有人受贿",
            body="收了开发商的钱", region_id=city.region["990100000000"].pk, tracking_hash=b"",
        )  # fmt: skip
        rows("petitions.Petitioner").create(petition=petition, tell_by="sms")
        if names_its_reader:
            who = {"kind": "person", "name": city.chief.name, "user_id": city.chief.pk}
            rows("petitions.Complained").create(petition=petition, **who)
        moment = None if state == "withdrawn" else now
        found[name] = rows("petitions.Demand").create(
            petition=petition, state=state, organ_id=office, office_id=office, category="150201", received_at=now,
            purpose="request" if name == "ordinary" else "accusation",
            opened_at=moment, strict_at=moment, due_at=moment,
        )  # fmt: skip
    return found


def test_nobody_sees_more_than_before_and_the_old_reader_hands_over_what_they_read(moved: SimpleNamespace) -> None:
    city, about = moved.city, moved.about
    lines = {line.demand_id: line for line in Transfer.objects.all()}
    assert {name: lines[pk].state for name, pk in about.items() if name != "ordinary"} == {
        "read": "to_send", "about its reader": "kept", "withdrawn": "kept",
    }  # fmt: skip
    states = dict(Demand.objects.values_list("pk", "state"))
    assert [states[about[name]] for name in ("read", "about its reader", "withdrawn", "ordinary")] == [
        "transferred", "transferred", "withdrawn", "received",
    ]  # fmt: skip
    assert set(Demand.objects.values_list("purpose", flat=True)) == {"request", "other"}
    for who in PEOPLE:
        user = User.objects.get(username=who)
        seen = set(Demand.objects.for_user(user).values_list("pk", flat=True))
        assert seen <= {about["ordinary"]}, who
        line = set(Transfer.objects.for_user(user).values_list("demand", flat=True))
        assert line == ({about["read"]} if who == "chief" else set()), who
    open_about = set(Obligation.objects.open().values_list("subject_id", flat=True))
    assert open_about == {about["ordinary"]} and not Escalation.objects.exists()
    with transaction.atomic():
        add_discipline(city)
    tidy()
    assert set(Petition.objects.filter(title="").values_list("demands", flat=True)) == {
        about["about its reader"], about["withdrawn"],
    }  # fmt: skip
    chief = Client()
    with transaction.atomic():
        chief.force_login(city.chief, "django.contrib.auth.backends.ModelBackend")
    path = f"/desk/transfers/{lines[about['read']].number}/"
    assert "收了开发商的钱" in chief.get(path).content.decode()
    assert chief.post(f"{path}acts/send/", TO_JIWEI).status_code == 302
    receipt(Transfer.objects.get(pk=lines[about["read"]].pk), by="clerk")
    assert "收了开发商的钱" not in chief.get(path).content.decode()


def test_the_migration_is_on_record_row_by_row(moved: SimpleNamespace) -> None:
    assert not AuditRow.objects.unexplained().exists()
    assert verify().ok


def test_whatever_is_filed_afterwards_is_as_ever(moved: SimpleNamespace) -> None:
    filed = file_petition()
    act(filed.demand, "clerk", "register", REGISTER)
    climbed_to_the_root()
    assert Demand.objects.for_user(moved.city.mayor).filter(pk=filed.demand.pk).exists()
