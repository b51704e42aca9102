"""Decisions (重大决策) that the department drafts for the city, in every state."""

from types import SimpleNamespace
from typing import Any

from inspection.decisions.acts import DECISION_ACTS
from inspection.decisions.models import Decision
from massline.acts import perform
from records.creating import create

ENTRY = {
    "title": "老城区供热管网改造",
    "matter_type": "administrative",
    "office": "root",
    "category": "010101",
    "draft": "三年内改造老城区供热管网 40 公里。",
}
VOTES = "甄书成 同意\n金市安 同意\n李副市 不同意：资金没有着落\n王副市 保留：先试一片"


STEP = {"step": "participation", "taken": "yes", "since": "2020-01-06", "until": "2020-02-28", "text": "收到意见 41 条"}
NOT_NEEDED = {"taken": "no", "text": "不涉及专业性、技术性较强的内容"}
INPUT: dict[str, dict[str, Any]] = {
    "record_step": STEP,
    "submit": {},
    "check": {"holds": "yes", "opinion": "权限、程序、内容合法"},
    "decide": {
        "met_on": "2020-03-10",
        "members": 5,
        "votes": VOTES,
        "result": "adopted",
        "against_most": "管网爆裂已有三起，不能再等",
    },
    "stop": {"reason": "省里统一改造，不再另行实施"},
    "note": {"text": "已与财政局沟通"},
    "attach": {"name": "论证.txt", "content": "5qW86YGT"},
}
PREPARED = (
    ("receiver", "record_step", {"text": "收到意见 40 条"}),
    ("receiver", "record_step", {"step": "experts", **NOT_NEEDED}),
    ("receiver", "record_step", {"step": "risk", **NOT_NEEDED}),
)
CHECKING = (*PREPARED, ("leader", "submit", {}))
READY = (*CHECKING, ("mayor", "check", {}))
ADOPTED = (*READY, ("secretary", "decide", {}))
REJECTED = {"result": "rejected", "against_most": ""}
WAYS: dict[str, tuple[tuple[str, str, dict[str, Any]], ...]] = {
    "preparing": PREPARED,
    "checking": CHECKING,
    "ready": READY,
    "adopted": ADOPTED,
    "rejected": (*READY, ("secretary", "decide", REJECTED)),
    "stopped": (*ADOPTED, ("mayor", "stop", {})),
}


def does(city: SimpleNamespace, decision: Decision, who: str, act: str, **data: Any) -> Decision:
    """One real act by somebody of the city."""
    given = {"step": data["step"]} if data.get("taken") == "no" else INPUT[act]
    done = perform(DECISION_ACTS[act], Decision, decision.pk, getattr(city, who), {**given, **data})
    assert isinstance(done, Decision)
    return done


def decision_in(city: SimpleNamespace, state: str, **overrides: Any) -> Decision:
    """A decision in this state, drafted by the receiving post and brought there by real acts."""
    made = create(Decision.KIND, ENTRY | overrides, city.receiver)
    for who, act, data in WAYS[state]:
        made = does(city, made, who, act, **data)
    found = Decision.with_joined(Decision.objects.all()).get(pk=made.pk)
    assert found.state == state
    return found
