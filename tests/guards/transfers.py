"""The register of accusations handed over."""

from datetime import date

from django.utils import timezone

from petitions.models import Demand
from petitions.transfers.models import Transfer, TransferState
from tests.city import walk_to
from tests.guards import refused


def line(**changes):
    """A line of the register, changed."""
    filed = walk_to("transferred")
    Transfer.objects.filter(demand=filed.demand).update(**changes)
    return filed


def receipted(city):
    found = Transfer.objects.get(demand=line().demand)
    Transfer.objects.filter(pk=found.pk).update(
        state="receipted", receipt_number="1", receipt_on=date(2026, 1, 1), receipt_by=city.chief,
        receipt_at=timezone.now(), sealed=b"sealed",
    )  # fmt: skip
    return found.pk


def entered(city, **more):
    now = timezone.now()
    given = {"number": "YS1", "channel": "letter", "state": "sent", "pages": 1, "sent_at": now}
    given |= {"sent_by": city.clerk, "sent_from": city.organ["office"], "sent_to": city.organ["other"]}
    return Transfer.objects.create(**given | {"post": city.post["clerk"]} | more)


@refused("transfer_state")
def in_no_state(city):
    entered(city, state="lost")


@refused("transfer_pages")
def _(city):
    entered(city, pages=0)


@refused("receipt_number_and_day")
def a_receipt_without_a_number(city):
    line(state="receipted", receipt_on=date(2026, 1, 1), receipt_by=city.chief, receipt_at=timezone.now())


@refused("receipt_number_and_day")
def a_number_without_a_receipt(city):
    line(receipt_number="1")


@refused("receipt_by_another")
def _(city):
    line(
        state="receipted", receipt_number="1", receipt_on=date(2026, 1, 1), receipt_by=city.clerk,
        receipt_at=timezone.now(),
    )  # fmt: skip


@refused("sent_elsewhere")
def _(city):
    entered(city, sent_to=city.organ["office"])


@refused("petitions_transfer_number_key")
def _(city):
    entered(city)
    entered(city)


@refused("petitions_transfer_demand_id_key")
def _(city):
    entered(city, demand=line().demand)


@refused("line_stays")
def other_pages_afterwards(city):
    line(pages=9)


@refused("line_stays")
def another_receiver_afterwards(city):
    line(sent_to=city.organ["department"])


@refused("line_stays")
def another_receipt(city):
    Transfer.objects.filter(pk=receipted(city)).update(receipt_number="2")


@refused("line_stays")
def back_from_the_receipt(city):
    Transfer.objects.filter(pk=receipted(city)).update(
        state=TransferState.SENT, receipt_number="", receipt_on=None, receipt_by=None, receipt_at=None
    )


@refused("line_stays")
def something_else_sealed(city):
    Transfer.objects.filter(pk=receipted(city)).update(sealed=b"other")


@refused("transferred_is_sealed")
def _(city):
    Demand.objects.filter(pk=walk_to("received").demand.pk).update(state="transferred")


@refused("stays_handed_over")
def opened_again(city):
    Demand.objects.filter(pk=walk_to("transferred").demand.pk).update(sealed=False, state="withdrawn")


@refused("stays_handed_over")
def in_another_state(city):
    Demand.objects.filter(pk=walk_to("transferred").demand.pk).update(state="closed", outcome="supported")
