"""Plans, inspections and conclusions beside the small city of tests: the office inspects the organ "other"."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import time_machine
from django.utils import timezone

from inspection.conclusions.acts import CONCLUSION_ACTS
from inspection.inspections.acts import INSPECTION_ACTS
from inspection.models import Conclusion, Inspection, InspectionPlan, VisitedOrgan
from inspection.plans.acts import PLAN_ACTS
from massline.acts import perform
from massline.time import today
from records.creating import create
from responsibility.class_fields import by_level
from tests.inspection_lab import in_days

PLAN_ENTRY = {"year": str(today().year), "items": "老旧小区照明整治落实情况\n\n农贸市场环境整治"}
PLAN_INPUT: dict[str, dict[str, Any]] = {"drop": {"reason": "项目太多，合并以后再报"}}
INPUT: dict[str, dict[str, Any]] = {
    "refuse": {"reason": "上级同期已有同类督查安排"},
    "call_off": {"reason": "上级已经统一督查，不再需要"},
    "add_organ": {"organ": "district_department"},
    "add_member": {"member": "dc_head"},
    "recuse": {"member": "2", "reason": "配偶在被督查单位工作，应当回避"},
    "add_check": {"question": "坏灯清单是否逐盏核对", "organ": ""},
    "fill_check": {"item": "1", "found": "problem", "finding": "抽看十盏，两盏不亮"},
    "serve_conclusion": {"organ": "other", "text": "清单属实，两处未修复，限期整改。"},
    "praise": {"organ": "other", "grounds": "照明修复率高，做法可以推广"},
    "propose_liability": {"organ": "other", "grounds": "虚报完成数"},
    "decide_outcome": {"organ": "other", "approved": "yes", "opinion": "同意"},
    "note": {"text": "已联系车辆"},
}
CONCLUSION_INPUT: dict[str, dict[str, Any]] = {
    "serve": {"text": "清单属实，两处未修复，限期整改。"},
    "object": {"reason": "两处属于小区产权，不归我局管理"},
    "decide": {"recheck_decision": "upheld", "grounds": "经核对移交协议，两处由该局管理"},
    "attach": {"name": "移交协议.txt", "content": "5qW86YGT"},
}
TO_GOING = (("mayor", "approve"), ("dc_other", "add_check"), ("dc_other", "go"))
WAYS: dict[str, tuple[tuple[str, str], ...]] = {
    "proposed": (),
    "approved": TO_GOING[:1],
    "going": TO_GOING,
    "concluded": (*TO_GOING, ("dc_other", "serve_conclusion"), ("dc_other", "conclude")),
    "dropped": (("mayor", "refuse"),),
}


def entry(**overrides: Any) -> dict[str, Any]:
    """What proposing an inspection takes: of "other", unannounced, approved by the mayor for itself (一事一报)."""
    return {
        "title": "暗访老旧小区照明",
        "aim": "坏灯是否修好，清单是否属实",
        "inspection_type": "special",
        "track": "government",
        "mode": "unannounced",
        "category": free_class() if overrides.get("category") is None else "",
        "organ": "other",
        "head": "dc_other",
        "member": "colleague",
        "plan_item": "",
        "approver": "mayor",
        "first_day": in_days(0),
        "last_day": in_days(5),
        "merge_with": "",
    } | overrides


def free_class() -> str:
    """A class of a matter in which nothing is inspected yet: what repeats is refused."""
    taken = set(VisitedOrgan.objects.filter(exclusive=True).values_list("scope", flat=True))
    return next(code for code in leaves() if code[:4] not in taken)


def leaves() -> list[str]:
    """The classes of the lowest level, those of the deputy of the department first."""
    return [code for _head, group in by_level()[1:] for code, _name in group]


def does(city: SimpleNamespace, inspection: Inspection, who: str, act: str, **data: Any) -> Inspection:
    """One real act on an inspection by somebody of the city."""
    given = {**INPUT.get(act, {}), **data}
    done = perform(INSPECTION_ACTS[act], Inspection, inspection.pk, getattr(city, who), given)
    assert isinstance(done, Inspection)
    return done


def inspection_in(city: SimpleNamespace, state: str, **overrides: Any) -> Inspection:
    """An inspection of "other" in this state, proposed by the office's clerk and brought there by real acts."""
    made = create(Inspection.KIND, entry(**overrides), city.dc_clerk)
    for who, act in WAYS["concluded" if state == "closed" else state]:
        given = {"organ": overrides.get("organ", "other")} if act == "serve_conclusion" else {}
        made = does(city, made, who, act, **given)
    if state == "closed":
        told = made.conclusions.get()
        says(city, told, "other_leader", "settle")
        made = does(city, made, "dc_clerk", "close")
    found = Inspection.objects.get(pk=made.pk)
    assert found.state == state
    return found


def says(city: SimpleNamespace, conclusion: Conclusion, who: str, act: str, **data: Any) -> Conclusion:
    """One real act on a conclusion."""
    given = {**CONCLUSION_INPUT.get(act, {}), **data}
    done = perform(CONCLUSION_ACTS[act], Conclusion, conclusion.pk, getattr(city, who), given)
    assert isinstance(done, Conclusion)
    return done


CONCLUSION_WAYS: dict[str, tuple[tuple[str, str], ...]] = {
    "served": (),
    "objected": (("other_leader", "object"),),
    "decided": (("other_leader", "object"), ("dc_clerk", "decide")),
    "settled": (("other_leader", "settle"),),
}


def conclusion_in(city: SimpleNamespace, state: str, **overrides: Any) -> Conclusion:
    """A conclusion about "other" in this state; announced and cancelled ones are of an announced inspection."""
    if state in ("announced", "cancelled"):
        made = inspection_in(city, "approved", mode="announced", **overrides)
        if state == "cancelled":
            does(city, made, "dc_head", "call_off")
        return Conclusion.objects.get(inspection=made)
    told = inspection_in(city, "concluded", **overrides).conclusions.get()
    head = "district_leader" if told.organ == city.organ["district_department"] else "other_leader"
    for who, act in CONCLUSION_WAYS[state]:
        told = says(city, told, head if who == "other_leader" else who, act)
    return Conclusion.objects.get(pk=told.pk)


def plan_in(city: SimpleNamespace, state: str, **overrides: Any) -> InspectionPlan:
    """A year plan of the office in this state."""
    made = create(InspectionPlan.KIND, PLAN_ENTRY | overrides, city.dc_clerk)
    act = {"approved": "approve", "dropped": "drop"}.get(state)
    if act:
        made = perform(PLAN_ACTS[act], InspectionPlan, made.pk, city.mayor, PLAN_INPUT.get(act, {}))
    assert isinstance(made, InspectionPlan)
    return made


def later(days: int) -> Any:
    """Travels so many days ahead."""

    return time_machine.travel(timezone.now() + timedelta(days=days), tick=False)
