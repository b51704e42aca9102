"""Petitions: who plays which role in which state of which sort, how each is made, and valid input of every act."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from petitions.filing import filing
from petitions.models import Demand
from tests.api import FILING
from tests.city import ADMINISTRATION, ANSWER, NAMES, act, file_petition, filing_data, walk_to
from tests.eyes import climbed_to_the_root
from tests.shared.kinds import ADMINISTRATIONS, HIDDEN_FROM, NOTHING, Case, Given, Plays, during

SEEN = (
    "received", "registered", "forwarded", "objected", "declining", "accepted", "handling", "answered", "closed",
    "not_accepted", "withdrawn",
)  # fmt: skip
ALL = (*SEEN, "transferred")
"""An accusation that was handed over exists for no official any more."""
OPEN = ("received", "registered", "forwarded", "objected", "declining", "accepted", "handling", "answered")
AT_OFFICE = {"received", "registered", "withdrawn"}  # withdrawn before it was forwarded
AT_DEPARTMENT = {"forwarded", "objected", "declining", "accepted", "handling", "answered", "closed", "not_accepted"}
ASSIGNED = {"handling", "answered", "closed"}
DISTRICT = "990102000000"
INPUT: dict[str, dict[str, Any]] = {
    "register": {"category": "010101", "region": "990100000000", "purpose": "request"},
    "forward": {"organ": "other", "note": "请依法办理"},
    "object": {"reason": "不属于本单位职责"},
    "decide_objection": {"agree": "false", "reason": "属于该单位职责"},
    "accept": {},
    "decline": {"reason": "已进入诉讼程序", "where_to_go": "试水市中级人民法院"},
    "agree": {"note": "已核实"},
    "disagree": {"reason": "属于该单位职责"},
    "reclassify": {"category": "020101", "reason": "反映的是拖欠工资"},
    "assign": {"handler": "colleague"},
    "extend": {"days": 30, "reason": "涉及多个单位，情况复杂"},
    "answer": ANSWER,
    "return": {"reason": "与实际情况不符"},
    "write_off": {"evidence": "已电话回访"},
    "note": {"text": "已电话联系"},
    "ask": {"question": "请问是哪一层？"},
    "attach": {"name": "现场记录.txt", "content": "5qW86YGT54Gv5rKh5Lqu", "public": True},
    "hand_in": {"name": "现场记录.txt", "content": "5qW86YGT54Gv5rKh5Lqu"},
    "unmask": {"fields": ["phone"], "reason": "电话联系信访人，核对情况"},
    "transfer": {"organ": "other", "pages": 2, "sure": True},
    "supplement": {"text": "又有一处坏了"},
    "withdraw": {"reason": "已经解决"},
    "urge": {},
    "rate": {"object": "organ", "score": "2", "reason": ""},
    "look_into": {"text": "已核实并当面说明"},
}


ENTRY = {
    "channel": "letter",
    "purpose": "request",
    "title": "楼道照明长期不亮",
    "body": "三单元楼道灯坏了两个月。",
    "category": "010101",
    "region": "990100000000",
    "name": "宋试民",
    "phone": "13900000000",
    "tell_by": "sms",
    "complained_about": [{"kind": "organ", "name": "幸福里物业服务中心"}],
}


# --- Who plays what -----------------------------------------------------------------------------------------------
def seen(*roles: str) -> tuple[Plays, ...]:
    return tuple(during(role, SEEN) for role in roles)


# Forwarded to a department whose `handler` answers it.
ORDINARY = {
    "citizen": (Plays("citizen"),),
    "another_citizen": NOTHING,  # who has the code of another petition
    "clerk": (*seen("clerk"), during("intake", AT_OFFICE)),
    "chief": (*seen("chief"), during("leader", AT_OFFICE)),
    "receiver": (during("intake", AT_DEPARTMENT),),
    "handler": (during("handler", ASSIGNED),),
    "deputy": (during("deputy", AT_DEPARTMENT), during("forwarded_to", AT_DEPARTMENT)),
    "leader": (during("leader", AT_DEPARTMENT), during("forwarded_to", AT_DEPARTMENT)),
    "mayor": seen("superior"),
    "inspector": seen("inspector"),
    "auditor": seen("auditor"),
    "district_chief": NOTHING,  # of another petition office
    "colleague": NOTHING,  # of the department, but it is not assigned to them
    "other_leader": NOTHING,  # heads another department
}
# The same, about the deputy, the mayor, the inspector and the auditor: recused (Art. 28), they see nothing.
RECUSED = dict.fromkeys(("deputy", "mayor", "inspector", "auditor"), NOTHING)
# The petition office accepts it itself, and its clerk handles it.
KEPT = {
    "clerk": (*seen("clerk", "intake"), during("handler", ASSIGNED)),
    "chief": seen("chief", "leader"),
    "handler": NOTHING,
    "leader": NOTHING,
}
# The deputy answered it first; it was returned, and given to the handler, who answered too.
ANSWERED_TWICE = {
    "deputy": (Plays("deputy"), Plays("answered_before"), Plays("forwarded_to")),
    "handler": (Plays("handler"),),
    "leader": (Plays("leader"), Plays("forwarded_to")),
}
# Forwarded to a department of the district by the district's petition office; the city's office is above it.
OF_THE_DISTRICT = {
    "clerk": seen("upper_office"),
    "chief": seen("upper_office"),
    "district_head": seen("superior"),
    "district_clerk": (*seen("clerk"), during("intake", AT_OFFICE)),
    "district_chief": (*seen("chief"), during("leader", AT_OFFICE)),
    "district_handler": (during("intake", AT_DEPARTMENT),),
    "district_leader": (during("leader", AT_DEPARTMENT),),
    "leader": NOTHING,
}
# Received by the department itself (Art. 23), about everybody of the petition office: nobody is left there to verify.
OFFICE_RECUSED = {
    "clerk": NOTHING,
    "chief": NOTHING,
    "receiver": (Plays("intake"),),
    "handler": (Plays("handler"),),
    "deputy": (Plays("deputy"),),
    "leader": (Plays("leader"),),
}
# Rated badly on both sides: the head of the department owes a look, and either of the two above the petition office.
RATED_BADLY = {
    "citizen": (Plays("citizen"),),
    "clerk": seen("clerk"),
    "chief": seen("chief"),
    "handler": seen("handler"),
    "deputy": seen("deputy", "forwarded_to"),
    "leader": seen("leader", "looker", "forwarded_to"),
    "mayor": seen("superior", "looker"),
    "secretary": seen("superior", "looker"),
    "inspector": seen("inspector"),
    "other_leader": NOTHING,
}


# --- How each is made ---------------------------------------------------------------------------------------------
def ordinary(city: SimpleNamespace, state: str) -> Demand:
    return _coded(walk_to(state))


def _recused(city: SimpleNamespace, state: str) -> Demand:
    named = [{"kind": "person", "name": name, "organ": ""} for name in ("傅主管", "金市安", "杜查清", "申计明")]
    return _coded(walk_to(state, complained_about=named))


def _kept(city: SimpleNamespace, state: str) -> Demand:
    steps: tuple[Any, ...] = (
        ("clerk", "register", INPUT["register"]),
        ("clerk", "accept", {}),
        ("chief", "assign", {"handler": "clerk"}),
        ("clerk", "answer", ANSWER),
        ("chief", "write_off", INPUT["write_off"]),
    )
    return _played(file_petition(), state, steps[: ("accepted", "handling", "answered", "closed").index(state) + 2])


def _answered_twice(city: SimpleNamespace, state: str) -> Demand:
    steps = (
        ("leader", "assign", {"handler": "deputy"}),
        ("deputy", "answer", ANSWER),
        ("leader", "return", INPUT["return"]),
        ("leader", "assign", {"handler": "handler"}),
        ("handler", "answer", ANSWER),
    )
    return _played(walk_to("accepted"), state, steps)


def _district(city: SimpleNamespace, state: str) -> Demand:
    steps = (
        ("district_clerk", "register", INPUT["register"] | {"region": DISTRICT}),
        ("district_clerk", "forward", {"organ": "district_department", "note": ""}),
    )
    return _played(file_petition(region=DISTRICT), state, steps if state == "forwarded" else ())


def _office_recused(city: SimpleNamespace, state: str) -> Demand:
    named = [{"kind": "person", "name": name, "organ": ""} for name in ("程登记", "辛访明")]
    received = filing.file(filing_data(complained_about=named), channel="letter", received_by=city.organ["department"])
    demand = Demand.objects.get(petition=received.filing.pk)
    filed = SimpleNamespace(demand=demand, code=received.code)
    steps = (
        ("receiver", "register", INPUT["register"]),
        ("receiver", "accept", {}),
        ("leader", "assign", {"handler": "handler"}),
        ("handler", "answer", ANSWER),
    )
    return _played(filed, state, steps)


def _rated_badly(city: SimpleNamespace, state: str) -> Demand:
    steps = [("citizen", "rate", {"object": side, "score": "1", "reason": ""}) for side in ("organ", "petition_office")]
    return _played(walk_to(state), state, steps)


def _played(filed: SimpleNamespace, state: str, steps: Iterable[tuple[str, str, Mapping[str, Any]]]) -> Demand:
    for who, slug, data in steps:
        filed.demand = act(filed.demand, who, slug, data)
    assert filed.demand.state == state
    return _coded(filed)


def _coded(filed: SimpleNamespace) -> Demand:
    demand = Demand.objects.select_related("petition").get(pk=filed.demand.pk)
    demand.code = filed.code  # type: ignore[attr-defined] # the petitioner's, whom no row names
    return demand


# --- Hidden -------------------------------------------------------------------------------------------------------
LONG_AGO: dict[str, Any] = {"title": "举报有人参与强拆", "body": "收了开发商的钱，带人强拆。"}


def named(*people: str) -> list[dict[str, str]]:
    """As those whom a petition is about."""
    names = NAMES | {who: name for who, (name, _kind) in ADMINISTRATION.items()}
    return [{"kind": "person", "name": names[who], "organ": ""} for who in people]


def all_the_way(**more: Any) -> Demand:
    """Filed long ago, overdue at the office up to the root, forwarded, objected, accepted, handled, overdue again."""
    filed = file_petition(received_at=timezone.now() - timedelta(days=100), **LONG_AGO, **more)
    climbed_to_the_root()
    for who, slug, data in (
        ("clerk", "register", INPUT["register"]),
        ("clerk", "forward", {"organ": "department", "note": ""}),
        ("receiver", "object", INPUT["object"]),
        ("chief", "decide_objection", INPUT["decide_objection"]),
        ("receiver", "accept", {}),
        ("receiver", "ask", INPUT["ask"]),
        ("deputy", "assign", {"handler": "handler"}),
        ("citizen", "urge", {}),
        ("citizen", "supplement", INPUT["supplement"]),
        ("handler", "answer", ANSWER),
        ("deputy", "return", INPUT["return"]),
    ):
        filed.demand = act(filed.demand, who, slug, data)
    return _coded(filed)


def in_hand(**more: Any) -> Demand:
    """In the handler's hands, and nobody who heads the department had a part in it."""
    return act(walk_to("accepted", **more).demand, "deputy", "assign", {"handler": "handler"})


