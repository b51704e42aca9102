"""The access matrix of access_matrix.csv, and who plays which role in which state of which petition: all by hand."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

ANY = [
    "received",
    "registered",
    "forwarded",
    "objected",
    "declining",
    "accepted",
    "handling",
    "answered",
    "closed",
    "not_accepted",
    "withdrawn",
    "transferred",
]
FINAL = {"closed", "not_accepted", "withdrawn", "transferred"}
OPEN = [state for state in ANY if state not in FINAL]
SEEN = [state for state in ANY if state != "transferred"]
"""An accusation that was handed over exists for no official any more."""
NEVER = "never"
WORDS = {"any": SEEN, "open": OPEN, "never": [NEVER]}

AT_OFFICE = {"received", "registered", "withdrawn"}  # withdrawn before it was forwarded
AT_DEPARTMENT = {"forwarded", "objected", "declining", "accepted", "handling", "answered", "closed", "not_accepted"}
ASSIGNED = {"handling", "answered", "closed"}


EVENT = {("decline", "forwarded"): "petition.declining"}
"""What an act leaves on record where that is not the event of its declaration."""


def matrix() -> dict[tuple[str, str], set[str]]:
    """(act, role) to the states in which that role may; with the reason checked to be there."""
    found: dict[tuple[str, str], set[str]] = {}
    lines = (Path(__file__).parent / "access_matrix.csv").read_text().splitlines()
    for line in csv.DictReader(line for line in lines if line and not line.startswith("#")):
        assert line["because"], line
        assert (line["act"], line["role"]) not in found, f"twice: {line}"
        states = line["states"].split()
        found[line["act"], line["role"]] = set(WORDS.get(states[0], states))
    return found


@dataclass(frozen=True)
class Plays:
    """A role that a character has towards a petition while it is in some states."""

    role: str
    states: frozenset[str] = frozenset(SEEN)


def during(role: str, states: set[str]) -> Plays:
    return Plays(role, frozenset(states))


NOBODY: tuple[Plays, ...] = ()
STRANGERS = {
    "other_citizen": NOBODY,  # shows the code of another petition
    "colleague": NOBODY,  # of the department, but it is not assigned to them
    "other_leader": NOBODY,  # heads another department
    "sysadmin": NOBODY,
}
OVERSEERS = {
    "mayor": (Plays("superior"),),
    "inspector": (Plays("inspector"),),
    "auditor": (Plays("auditor"),),
}

# An ordinary petition, forwarded to a department whose `handler` answers it.
ORDINARY = {
    "citizen": (Plays("citizen", frozenset(ANY)),),
    "clerk": (Plays("clerk"), during("intake", AT_OFFICE)),
    "chief": (Plays("chief"), during("leader", AT_OFFICE)),
    "receiver": (during("intake", AT_DEPARTMENT),),
    "handler": (during("handler", ASSIGNED),),
    "deputy": (during("deputy", AT_DEPARTMENT), during("forwarded_to", AT_DEPARTMENT)),
    "leader": (during("leader", AT_DEPARTMENT), during("forwarded_to", AT_DEPARTMENT)),
    "district_chief": NOBODY,  # of another petition office
    **OVERSEERS,
    **STRANGERS,
}
# System, security and audit administration read no petition, whatever it has come to: refused before it is looked for.
ADMINISTRATIONS = dict.fromkeys(("sysadmin", "secadmin", "auditadmin"), NOBODY)
# The same, about the deputy, the mayor, the inspector and the auditor: recused (Art. 28), they see nothing.
RECUSED = dict.fromkeys(("deputy", "mayor", "inspector", "auditor"), NOBODY)
# The petition office accepts it itself, and its clerk handles it.
KEPT = {
    "clerk": (Plays("clerk"), Plays("intake"), during("handler", ASSIGNED)),
    "chief": (Plays("chief"), Plays("leader")),
    "handler": NOBODY,
    "leader": NOBODY,
}
# The deputy answered it first; it was returned, and given to the handler, who answered too.
ANSWERED_TWICE = {
    "deputy": (Plays("deputy"), Plays("answered_before"), during("forwarded_to", AT_DEPARTMENT)),
    "handler": (Plays("handler"),),
    "leader": (Plays("leader"), during("forwarded_to", AT_DEPARTMENT)),
}
# Forwarded to a department of the district by the district's petition office; the city's office is above it.
OF_THE_DISTRICT = {
    "clerk": (Plays("upper_office"),),
    "chief": (Plays("upper_office"),),
    "district_head": (Plays("superior"),),
    "district_clerk": (Plays("clerk"), during("intake", AT_OFFICE)),
    "district_chief": (Plays("chief"), during("leader", AT_OFFICE)),
    "district_handler": (during("intake", AT_DEPARTMENT),),
    "district_leader": (during("leader", AT_DEPARTMENT),),
    "leader": NOBODY,
}

# Rated badly on both sides: the head of the department owes a look, and either of the two above the petition office.
RATED_BADLY = {
    "citizen": (Plays("citizen"),),
    "clerk": (Plays("clerk"),),
    "chief": (Plays("chief"),),
    "handler": (during("handler", ASSIGNED),),
    "deputy": (Plays("deputy"), Plays("forwarded_to")),
    "leader": (Plays("leader"), Plays("looker"), Plays("forwarded_to")),
    "mayor": (Plays("superior"), Plays("looker")),
    "secretary": (Plays("superior"), Plays("looker")),
    "inspector": (Plays("inspector"),),
    "other_leader": NOBODY,
}

Cast = dict[str, tuple[Plays, ...]]
PETITIONS: dict[str, tuple[Cast, tuple[str, ...]]] = {
    "ordinary": (ORDINARY, tuple(ANY)),
    "administrations": (ADMINISTRATIONS, ("received", "handling", "closed")),
    "recused": (RECUSED, ("received", "forwarded", "answered")),
    "kept": (KEPT, ("accepted", "handling", "answered", "closed")),
    "answered_twice": (ANSWERED_TWICE, ("answered",)),
    "district": (OF_THE_DISTRICT, ("received", "forwarded")),
    "rated_badly": (RATED_BADLY, ("answered", "closed")),
}
"""Each kind of petition: who plays what, and the states in which every cell of it is performed."""


def roles_in(cast: Cast, who: str, state: str) -> set[str]:
    return {plays.role for plays in cast[who] if state in plays.states}


def allowed(found: dict[tuple[str, str], set[str]], act: str, roles: set[str], state: str) -> bool:
    if any(NEVER in found.get((act, role), ()) for role in roles):
        return False
    return any(state in found.get((act, role), ()) for role in roles)


def by_act(found: dict[tuple[str, str], set[str]]) -> dict[str, dict[str, set[str]]]:
    """act -> role -> states, without the lines that only forbid."""
    acts: dict[str, dict[str, set[str]]] = defaultdict(dict)
    for (act, role), states in found.items():
        if states != {NEVER}:
            acts[act][role] = states
    return acts


# --- Addresses of REST that are not about one record --------------------------------------------------------------
RECEIVE = {"clerk", "chief", "receiver", "other_receiver", "district_clerk", "district_chief", "district_handler"}
"""Who receives letters, visits and calls for an organ or a petition office (信访工作条例 第二十二条、第二十三条)."""
ENTER: dict[str, set[str]] = {"petitions": RECEIVE, "transfers": RECEIVE}
"""Who may create a record of each kind: POST /{plural}/."""
BULK: dict[tuple[str, str], set[str]] = {
    ("register", "received"): {"clerk", "chief"},
    ("register", "forwarded"): set(),
    ("forward", "registered"): {"clerk", "chief"},
    ("forward", "accepted"): set(),
    ("assign", "accepted"): {"deputy", "leader"},
    ("assign", "answered"): set(),
}
"""To whom an act on many petitions is done with one in this state, for the same reasons as on one."""
