"""A record's dates follow what is owed about it, whatever changed that: an act, or none."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from petitions.models import Demand
from responsibility import obligations
from responsibility.models import Obligation
from responsibility.record_dates import follow_once
from tests.chain_lab import at, constraint, event, sh
from tests.city import file_petition

pytestmark = pytest.mark.django_db
FILED = sh("2026-09-15 10:00")


@pytest.fixture
def demand(city: SimpleNamespace) -> Demand:
    """Received on a Tuesday: XF01 is owed for it."""
    with at(FILED):
        found = file_petition(received_at=FILED).demand
    event()
    return found


def first_owed(demand: Demand) -> tuple[object, ...]:
    open_ones = Obligation.objects.open().about("petition", demand.pk).order_by("due_at")
    return open_ones.values_list("opened_at", "strict_at", "due_at")[0]


def ledger_dates(demand: Demand) -> tuple[object, ...]:
    demand.refresh_from_db()
    return demand.opened_at, demand.strict_at, demand.due_at


def close_first(demand: Demand) -> None:
    obligations.close_all(demand.matter, FILED, ["ML04"])


def close_one(demand: Demand) -> None:
    obligations.close_one(obligations.find_open(demand.matter, "ML04").pk, FILED)


def extend(demand: Demand) -> None:
    obligations.extend(obligations.find_open(demand.matter, "ML04"), 90, FILED)


def reopen(demand: Demand) -> None:
    close_first(demand)
    assert ledger_dates(demand) == first_owed(demand)
    obligations.reopen(demand.matter, "ML04", demand.chain_subject(), FILED)


@pytest.mark.parametrize("change", [close_first, close_one, extend, reopen])
def test_they_follow_without_an_act(demand: Demand, change: Callable[[Demand], None]) -> None:
    before = ledger_dates(demand)
    obligations.open_(demand.matter, "ML04", demand.chain_subject(), FILED)
    opened = ledger_dates(demand)
    assert opened == first_owed(demand) != before, "what is due first"
    change(demand)
    assert ledger_dates(demand) == first_owed(demand)
    assert (ledger_dates(demand) == opened) is (change is reopen)


def test_what_moves_together_writes_a_record_once(demand: Demand) -> None:
    with CaptureQueriesContext(connection) as sent, follow_once():
        obligations.close_all(demand.matter, FILED)
        obligations.open_(demand.matter, "ML04", demand.chain_subject(), FILED)
    assert sum('UPDATE "petitions_demand"' in query["sql"] for query in sent) == 1
    assert ledger_dates(demand) == first_owed(demand)


def test_nothing_is_written_where_the_first_date_stays(demand: Demand) -> None:
    before = ledger_dates(demand)
    obligations.open_(demand.matter, "XF06", demand.chain_subject(), FILED)
    assert ledger_dates(demand) == before == first_owed(demand)


def test_an_open_petition_is_never_left_without_a_date(demand: Demand) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        obligations.close_all(demand.matter, FILED)
    assert constraint(refused.value) == "open_has_a_date"
    assert ledger_dates(demand) == first_owed(demand)
