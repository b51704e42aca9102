"""Decisions (重大决策) of the city that the department drafts, and who is what to one."""

from types import SimpleNamespace

from inspection.decisions.models import Decision
from tests.decision_lab import ENTRY, INPUT, decision_in
from tests.shared.kinds import ADMINISTRATIONS, NOTHING, Case, Given, Plays

ALL = ("preparing", "checking", "ready", "adopted", "rejected", "stopped")
READER = Plays("reader")
DECIDES = (READER, Plays("office"), Plays("head"))
CAST = {
    "receiver": (READER, Plays("handler")),
    "leader": (READER, Plays("leader")),
    "deputy": (READER, Plays("deputy")),
    "colleague": (READER,),
    "handler": (READER,),
    "mayor": DECIDES,
    "secretary": DECIDES,
    "inspector": (Plays("inspector"),),
    "auditor": (Plays("auditor"),),
    **dict.fromkeys(
        ("other_leader", "other_receiver", "outsider", "clerk", "chief", "district_chief", *ADMINISTRATIONS), NOTHING
    ),
}


def decision(city: SimpleNamespace, state: str) -> Decision:
    return decision_in(city, state)


GIVEN = Given(
    cases={"ordinary": Case(CAST, ALL, decision)},
    input=INPUT,
    words={"any": ALL},
    events={
        ("attach", ""): "attached_inside",
        ("check", "checking"): "decision.passed",
        ("decide", "ready"): "decision.adopted",
    },
    enters=(
        "secretary mayor clerk chief receiver leader other_receiver other_leader"
        " district_head district_clerk district_chief district_handler district_leader"
    ).split(),
    entry=ENTRY,
    hidden={"outsiders": lambda city: decision_in(city, "checking", title="强拆户安置办法")},
)
