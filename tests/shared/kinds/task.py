"""Tasks (督查事项): who is what to one of the department, in every state."""

from types import SimpleNamespace

from inspection.models import Task
from tests.inspection_lab import INPUT, add_office, entry, published, task_in
from tests.secrecy_lab import add_secrecy
from tests.shared.kinds import ADMINISTRATIONS, NOTHING, Case, Given, Plays, during

OWED = ("issued", "working", "blocked")
AFTER_ISSUE = (*OWED, "reported", "verified", "rechecking")
OPEN = ("draft", "approved", *AFTER_ISSUE)
ALL = (*OPEN, "closed", "stopped")
READER = Plays("reader")
WAITED_FOR = (during("reader", ["blocked"]), during("waited_for", ["blocked"]))
CAST = {
    "dc_clerk": (READER, Plays("office"), during("verified_it", ["rechecking", "closed"])),
    "dc_other": (READER, Plays("office")),
    "dc_head": (READER, Plays("office"), Plays("head")),
    "mayor": (READER, Plays("orderer")),
    "secretary": (READER,),
    "handler": (READER, Plays("handler")),
    "colleague": (READER,),
    "deputy": (READER, Plays("deputy"), Plays("in_charge")),
    "leader": (READER, Plays("leader")),
    "other_leader": WAITED_FOR,
    "other_receiver": WAITED_FOR,
    "inspector": (Plays("inspector"),),
    "auditor": (Plays("auditor"),),
    **dict.fromkeys(("outsider", "clerk", "chief", "district_chief", *ADMINISTRATIONS), NOTHING),
}


HELPED_STATES = tuple(state for state in ALL if state not in ("working", "stopped"))
"""At work it is reported only once the help is done: `tests/inspection/test_helpers.py` asks that."""
NOW_HELPING, SEES_IT = ("issued", "blocked"), tuple(one for one in HELPED_STATES if one not in ("draft", "approved"))
HELPING = (during("reader", SEES_IT), during("helper", NOW_HELPING))
HELPED = CAST | {"district_leader": HELPING, "district_handler": HELPING, "district_head": NOTHING}


def helped_task(city: SimpleNamespace, state: str) -> Task:
    """The district's department helps; it has done its part once the task is reported."""
    return task_in(city, state, helped=True)


def task(city: SimpleNamespace, state: str) -> Task:
    return task_in(city, state)


def _city(city: SimpleNamespace) -> None:
    add_office(city)
    add_secrecy(city)


GIVEN = Given(
    cases={
        "ordinary": Case(CAST, ALL, task),
        "helped": Case(HELPED, HELPED_STATES, helped_task, {"ask_help": INPUT["ask_help"] | {"organ": "office"}}),
    },
    input=INPUT,
    words={"any": ALL, "open": OPEN, "owed": OWED, "after_issue": AFTER_ISSUE, "planned": ("draft", "approved", *OWED)},
    events={("attach", ""): "attached_inside", ("drop", ""): "task.stopped"},
    enters=("mayor", "secretary", "district_head"),
    entry={name: value for name, value in entry().items() if name != "ordered_by"},
    hidden={"outsiders": lambda city: task_in(city, "working", title="强拆户的照明")},
    city=_city,
    publishes="closed",
    publish=lambda city, made: published(city, made),
)
