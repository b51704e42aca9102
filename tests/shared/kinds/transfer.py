"""Lines of the register of accusations handed over (移送登记): who is what to each, and how each is made."""

from types import SimpleNamespace

from petitions.transfers.models import Transfer
from tests.chain_lab import at
from tests.shared.kinds import ADMINISTRATIONS, HIDDEN_FROM, NOTHING, Case, Given, Plays
from tests.shared.kinds.petition import LONG_AGO, named
from tests.transfer_lab import RECEIPT, add_discipline, handed_over, receipt

INPUT = {"receipt": RECEIPT | {"receipt_on": "2026-01-05"}}
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


def line(city: SimpleNamespace, state: str) -> Transfer:
    with at("2026-01-05 10:00"):
        made: Transfer = handed_over().line
        return receipt(made) if state == "receipted" else made


GIVEN = Given(
    cases={"ordinary": Case(ORDINARY, ("sent", "receipted"), line)},
    input=INPUT,
    enters=("clerk", "chief", "receiver", "other_receiver", "district_clerk", "district_chief", "district_handler"),
    entry={"channel": "letter", "organ": "jiwei", "pages": 3},
    hidden={
        "outsiders": lambda city: handed_over(**LONG_AGO).line,
        "recused": lambda city: handed_over(**LONG_AGO, complained_about=named(*HIDDEN_FROM["recused"])).line,
    },
    city=add_discipline,
)