def _handed_over(city: SimpleNamespace) -> Demand:
    """An accusation that had climbed to everybody before anybody noticed what it was, and was receipted."""
    filed = file_petition(received_at=timezone.now() - timedelta(days=100), **LONG_AGO)
    act(filed.demand, "citizen", "supplement", INPUT["supplement"])
    act(filed.demand, "clerk", "ask", INPUT["ask"])
    climbed_to_the_root()
    act(filed.demand, "clerk", "transfer", {"organ": "jiwei", "pages": 3, "sure": True})
    return _coded(filed)


GIVEN = Given(
    cases={
        "ordinary": Case(ORDINARY, ALL, ordinary),
        "administrations": Case(dict.fromkeys(ADMINISTRATIONS, NOTHING), ("received",), ordinary),
        "recused": Case(RECUSED, ("received", "forwarded", "answered"), _recused),
        "kept": Case(KEPT, ("accepted", "handling", "answered", "closed"), _kept, {"assign": {"handler": "clerk"}}),
        "answered_twice": Case(ANSWERED_TWICE, ("answered",), _answered_twice),
        "district": Case(OF_THE_DISTRICT, ("received", "forwarded"), _district),
        "office_recused": Case(OFFICE_RECUSED, ("answered",), _office_recused),
        "rated_badly": Case(RATED_BADLY, ("answered", "closed"), _rated_badly),
    },
    input=INPUT,
    words={"any": SEEN, "open": OPEN},
    events={("decline", "forwarded"): "petition.declining"},
    enters=("clerk", "chief", "receiver", "other_receiver", "district_clerk", "district_chief", "district_handler"),
    entry=ENTRY,
    bulk={
        ("register", "received"): ("clerk", "chief"),
        ("register", "forwarded"): (),
        ("forward", "registered"): ("clerk", "chief"),
        ("forward", "accepted"): (),
        ("assign", "accepted"): ("deputy", "leader"),
        ("assign", "answered"): (),
    },
    hidden={
        "outsiders": lambda city: all_the_way(),
        "recused": lambda city: all_the_way(complained_about=named(*HIDDEN_FROM["recused"])),
        "everybody": _handed_over,
    },
    filing=FILING,
)
