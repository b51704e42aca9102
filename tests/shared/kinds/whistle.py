"""Whistles (吹哨报到) of a township, and who is what to one."""

from types import SimpleNamespace

from inspection.whistles.models import Whistle
from tests.shared.kinds import ADMINISTRATIONS, NOTHING, Case, Given, Plays
from tests.whistle_lab import INPUT, add_township, entry, whistle_in, whistle_of

ALL = ("blown", "settled", "cancelled")
READER = Plays("reader")
CALLED, BLOCKED, CALLER = (READER, Plays("called")), (READER, Plays("blocked")), (READER, Plays("caller"))
CAST = {
    "street_clerk": (*CALLER, Plays("handler")),
    "street_head": (*CALLER, Plays("leader")),
    **dict.fromkeys(("street_worker", "district_clerk"), CALLER),
    **dict.fromkeys(("other_leader", "other_receiver"), CALLED),
    "outsider": (READER,),
    **dict.fromkeys(("district_leader", "district_handler"), BLOCKED),
    "district_head": (READER, Plays("superior")),
    **dict.fromkeys(("mayor", "secretary"), (READER,)),
    "inspector": (Plays("inspector"),),
    "auditor": (Plays("auditor"),),
    **dict.fromkeys(("leader", "handler", "clerk", "chief", "district_chief", *ADMINISTRATIONS), NOTHING),
}


def whistle(city: SimpleNamespace, state: str) -> Whistle:
    return whistle_in(city, state)


GIVEN = Given(
    cases={"ordinary": Case(CAST, ALL, whistle)},
    input=INPUT,
    words={"any": ALL},
    events={("attach", ""): "attached_inside"},
    enters=("district_clerk",),
    entry=entry(),
    hidden={"outsiders": lambda city: whistle_of(city, organ="department", title="强拆户安置协调")},
    city=add_township,
)
