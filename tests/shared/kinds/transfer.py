"""Lines of the register of accusations handed over (移送登记): who is what to each, and how each is made."""

from types import SimpleNamespace
from typing import Any

from django.db import transaction
from django.utils import timezone

from petitions.models import Demand
from petitions.transfers.models import Transfer
from responsibility.models import Obligation
from tests.chain_lab import at, event
from tests.city import file_petition
from tests.shared.kinds import ADMINISTRATIONS, HIDDEN_FROM, NOTHING, Case, Given, Plays
from tests.shared.kinds.petition import LONG_AGO, named
from tests.transfer_lab import RECEIPT, add_discipline, handed_over, receipt

INPUT = {"send": {"organ": "jiwei", "pages": 2}, "receipt": RECEIPT | {"receipt_on": "2026-01-05"}}
OTHERS = dict.fromkeys(("mayor", "handler", "leader", "outsider", "district_chief", *ADMINISTRATIONS), NOTHING)
# The clerk of the petition office handed it over; its head keeps the register, and two people of the receiver take it.
ORDINARY = {
    "clerk": (Plays("sender"),),
    "chief": (Plays("office"),),
    "letters": (Plays("receiver"),),
    "jiwei_head": (Plays("receiver"),),
    "inspector": (Plays("overseer"),),
    "auditor": (Plays("overseer"),),
    **OTHERS,
}
# From the time before there was a register: it exists for its reader alone until it is handed over.
OLD = {"chief": (Plays("sender"),), **dict.fromkeys(("clerk", "letters", "inspector", "auditor"), NOTHING), **OTHERS}
# One of that time that nobody could read.
SEALED = OLD | {"chief": NOTHING}


def line(city: SimpleNamespace, state: str) -> Transfer:
    with at("2026-01-05 10:00"):
        made: Transfer = handed_over().line
        return receipt(made) if state == "receipted" else made


@transaction.atomic
def _old(city: SimpleNamespace, state: str) -> Transfer:
    """As the migration made them."""
    demand, by = file_petition().demand, city.chief if state == "to_send" else None
    event()
    owed = Obligation.objects.about(Demand.KIND, demand.pk)
    owed.update(closed_at=timezone.now(), outcome="released", next_at=None, next_step="")
    no_dates: dict[str, Any] = dict.fromkeys(("due_at", "strict_at", "opened_at"))
    Demand.objects.filter(pk=demand.pk).update(sealed=True, state="transferred", **no_dates)
    return Transfer.objects.create(
        number=f"YS20261129-{demand.pk:010}", demand=demand, channel="web", state=state, entered_at=timezone.now(),
        sent_by=by, sent_from=city.organ["office"], post=by and city.post["chief"],
    )  # fmt: skip


GIVEN = Given(
    cases={
        "ordinary": Case(ORDINARY, ("sent", "receipted"), line),
        "old": Case(OLD, ("to_send",), _old),
        "sealed": Case(SEALED, ("kept",), _old),
    },
    input=INPUT,
    enters=("clerk", "chief", "receiver", "other_receiver", "district_clerk", "district_chief", "district_handler"),
    entry={"channel": "letter", "organ": "jiwei", "pages": 3},
    hidden={
        "outsiders": lambda city: handed_over(**LONG_AGO).line,
        "recused": lambda city: handed_over(**LONG_AGO, complained_about=named(*HIDDEN_FROM["recused"])).line,
    },
    city=add_discipline,
)
