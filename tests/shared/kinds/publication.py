"""Publications (公开) of a remark about the department, and who is what to one."""

from types import SimpleNamespace
from typing import Any

from massline.acts import perform
from records.models import Publication
from tests.remarks.desk import ACTS
from tests.remarks.models import Remark
from tests.secrecy_lab import CLEARED, WITHDRAWN, add_secrecy, walked
from tests.shared.from_outside import erased
from tests.shared.kinds import ADMINISTRATIONS, HIDDEN_FROM, NOTHING, Case, Given, Plays
from tests.shared.kinds.petition import named
from tests.shared.kinds.remark import remark

ALL = ("proposed", "referred", "public", "refused", "retracted", "withdrawn", "superseded")
WORDS = {"title": "窗口中午没人", "body": "中午没有人值守。"}
INPUT = {"clear": CLEARED, "retract": {}, "withdraw": WITHDRAWN}
READER = Plays("reader")
CAST = {
    "handler": (READER, Plays("proposer")),
    "secrecy": (READER, Plays("clearer")),
    "secrecy_head": (READER, Plays("clearer")),
    **dict.fromkeys(("leader", "deputy", "colleague", "receiver", "mayor", "secretary"), (READER,)),
    "inspector": (Plays("inspector"),),
    "auditor": (Plays("auditor"),),
    **dict.fromkeys(("clerk", "other_leader", "district_chief", *ADMINISTRATIONS), NOTHING),
}
# Of a remark about the leader, the mayor, a colleague and the auditor: they see nothing of its publication either.
RECUSED = CAST | dict.fromkeys(HIDDEN_FROM["recused"], NOTHING)


def proposed(city: SimpleNamespace, source: Remark, **words: str) -> Publication:
    perform(ACTS["propose_publication"], Remark, source.pk, city.handler, WORDS | words)
    return Publication.objects.about(Remark.KIND, source.pk).latest("pk")


def publication(city: SimpleNamespace, state: str, **more: Any) -> Publication:
    """One proposed by the handler and cleared by the secrecy organ; superseded by one that corrects it."""
    add_secrecy(city)
    source = remark(city, "answered", **more)
    made = proposed(city, source)
    if state != "superseded":
        return walked(city, made, state)
    walked(city, made, "public")
    walked(city, proposed(city, source, body="轮班后有人值守。"), "public")
    return Publication.objects.get(pk=made.pk)


def _recused(city: SimpleNamespace, state: str = "proposed") -> Publication:
    return publication(city, state, complained_about=named(*HIDDEN_FROM["recused"]))


def _hidden(city: SimpleNamespace, **more: Any) -> Publication:
    add_secrecy(city)
    return proposed(city, remark(city, "answered", **more), title="强拆以后没人管")


GIVEN = Given(
    cases={"ordinary": Case(CAST, ALL, publication), "recused": Case(RECUSED, ("proposed", "public"), _recused)},
    input=INPUT,
    words={"open": ("proposed", "referred")},
    erase=lambda made: erased(Remark.objects.get(pk=made.source_id)),
    hidden={
        "outsiders": _hidden,
        "recused": lambda city: _hidden(city, complained_about=named(*HIDDEN_FROM["recused"])),
    },
    city=add_secrecy,
)
