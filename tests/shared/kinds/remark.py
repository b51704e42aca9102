"""Remarks about the work of the department, and who is what to one."""

from types import SimpleNamespace
from typing import Any

from massline.acts import perform
from tests.remarks.desk import ACTS
from tests.remarks.models import Remark
from tests.secrecy_lab import CLEARED, add_secrecy, do
from tests.shared.from_outside import filed
from tests.shared.kinds import ADMINISTRATIONS, HIDDEN_FROM, NOTHING, Case, Given, Plays
from tests.shared.kinds.petition import named

ALL = ("made", "answered")
FILING = {
    "title": "窗口中午没人",
    "body": "十二点到两点都没有人值守。",
    "citizen": {"name": "宋试民", "phone": "13900000000"},
}
INPUT = {
    "answer": {"text": "已安排轮班。"},
    "ask": {"question": "哪个窗口？"},
    "propose_publication": {"title": FILING["title"], "body": "中午没有人值守。"},
    "unmask": {"fields": ["phone"], "reason": "电话联系，核对是哪个窗口"},
    "add": {"text": "周末也没有人。"},
}
READER = Plays("reader")
CAST = {
    "citizen": (Plays("citizen"),),
    "another_citizen": NOTHING,  # who has the code of another remark
    "leader": (READER, Plays("leader")),
    **dict.fromkeys(("deputy", "handler", "colleague", "receiver", "mayor", "secretary"), (READER,)),
    "inspector": (Plays("inspector"),),
    "auditor": (Plays("auditor"),),
    **dict.fromkeys(("clerk", "other_leader", "district_chief"), NOTHING),
    **dict.fromkeys(ADMINISTRATIONS, NOTHING),
}
# The same, about the leader, the mayor, a colleague and the auditor: recused, they see nothing.
RECUSED = dict.fromkeys(HIDDEN_FROM["recused"], NOTHING) | {"handler": (READER,), "secretary": (READER,)}


def remark(city: SimpleNamespace, state: str = "made", **more: Any) -> Any:
    """One about the department, answered by its receiver."""
    made = filed(Remark.KIND, FILING | more)
    for act in ("answer",)[: ALL.index(state)]:
        perform(ACTS[act], Remark, made.pk, city.receiver, INPUT[act])
    made.refresh_from_db()
    return made


def _recused(city: SimpleNamespace, state: str = "made", **more: Any) -> Any:
    return remark(city, state, complained_about=named(*HIDDEN_FROM["recused"]), **more)


def publish(city: SimpleNamespace, made: Remark) -> None:
    """One post proposes it, and another clears it."""
    from tests.shared.kinds.publication import proposed  # which is about remarks itself

    do(proposed(city, made, **INPUT["propose_publication"]), city.secrecy, "clear", CLEARED)


GIVEN = Given(
    cases={"ordinary": Case(CAST, ALL, remark), "recused": Case(RECUSED, ALL, _recused)},
    input=INPUT,
    words={"any": ALL},
    filing=FILING,
    city=add_secrecy,
    publish=publish,
    hidden={
        "outsiders": lambda city: remark(city, title="强拆以后没人管"),
        "recused": lambda city: _recused(city, title="强拆以后没人管"),
    },
)
