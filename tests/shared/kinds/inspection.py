"""Inspections of the organ "other" and of a district's department: who is what to one, in every state.

The people of what it visits are nothing to it, in every state.
"""

from types import SimpleNamespace

from inspection.models import Inspection
from records.creating import create
from tests.inspection_activity_lab import INPUT, WAYS, does, entry, inspection_in, says
from tests.inspection_lab import add_liaison
from tests.shared.kinds import ADMINISTRATIONS, NOTHING, Case, Given, Plays, during

STARTED = ("approved", "going")
UNDER_WAY = ("proposed", *STARTED)
SINCE_APPROVED = (*STARTED, "concluded", "closed")
ALL = ("proposed", *SINCE_APPROVED, "dropped")
READER = Plays("reader")
TEAM = (READER, Plays("team"))


def cast(*, waits: bool) -> dict[str, tuple[Plays, ...]]:
    """Who plays what while a proposal waits for its decision, or none does."""
    office = (READER, Plays("office"), during("something_waits", ["concluded"] if waits else ["going"]))
    chief = (READER, Plays("chief"), *(() if waits else (Plays("nothing_waits"),)))
    unserved = (during("not_served", ["going"] if waits else ["proposed"]),)
    return {
        "dc_clerk": office,
        "district_clerk": office,
        "dc_other": (*office, Plays("team"), Plays("handler"), *unserved),
        "dc_head": (*office, Plays("head"), *unserved),
        "colleague": TEAM,
        "deputy": (during("reader", SINCE_APPROVED), during("team", SINCE_APPROVED)),
        "mayor": (*chief, Plays("approver")),
        "secretary": chief,
        "inspector": (Plays("inspector"),),
        "auditor": (Plays("auditor"),),
        **dict.fromkeys(("leader", "clerk", "chief", "district_head", *ADMINISTRATIONS), NOTHING),
        **dict.fromkeys(("other_leader", "other_receiver", "outsider", "district_leader"), NOTHING),
    }


def inspection(city: SimpleNamespace, state: str) -> Inspection:
    """One of two organs by a team of three; once it is concluded, praise of the first waits for its decision."""
    made = create(Inspection.KIND, entry(), city.dc_clerk)
    made = does(city, made, "dc_clerk", "add_organ")
    for who, act in WAYS["concluded" if state in ("concluded", "closed") else state]:
        if act == "conclude":
            does(city, made, "dc_other", "serve_conclusion", organ="district_department")
        made = does(city, made, who, act)
        if act == "approve":
            does(city, made, "dc_clerk", "add_member", member="deputy")
    if state == "concluded":
        made = does(city, made, "dc_clerk", "praise")
    elif state == "closed":
        made = settled(city, made)
        made = does(city, made, "dc_clerk", "close")
    return Inspection.objects.get(pk=made.pk)


def settled(city: SimpleNamespace, made: Inspection) -> Inspection:
    """Nobody objects to its conclusions."""
    for told, who in zip(made.conclusions.order_by("pk"), ("other_leader", "district_leader"), strict=True):
        says(city, told, who, "settle")
    return Inspection.objects.get(pk=made.pk)


def ready(city: SimpleNamespace, state: str) -> Inspection:
    """One of which nothing is left to do: all is served, and all holds."""
    made = inspection(city, "going")
    for organ in ("other", "district_department"):
        made = does(city, made, "dc_other", "serve_conclusion", organ=organ)
    if state == "going":
        return Inspection.objects.get(pk=made.pk)
    return settled(city, does(city, made, "dc_other", "conclude"))


GIVEN = Given(
    cases={
        "ordinary": Case(cast(waits=True), ALL, inspection),
        "ready": Case(cast(waits=False), ("going", "concluded"), ready),
    },
    input=INPUT
    | {
        "add_organ": {"organ": "district_office"},
        "praise": INPUT["praise"] | {"organ": "district_department"},
        "propose_liability": INPUT["propose_liability"] | {"organ": "district_department"},
    },
    words={"any": ALL, "started": STARTED, "under_way": UNDER_WAY},
    enters=("district_clerk",),
    entry={name: value for name, value in entry(category="010101").items() if name != "merge_with"},
    hidden={"outsiders": lambda city: inspection_in(city, "proposed", title="暗访强拆遗留问题")},
    city=add_liaison,
)
