"""Regulations (制度) of the department: who is what to one, in every state."""

from types import SimpleNamespace

from institutions.models import Regulation
from tests.institutions_lab import INPUT, add_legal_office, entry, in_force, published, regulation_in
from tests.shared.kinds import ADMINISTRATIONS, NOTHING, Case, Given, Plays, during

ALIVE = ("proposed", "in_force")
PROMULGATED = ("in_force", "repealed", "lapsed")
ALL = (*PROMULGATED, "proposed", "dropped")
"""First what owes something, as most do."""
READER, MEMBER, OFFICE = Plays("reader"), Plays("member"), Plays("office")
READS_WHAT_IS_PROMULGATED = (during("reader", PROMULGATED),)
CAST = {
    "receiver": (READER, MEMBER),
    "handler": (READER, MEMBER, Plays("owner")),
    "colleague": (READER, MEMBER, Plays("supervisor")),
    "deputy": (READER, MEMBER, Plays("deputy")),
    "leader": (READER, MEMBER, Plays("leader")),
    **dict.fromkeys(("outsider", "other_leader", "clerk", "chief", "district_chief"), READS_WHAT_IS_PROMULGATED),
    "mayor": (READER,),
    "secretary": (READER,),
    "legal": (READER, OFFICE),
    "legal_head": (READER, OFFICE),
    "inspector": (Plays("inspector"),),
    "auditor": (Plays("auditor"),),
    **dict.fromkeys(ADMINISTRATIONS, NOTHING),
}
# An internal rule (内部制度) stays inside, whatever its state.
INTERNAL = CAST | dict.fromkeys(("outsider", "other_leader", "clerk", "chief", "district_chief"), NOTHING)


def regulation(city: SimpleNamespace, state: str) -> Regulation:
    return regulation_in(city, state)


def _internal(city: SimpleNamespace, state: str) -> Regulation:
    return regulation_in(city, state, kind="internal")


GIVEN = Given(
    cases={"ordinary": Case(CAST, ALL, regulation), "internal": Case(INTERNAL, ALIVE, _internal)},
    input=INPUT,
    words={"any": ALL, "alive": ALIVE},
    events={("attach", ""): "attached_inside"},
    enters=(
        "clerk chief receiver handler colleague deputy leader outsider other_receiver other_leader secretary mayor "
        "district_head district_clerk district_chief district_handler district_leader"
    ).split(),
    entry=entry(),
    hidden={"outsiders": lambda city: in_force(city, title="强拆户安置内部规程", kind="internal")},
    city=add_legal_office,
    publishes="in_force",
    publish=lambda city, made: published(city, made),
)
