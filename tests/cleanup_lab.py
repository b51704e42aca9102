"""Cleanups (集中清理) of the department's regulations, in every state."""

from types import SimpleNamespace
from typing import Any

from institutions.cleanups.acts import CLEANUP_ACTS
from institutions.models import Cleanup
from massline.acts import perform
from records.creating import create
from tests.institutions_lab import add_legal_office, in_days, inside

ENTRY = {"title": "涉及招标投标的制度清理", "grounds": "招标投标法修改", "due_on": in_days(60)}
INPUT: dict[str, dict[str, Any]] = {
    "judge": {"item": 1, "verdict": "amend", "reason": "第二条与新法的期限不一致"},
    "close": {"meeting": "局务会第十次会议", "met_on": "2020-03-10", "dissent": ""},
    "drop": {"reason": "市里统一清理，不再单独进行"},
    "note": {"text": "已通知各科室"},
    "attach": {"name": "目录.txt", "content": "5qW86YGT"},
}
WAYS: dict[str, tuple[tuple[str, str], ...]] = {
    "judging": (("receiver", "judge"),),
    "closed": (("receiver", "judge"), ("leader", "close")),
    "dropped": (("leader", "drop"),),
}


def add_rules(city: SimpleNamespace) -> SimpleNamespace:
    """The legal office, and one regulation of the department that is in force."""
    if not hasattr(city, "rule"):
        add_legal_office(city)
        city.rule = inside(city)
    return city


def does(city: SimpleNamespace, cleanup: Cleanup, who: str, act: str, **data: Any) -> Cleanup:
    """One real act by somebody of the city."""
    done = perform(CLEANUP_ACTS[act], Cleanup, cleanup.pk, getattr(city, who), {**INPUT[act], **data})
    assert isinstance(done, Cleanup)
    return done


def cleanup_in(city: SimpleNamespace, state: str, **overrides: Any) -> Cleanup:
    """A cleanup in this state, begun by the head of the department."""
    add_rules(city)
    made = create(Cleanup.KIND, ENTRY | overrides, city.leader)
    for who, act in WAYS[state]:
        made = does(city, made, who, act)
    found = Cleanup.with_joined(Cleanup.objects.all()).get(pk=made.pk)
    assert found.state == state
    return found
