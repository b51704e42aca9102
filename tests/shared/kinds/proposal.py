"""Proposals (提请) of a repair because of a petition: who is what to each, and how each is made."""

from types import SimpleNamespace
from typing import Any

from massline.acts import perform
from petitions.models import Demand
from records.models import Proposal
from records.proposals.acts import PROPOSAL_ACTS
from records.proposals.proposing import propose
from tests.shared.from_outside import erased
from tests.shared.kinds import ADMINISTRATIONS, HIDDEN_FROM, NOTHING, Case, Given, Plays
from tests.shared.kinds.petition import in_hand, named

WORDS = {"title": "修一修大门", "words": "大门关不上。", "reason": "同类问题三个月内反映了五次"}
INPUT = {
    "take_up": {"title": "大门"},
    "decline": {"reason": "已列入年度维修计划，不再重复办理"},
    "withdraw": {},
}
# The handler proposes it to their own organ, whose head may enter repairs.
ORDINARY = {
    "handler": (Plays("proposer"),),
    "leader": (Plays("decider"),),
    **dict.fromkeys(
        ("deputy", "colleague", "mayor", "clerk", "chief", "other_leader", "inspector", "auditor"), NOTHING
    ),
    **dict.fromkeys(ADMINISTRATIONS, NOTHING),
}
ENDS = {"taken": ("leader", "take_up"), "declined": ("leader", "decline"), "withdrawn": ("handler", "withdraw")}


def proposal(city: SimpleNamespace, state: str, title: str = "大门", **petition: Any) -> Proposal:
    made = propose("repair", WORDS | {"title": title}, city.handler, in_hand(**petition))
    if state in ENDS:
        who, act = ENDS[state]
        perform(PROPOSAL_ACTS[act], Proposal, made.pk, getattr(city, who), INPUT[act])
    return Proposal.objects.get(pk=made.pk)


GIVEN = Given(
    cases={"ordinary": Case(ORDINARY, ("open", *ENDS), proposal)},
    input=INPUT,
    erase=lambda made: erased(Demand.objects.get(pk=made.source_id)),
    opens=("take_up",),
    hidden={
        "outsiders": lambda city: proposal(city, "open", "强拆后修门"),
        "recused": lambda city: proposal(city, "open", "强拆后修门", complained_about=named(*HIDDEN_FROM["recused"])),
    },
)
