"""Spills (泄密处置): a repair that was frozen, and who is what to that."""

from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from massline.acts import perform
from records.models import Spill
from records.spills.acts import SPILL_ACTS
from records.spills.reporting import report
from tests.secrecy_lab import add_secrecy
from tests.shared.from_outside import erased
from tests.shared.kinds import ADMINISTRATIONS, HIDDEN_FROM, NOTHING, Case, Given, Plays
from tests.shared.kinds.petition import named
from tests.shared.kinds.remark import Remark, remark

ALL = ("frozen", "released", "erased")
INPUT = {
    "read_frozen": {"pledge": True},
    "release": {"reason": "经核查不涉及国家秘密"},
    "erase_on_order": {"order_number": "保办〔2026〕3号", "order_date": "2026-09-01", "sure": True},
}
READER, DECIDER = Plays("reader"), Plays("decider")
CAST = {
    "secrecy": (READER, DECIDER),
    "secrecy_head": (READER, DECIDER),
    "mayor": (READER,),
    "secretary": (READER,),
    "inspector": (Plays("inspector"),),
    "auditor": (Plays("auditor"),),
    **dict.fromkeys(("handler", "leader", "colleague", "clerk", "other_leader", *ADMINISTRATIONS), NOTHING),
}
RECUSED = CAST | dict.fromkeys(HIDDEN_FROM["recused"], NOTHING)


def spill(city: SimpleNamespace, state: str = "frozen", title: str = "窗口中午没人", **more: Any) -> Spill:
    """One that the handler reported of a remark."""
    add_secrecy(city)
    made = report(remark(city, "answered", title=title, **more), "text", city.handler, timezone.now())
    for act in {"released": ("release",), "erased": ("erase_on_order",)}.get(state, ()):
        perform(SPILL_ACTS[act], Spill, made.pk, city.secrecy, INPUT[act])
    return Spill.objects.get(pk=made.pk)


GIVEN = Given(
    cases={
        "ordinary": Case(CAST, ALL, spill),
        "recused": Case(
            RECUSED, ALL[:1], lambda city, state: spill(city, complained_about=named(*HIDDEN_FROM["recused"]))
        ),
    },
    input=INPUT,
    erase=lambda made: erased(Remark.objects.get(pk=made.source_id)),
    hidden={
        "outsiders": lambda city: spill(city, title="强拆以后没人管"),
        "recused": lambda city: spill(city, title="强拆以后没人管", complained_about=named(*HIDDEN_FROM["recused"])),
    },
    city=add_secrecy,
)
