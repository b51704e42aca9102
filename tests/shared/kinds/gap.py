"""Gaps (制度缺口) of the department, and who is what to one."""

from itertools import cycle, product
from types import SimpleNamespace

from institutions.gaps.models import Gap
from tests.gap_lab import ENTRY, INPUT, add_rule, gap_in
from tests.shared.kinds import ADMINISTRATIONS, NOTHING, Case, Given, Plays

OPEN, OVER = ("found", "planned"), ("closed", "dismissed")
ALL = (*OPEN, *OVER)
READER = Plays("reader")
OFFICE = (READER, Plays("office"))
CAST = {
    "legal": OFFICE,
    "legal_other": OFFICE,
    "legal_head": OFFICE,
    "leader": (READER, Plays("leader")),
    "deputy": (READER, Plays("deputy")),
    "handler": (READER, Plays("handler", frozenset({"planned", "closed"}))),
    **dict.fromkeys(("colleague", "receiver", "mayor", "secretary"), (READER,)),
    "inspector": (Plays("inspector"),),
    "auditor": (Plays("auditor"),),
    **dict.fromkeys(
        ("other_leader", "other_receiver", "outsider", "clerk", "chief", "district_chief", *ADMINISTRATIONS), NOTHING
    ),
}
CELLS = cycle(product(("people", "money", "things"), ("decide", "do", "check", "answer"), ("none", "hole", "outdated")))
"""Of one cell only one gap is open at a time: each that the tests make has the next one."""


def gap(city: SimpleNamespace, state: str, **overrides: str) -> Gap:
    power, step, sort = next(CELLS)
    return gap_in(city, state, **({"power": power, "step": step, "sort": sort} | overrides))


GIVEN = Given(
    cases={"ordinary": Case(CAST, ALL, gap)},
    input=INPUT,
    words={"any": ALL, "open": OPEN, "over": OVER},
    events={("attach", ""): "attached_inside"},
    enters=(
        "secretary mayor clerk chief receiver leader other_receiver other_leader"
        " district_head district_clerk district_chief district_handler district_leader"
    ).split(),
    entry=ENTRY | {"sort": "conflict"},
    hidden={"outsiders": lambda city: gap(city, "planned", title="强拆补偿没有规定")},
    city=add_rule,
)
