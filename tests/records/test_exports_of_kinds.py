"""Exports of several kinds: each declares what leaves of it, and nothing leaves of a kind that declares nothing."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from audit import log
from audit.events import EXPORTED
from massline.keys import id_of
from petitions.models import State
from reports.export_kinds import ExportScope, FaultyFilter, export_kinds, may_export
from reports.models import Export
from responsibility import obligations, readers
from responsibility.models import Escalation, EscalationState, Obligation
from tests.chain_lab import at, event
from tests.city import build_city, walk_to
from tests.conftest import open_folder
from tests.export_lab import made, posted, rows
from tests.kinds.lab import ERRANDS, errand, paper_kinds, sealed, seen_by

DAY, LATER = "2026-09-15 10:00", "2026-12-10 10:00"


@pytest.fixture(autouse=True)
def papers() -> Iterator[None]:
    with paper_kinds():
        yield


@pytest.fixture
def world(city: SimpleNamespace) -> SimpleNamespace:
    """A petition, an errand and a sealed matter, with what is owed about each, climbed; an auditor sees all."""
    with at(DAY) as now:
        filed = walk_to(State.HANDLING)
        event()
        department = city.organ["department"]
        one, other = errand("E-1", department), sealed("S-1", department, city.post["deputy"])
        readers.allow(other.matter, [city.auditor.pk], now)
        readers.declare(city.auditor, readers.undeclared(city.auditor).get().pk)
        event()
        for record in (one, other):
            log.record(EXPORTED, subject=log.Subject(record.KIND, record.number), facts={"what": "x"})
            obligations.open_(record.matter, "ML01", record.chain_subject(), now)
        for owed in Obligation.objects.open():
            Escalation.objects.create(
                obligation=owed, step="top", organ=department, since=now, noticed_at=now, state=EscalationState.SENT
            )
    assert seen_by(city.auditor) == {"S-1"}
    return SimpleNamespace(city=city, number=filed.number)


def found(user: Any, what: str, key: str = "number", **filter: str) -> set[str]:
    """The records that an export speaks of."""
    with at(LATER) as now:
        kind = filter.pop("kind", "")
        sheet = export_kinds()[what]
        scope = ExportScope(user, filter, now, kind)
        (column,) = [column for column in sheet.columns(now) if column.name == key]
        return {str(row[0]) for row in sheet.selected(scope, [column])}


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["timelines", "obligations", "escalations"])
def test_what_kinds_share_holds_those_that_leave(world: SimpleNamespace, what: str) -> None:
    auditor = world.city.auditor
    assert found(auditor, what) == {world.number, "E-1"}
    assert found(auditor, what, kind="errand") == {"E-1"}
    assert found(auditor, what, kind="petition", state="closed") == set()
    assert found(auditor, what, state="handling") == {world.number}, "errands cannot be narrowed so"


@pytest.mark.django_db
def test_the_log_says_nothing_of_a_kind_that_does_not_leave(world: SimpleNamespace) -> None:
    assert {world.number, "E-1"} <= found(world.city.auditor, "events", "subject")
    assert "S-1" not in found(world.city.auditor, "events", "subject")


@pytest.mark.django_db
def test_a_list_leaves_with_whom_its_kind_lets(world: SimpleNamespace) -> None:
    leader, inspector, auditor = (set(may_export(getattr(world.city, w))) for w in ("leader", "inspector", "auditor"))
    assert "errands" in leader and "ledger" not in leader
    assert {"ledger", "errands"} <= inspector and "timelines" not in inspector
    assert {"ledger", "errands", "timelines"} <= auditor and "sealeds" not in export_kinds()
    assert found(world.city.leader, "errands") == {"E-1"}
    assert found(world.city.other_leader, "errands") == set()


@pytest.mark.django_db
def test_a_list_that_cannot_be_narrowed_so_is_not_taken_out_whole(world: SimpleNamespace) -> None:
    with pytest.raises(FaultyFilter):
        found(world.city.auditor, "errands", group="true")


def test_a_leader_takes_out_the_errands_and_no_petition(cloned_db: str) -> None:
    with open_folder() as folder:
        world = SimpleNamespace(city=build_city(), folder=folder, clients={})
        with at(DAY), transaction.atomic():
            event()
            errand("E-1", world.city.organ["department"])
        _job, data = made(world, "errands", "csv", who="leader")
        assert rows(data, "csv") == [{"编号": "E-1"}]
        assert posted(world, "leader", "ledger", "csv").status_code == 422
        narrowed = posted(world, "auditor", "timelines", "csv", kind="petition", state="closed")
        job = Export.objects.get(pk=id_of("export", narrowed["Location"].split("/")[-2]))
        assert (job.kind, job.filter) == ("petition", {"state": "closed"}) and ERRANDS.kind != job.kind
