"""Repairs: what is broken in the department, and who is what to it."""

from types import SimpleNamespace

from django.db import transaction

from massline.acts import perform
from records.creating import create
from tests.chain_lab import event
from tests.repairs.desk import ACTS
from tests.repairs.models import Repair
from tests.shared.kinds import ADMINISTRATIONS, NOTHING, Case, Given, Plays

ALL = ("broken", "mended", "closed")
ENTRY = {"title": "大门关不上"}
INPUT = {"mend": {"how": "换了合页"}, "check": {}, "attach": {"name": "照片.txt", "content": "5qW86YGT"}}
HEADS = "secretary mayor chief leader other_leader district_head district_chief district_leader".split()
READER = Plays("reader")
CAST = {
    "leader": (READER, Plays("leader"), Plays("mended_it")),
    "deputy": (READER,),
    "handler": (READER, Plays("handler")),
    "colleague": (READER,),
    "mayor": (READER,),
    "secretary": (READER,),
    "inspector": (Plays("inspector"),),
    "auditor": (Plays("auditor"),),
    "clerk": NOTHING,
    "other_leader": NOTHING,
    "district_chief": NOTHING,
    **dict.fromkeys(ADMINISTRATIONS, NOTHING),
}


def repair(city: SimpleNamespace, state: str, title: str = ENTRY["title"]) -> Repair:
    """One of the department, in its handler's hands, mended by its leader."""
    made = create(Repair.KIND, {"title": title}, city.leader)
    with transaction.atomic():
        event()
        Repair.objects.filter(pk=made.pk).update(handler=city.post["handler"])
    for who, act in ((city.leader, "mend"), (city.colleague, "check"))[: ALL.index(state)]:
        perform(ACTS[act], Repair, made.pk, who, INPUT[act])
    return Repair.objects.get(pk=made.pk)


GIVEN = Given(
    cases={"ordinary": Case(CAST, ALL, repair)},
    input=INPUT,
    words={"any": ALL},
    events={("attach", ""): "attached_inside"},
    enters=HEADS,
    entry=ENTRY,
    hidden={"outsiders": lambda city: repair(city, "broken", title="强拆后的大门")},
    bulk={("mend", "broken"): ("leader", "handler"), ("mend", "closed"): ()},
)
