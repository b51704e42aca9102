"""The small city on one fixed morning: petitions in every state and on every rung, the same each time it is built.

What is recorded or pictured of it today can be compared with what a later state of the code makes of it.
"""

from collections.abc import Mapping
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from tests.chain_lab import at, sh, sweep_at
from tests.city import ACCEPTED, HANDLING, WAYS, act, build_city, file_petition, tell_all

NOW = "2026-09-15 10:00"
"""A Tuesday: the make-up Sunday of the 20th and the holidays from the 25th lie within the periods that run."""
SWEEPS = ("2026-07-20", "2026-07-28", "2026-08-05", "2026-08-13", "2026-08-21")
MANY = 51
"""One more than a page of the ledger holds, and than one of what climbed to the head of the district."""
DISTRICT = "990102000000"
TITLES = {
    "received": "小区电梯停运两周",
    "registered": "地下车库积水",
    "forwarded": "外墙瓷砖脱落",
    "objected": "占道经营扰民",
    "declining": "物业费合同纠纷",
    "accepted": "楼顶漏水多年",
    "handling": "楼道照明长期不亮",
    "answered": "二次供水水质发黄",
    "closed": "单元门禁损坏",
    "not_accepted": "房屋买卖合同纠纷",
    "withdrawn": "楼道堆放杂物",
    "transferred": "反映有人收受好处",
}
GROUP = {
    "title": "拖欠安置费",
    "persons": 12,
    "complained_about": [{"kind": "organ", "name": "试水市城市管理局", "organ": ""}],
    "representatives": [{"name": "李代表", "phone": "+8613800000002"}, {"name": "周代表", "phone": ""}],
}
RECUSED = {"title": "反映局长推诿", "complained_about": [{"kind": "person", "name": "林局正", "organ": ""}]}
BADLY = {"object": "organ", "score": "1", "reason": "没有人来看过"}
RETURN = {"reason": "与实际情况不符"}
EXTEND = {"days": 30, "reason": "涉及多个单位，情况复杂"}


def frozen_city() -> SimpleNamespace:
    """People and organs as `city`, petitions by name as `filed`: one in each state, and those of the stories below."""
    with at("2026-07-01 09:00"):
        frozen = SimpleNamespace(city=build_city(), filed={})
    _climbing(frozen)
    for days, state in enumerate(WAYS):
        with at(sh("2026-09-01 09:15") + timedelta(days=days)):
            _walk(frozen, state, WAYS[state], {"title": TITLES[state]})
    with at("2026-09-02 15:40"):
        _walk(frozen, "group", ACCEPTED, GROUP)
    with at("2026-09-03 15:40"):
        _walk(frozen, "recused", WAYS["forwarded"], RECUSED)
    with at("2026-09-04 15:40"):
        steps = (*WAYS["answered"], ("leader", "return", RETURN), ("leader", "extend", EXTEND))
        _walk(frozen, "returned", steps, {"title": "暖气不热"})
    with at("2026-09-07 15:40"):
        _walk(frozen, "rated", (*WAYS["closed"], ("citizen", "rate", BADLY)), {"title": "噪声扰民"})
    with at("2026-09-08 15:40"):
        filed = _walk(frozen, "talked", HANDLING, {"title": "消防通道被占"})
        act(filed.demand, "citizen", "supplement", {"text": "昨晚又有车堵在通道口。"})
        act(filed.demand, "handler", "ask", {"question": "请问是几号楼？"})
        act(filed.demand, "clerk", "note", {"text": "已电话联系，信访人情绪平稳。"})
        act(filed.demand, "citizen", "urge")
    return frozen


def _climbing(frozen: SimpleNamespace) -> None:
    """What nobody does in time climbs from sweep to sweep; one of it is done late."""
    with at("2026-07-01 09:30"):
        _walk(frozen, "unaccepted", WAYS["forwarded"], {"title": "护栏锈蚀"})
    with at("2026-07-01 10:30"):
        _walk(frozen, "late", WAYS["forwarded"], {"title": "路面塌陷"})
    with at("2026-07-02 09:30"):
        _walk(frozen, "unregistered", (), {"title": "井盖缺失"})
    for n in range(MANY):
        with at(sh("2026-07-13 08:00") + timedelta(minutes=n)):
            file_petition(region=DISTRICT, title=f"路灯不亮（第{n + 1}处）")
    for day in SWEEPS:
        sweep_at(day)
    with at("2026-08-24 09:00"):
        act(frozen.filed["late"].demand, "receiver", "accept")
        tell_all(frozen.filed["late"].demand)


def _walk(frozen: SimpleNamespace, name: str, steps: Any, overrides: Mapping[str, Any]) -> SimpleNamespace:
    """Files it and takes the steps, each letter told at once."""
    filed = frozen.filed[name] = file_petition(**overrides)
    for who, slug, data in steps:
        filed.demand = act(filed.demand, who, slug, data)
        tell_all(filed.demand)
    return filed
