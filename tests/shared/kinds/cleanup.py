"""Cleanups (集中清理) of the department's regulations, and who is what to one."""

from types import SimpleNamespace

from institutions.models import Cleanup
from tests.cleanup_lab import ENTRY, INPUT, add_rules, cleanup_in
from tests.shared.kinds import ADMINISTRATIONS, NOTHING, Case, Given, Plays

ALL = ("judging", "closed", "dropped")
READER, MEMBER = Plays("reader"), Plays("member")
CAST = {
    "receiver": (READER, MEMBER, Plays("handler")),
    "handler": (READER, MEMBER),
    "colleague": (READER, MEMBER),
    "deputy": (READER, MEMBER),
    "leader": (READER, MEMBER, Plays("leader")),
    **dict.fromkeys(("legal", "legal_other", "legal_head"), (READER, Plays("office"))),
    **dict.fromkeys(("mayor", "secretary"), (READER,)),
    "inspector": (Plays("inspector"),),
    "auditor": (Plays("auditor"),),
    **dict.fromkeys(
        ("other_leader", "other_receiver", "outsider", "clerk", "chief", "district_chief", *ADMINISTRATIONS), NOTHING
    ),
}


def cleanup(city: SimpleNamespace, state: str) -> Cleanup:
    return cleanup_in(city, state)


GIVEN = Given(
    cases={"ordinary": Case(CAST, ALL, cleanup)},
    input=INPUT,
    words={"any": ALL},
    events={("attach", ""): "attached_inside"},
    enters=("secretary", "mayor", "leader"),
    entry=ENTRY,
    hidden={"outsiders": lambda city: cleanup_in(city, "judging", title="强拆制度清理")},
    city=add_rules,
)
