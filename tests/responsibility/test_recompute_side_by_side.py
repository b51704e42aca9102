"""Two recomputations at the same moment, while the office goes on working: each date moves once, and nobody is stuck.

The petitions are new ones and ones from an old ledger.
"""

from collections import Counter
from pathlib import Path

from django.core.management import call_command
from django.db import transaction

from audit.models import AuditEvent
from audit.verify import verify
from petitions.models import Demand
from responsibility import recompute
from responsibility.models import Obligation
from tests.at_once import all_at_once
from tests.calendar_lab import arrange
from tests.chain_lab import at, event
from tests.city import act, build_city, file_petition
from tests.import_lab import HEAD, MAPPING, private_folder

REGISTER = {"category": "010101", "region": "990100000000", "purpose": "request"}
EACH = 20


def test_each_date_moves_once_whoever_recomputes_and_acts_meanwhile(cloned_db: str, tmp_path: Path) -> None:
    with at("2026-12-20 10:00") as now, transaction.atomic():
        event()
        build_city()
        for _each in range(EACH):
            file_petition(received_at=now)
    with at("2026-12-20 11:00"):
        _import(tmp_path)
    assert set(Obligation.objects.values_list("rule", flat=True)) == {"XF01"}
    assert {str(o.due_legal) for o in Obligation.objects.all()} == {"2027-01-04"}

    with at("2026-12-31 12:00"):
        with transaction.atomic():
            event()
            arrange()
        all_at_once(lambda: recompute.recompute(batch=3), lambda: recompute.recompute(batch=4), _register)

    assert {str(o.due_legal) for o in Obligation.objects.all()} == {"2027-01-05"}
    moved = Counter(AuditEvent.objects.filter(name="due_moved").values_list("subject_key", flat=True))
    assert len(moved) == 2 * EACH and set(moved.values()) == {1}, "an event each"
    for demand in Demand.objects.all():
        assert demand.due_at == Obligation.objects.open().about("petition", demand.pk).get().due_at
    assert Demand.objects.filter(state="registered").count() == EACH
    assert verify("responsibility_obligation", "petitions_demand").ok


def _import(folder: Path) -> None:
    rows = "".join(f"{n},张三,第{n}件,2026-12-20 09:0{n % 10}:00,路灯坏了,,\n" for n in range(EACH))
    (folder / "old.csv").write_text(HEAD + rows, encoding="utf-8")
    (folder / "map.toml").write_text(MAPPING, encoding="utf-8")
    with private_folder(folder / "private"):
        call_command("import_petitions", str(folder / "old.csv"), "--mapping", str(folder / "map.toml"))


def _register() -> None:
    for demand in Demand.objects.order_by("pk")[:EACH]:
        act(demand, "clerk", "register", REGISTER)
