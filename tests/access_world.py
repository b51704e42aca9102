"""The city with a petition of each kind in each of its states, for whoever tries every act on all of them."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.test.utils import override_settings

from petitions.models import State
from tests import access_matrix as by_hand
from tests import database
from tests.api import token_for
from tests.city import ANSWER, act, build_city, file_petition, walk_to

EVERYBODY = {who for cast, _states in by_hand.PETITIONS.values() for who in cast} | {"secretary"}
PEOPLE = EVERYBODY - {"citizen", "other_citizen"}
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
    "transfer": {"organ": "other", "pages": 2},
    "supplement": {"text": "又有一处坏了"},
    "withdraw": {"reason": "已经解决"},
    "urge": {},
    "rate": {"object": "organ", "score": "2", "reason": ""},
    "look_into": {"text": "已核实并当面说明"},
    "acknowledge": {},
    "instruct": {"text": "限三日内办结"},
    "reassign": {"text": "换人办理"},
}
INPUT_FOR = {("kept", "assign"): {"handler": "clerk"}}


def city_of_states(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """The city, and a petition of each kind in each of its states, committed to a database of this module's own."""
    with django_db_blocker.unblock():
        before = connection.settings_dict["NAME"]
        with database.clone("matrix") as name:
            database.point_at(name)
            try:
                with override_settings(SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies"):
                    yield _build()
            finally:
                database.point_at(before)


def _build() -> SimpleNamespace:
    city = build_city()
    made = SimpleNamespace(city=city, petitions={}, clients={}, tokens={})
    for kind, (_cast, states) in by_hand.PETITIONS.items():
        for state in states:
            made.petitions[kind, state] = BUILD[kind](state)
            made.petitions[kind, state].kind = kind
    made.elsewhere = walk_to(State.WITHDRAWN)
    for name in PEOPLE:
        made.clients[name] = Client()
        with transaction.atomic():
            made.clients[name].force_login(getattr(city, name), "django.contrib.auth.backends.ModelBackend")
        made.tokens[name] = token_for(getattr(city, name))
    return made


def _recused(state: str) -> SimpleNamespace:
    named = [{"kind": "person", "name": name, "organ": ""} for name in ("傅主管", "金市安", "杜查清", "申计明")]
    return walk_to(state, complained_about=named)


def _kept(state: str) -> SimpleNamespace:
    steps: tuple[Any, ...] = (
        ("clerk", "register", INPUT["register"]),
        ("clerk", "accept", {}),
        ("chief", "assign", {"handler": "clerk"}),
        ("clerk", "answer", ANSWER),
        ("chief", "write_off", INPUT["write_off"]),
    )
    return _played(file_petition(), state, steps[: ("accepted", "handling", "answered", "closed").index(state) + 2])


def _answered_twice(state: str) -> SimpleNamespace:
    steps = (
        ("leader", "assign", {"handler": "deputy"}),
        ("deputy", "answer", ANSWER),
        ("leader", "return", INPUT["return"]),
        ("leader", "assign", {"handler": "handler"}),
        ("handler", "answer", ANSWER),
    )
    return _played(walk_to(State.ACCEPTED), state, steps)


def _rated_badly(state: str) -> SimpleNamespace:
    steps = [("citizen", "rate", {"object": side, "score": "1", "reason": ""}) for side in ("organ", "petition_office")]
    return _played(walk_to(state), state, steps)


def _district(state: str) -> SimpleNamespace:
    steps = (
        ("district_clerk", "register", INPUT["register"] | {"region": DISTRICT}),
        ("district_clerk", "forward", {"organ": "district_department", "note": ""}),
    )
    return _played(file_petition(region=DISTRICT), state, steps if state == "forwarded" else ())


def _played(filed: SimpleNamespace, state: str, steps: Any) -> SimpleNamespace:
    for who, slug, data in steps:
        filed.demand = act(filed.demand, who, slug, data)
    assert filed.demand.state == state
    return filed


BUILD: dict[str, Any] = {
    "ordinary": walk_to,
    "administrations": walk_to,
    "recused": _recused,
    "kept": _kept,
    "answered_twice": _answered_twice,
    "district": _district,
    "rated_badly": _rated_badly,
}
