"""Draws of the city's inspection office, and who is what to one."""

from types import SimpleNamespace

from inspection.draws.acts import DRAW_ACTS
from inspection.models import Draw, Task
from massline.acts import perform
from records.creating import create
from tests.inspection_lab import add_liaison, task_in
from tests.shared.kinds import ADMINISTRATIONS, NOTHING, Case, Given, Plays

ALL = ("locked", "drawn")
READER = Plays("reader")
OFFICE = (READER, Plays("office"))
CAST = {
    "dc_clerk": (*OFFICE, Plays("locked_it")),
    **dict.fromkeys(("dc_other", "dc_head", "district_clerk"), OFFICE),
    **dict.fromkeys(("mayor", "secretary"), (READER,)),
    "inspector": (Plays("inspector"),),
    "auditor": (Plays("auditor"),),
    **dict.fromkeys(("leader", "other_leader", "clerk", "chief", "district_head", *ADMINISTRATIONS), NOTHING),
}


def world(city: SimpleNamespace) -> None:
    """One task is written off, so that there is something to draw."""
    add_liaison(city)
    if not Task.objects.filter(state="closed").exists():
        task_in(city, "closed")


def draw(city: SimpleNamespace, state: str, title: str = "三季度回头看") -> Draw:
    world(city)
    made = create(Draw.KIND, {"title": title, "size": "1"}, city.dc_clerk)
    if state == "drawn":
        perform(DRAW_ACTS["open"], Draw, made.pk, city.dc_other, {})
    return Draw.objects.get(pk=made.pk)


GIVEN = Given(
    cases={"ordinary": Case(CAST, ALL, draw)},
    input={"open": {"note": "当众揭晓"}},
    enters=("district_clerk",),
    entry={"title": "三季度回头看", "size": 1},
    hidden={"outsiders": lambda city: draw(city, "locked", "强拆遗留回头看")},
    city=world,
)
