"""Texts (文本) of a regulation of the department: who is what to one, in every state."""

from types import SimpleNamespace

from institutions.models import RegulationText
from tests.institutions_lab import TEXT_INPUT, add_legal_office, published, text_in
from tests.shared.kinds import ADMINISTRATIONS, NOTHING, Case, Given, Plays, during

OPEN = ("draft", "commenting", "checking", "checked", "adopted")
ALL = ("checking", "draft", "commenting", "checked", "adopted", "promulgated", "rejected")
"""First what owes something."""
READER, MEMBER, OFFICE = Plays("reader"), Plays("member"), Plays("office")
READS_WHAT_IS_PROMULGATED = (during("reader", ["promulgated"]),)
CAST = {
    "receiver": (READER, MEMBER, Plays("drew_it_up")),
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


def text(city: SimpleNamespace, state: str) -> RegulationText:
    return text_in(city, state)


GIVEN = Given(
    cases={"ordinary": Case(CAST, ALL, text)},
    input=TEXT_INPUT,
    words={"any": ALL, "open": OPEN},
    events={("attach", ""): "attached_inside", ("check", ""): "regulation_text.checked"},
    hidden={"outsiders": lambda city: text_in(city, "checking", title="强拆户安置办法")},
    city=add_legal_office,
    publishes="commenting",
    publish=lambda city, made: published(city, made),
)
