"""Gaps (制度缺口) of the department, in every state."""

from types import SimpleNamespace
from typing import Any

from institutions.gaps.acts import GAP_ACTS
from institutions.gaps.models import Gap
from massline.acts import perform
from records.creating import create
from tests.institutions_lab import add_legal_office, in_days, inside

ENTRY = {
    "title": "招标现场没有人监督",
    "organ": "department",
    "power": "money",
    "step": "check",
    "sort": "none",
    "category": "010101",
    "evidence": "两次流标后的谈判没有旁人在场",
}
INPUT: dict[str, dict[str, Any]] = {
    "plan": {"handler": "handler", "due_on": in_days(60)},
    "close": {"regulation": "", "said": "第三条"},
    "dismiss": {"reason": "已由市里的采购办法统一规定"},
    "reopen": {"reason": "办法里没有写谈判的情形"},
    "note": {"text": "已与财政科沟通"},
    "attach": {"name": "纪要.txt", "content": "5qW86YGT"},
}
WAYS: dict[str, tuple[tuple[str, str], ...]] = {
    "found": (),
    "planned": (("leader", "plan"),),
    "closed": (("leader", "plan"), ("legal", "close")),
    "dismissed": (("legal", "dismiss"),),
}


def does(city: SimpleNamespace, gap: Gap, who: str, act: str, **data: Any) -> Gap:
    """One real act by somebody of the city."""
    done = perform(GAP_ACTS[act], Gap, gap.pk, getattr(city, who), {**INPUT[act], **data})
    assert isinstance(done, Gap)
    return done


def add_rule(city: SimpleNamespace) -> SimpleNamespace:
    """The legal office, and a regulation of the department that is in force: it fills gaps."""
    add_legal_office(city)
    INPUT["close"]["regulation"] = inside(city).number
    return city


def gap_in(city: SimpleNamespace, state: str, **overrides: Any) -> Gap:
    """A gap of the department in this state, found by the legal office."""
    if state == "closed":
        add_rule(city)
    gap = create(Gap.KIND, ENTRY | overrides, city.legal)
    for who, act in WAYS[state]:
        gap = does(city, gap, who, act)
    found = Gap.with_joined(Gap.objects.all()).get(pk=gap.pk)
    assert found.state == state
    return found
