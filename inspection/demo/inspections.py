"""Plays the demo's year plan of inspections, and those that took place, from the proposal to the recheck."""

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import User
from audit.context import acting, actor_of
from inspection.conclusions.acts import CONCLUSION_ACTS
from inspection.demo.story import post_of
from inspection.inspections.acts import INSPECTION_ACTS
from inspection.inspections.creating import ANNOUNCED, UNANNOUNCED, propose_inspection
from inspection.models import Conclusion, Inspection, InspectionPlan, PlanItem
from inspection.plans.acts import PLAN_ACTS
from inspection.plans.creating import draft_plan
from massline.acts import perform
from massline.time import local_day
from responsibility.demo.files import read
from responsibility.demo.play import Play
from responsibility.models import Organ

OF_CONCLUSION = frozenset({"object", "decide", "settle"})
FOR_EACH_CHECK = frozenset({"add_check", "fill_check"})


def plan(play: Play) -> None:
    """Plans the year plan and every inspection; what follows is planned with them."""
    told = read(Path(__file__).with_name("inspections.toml"))
    planned = next(one["proposed"] - one["starts"] for one in told["inspection"] if "planned" in one)
    year = (play.today - timedelta(days=planned)).year
    moment = play.on_working_day(play.moment(told["plan"]["drafted"], time(9, 40)))
    play.at(moment, lambda at: _draft_plan(play, told["plan"], year, at))
    for one in told["inspection"]:
        moment = play.on_working_day(play.moment(one["proposed"], time(9, 30)))
        play.at(moment, lambda at, one=one: _Proposed(play, one).begin(at))  # type: ignore[misc]


def _draft_plan(play: Play, told: dict[str, Any], year: int, at: datetime) -> None:
    drafter, chief = play.people[told["by"]], play.people[told["approved_by"]]
    with acting(actor_of(drafter)), transaction.atomic():
        made = draft_plan({"year": year, "items": told["items"]}, drafter, at)
    play.at(
        play.on_working_day(at + timedelta(days=2)),
        lambda then: perform(PLAN_ACTS["approve"], InspectionPlan, made.pk, chief, {}, at=then),
    )


class _Proposed:
    """One inspection of one organ."""

    def __init__(self, play: Play, told: dict[str, Any]) -> None:
        self.play, self.told = play, told

    def begin(self, at: datetime) -> None:
        head = self.play.people[self.told["team"][0]]
        with acting(actor_of(head)), transaction.atomic():
            made = propose_inspection(self._entered(at), head, at)
        for minutes, (act, who, after) in enumerate(self.told["steps"]):
            moment = self.play.on_working_day(at + timedelta(days=after, minutes=minutes))
            user = self.play.people[who]
            self.play.at(moment, lambda then, act=act, user=user: self._do(made, act, user, then))  # type: ignore[misc]

    def _entered(self, at: datetime) -> dict[str, Any]:
        """Returns what the form would."""
        told, day = self.told, self.play.today
        first = local_day(self.play.on_working_day(at + timedelta(days=told["starts"])))
        head, member = (post_of(self.play.people[name], day) for name in told["team"])
        copied = ("title", "aim", "inspection_type", "track", "category")
        return {name: told[name] for name in copied} | {
            "mode": ANNOUNCED if told["announced"] else UNANNOUNCED,
            "organ": Organ.objects.get(code=told["organ"]),
            "head": head,
            "member": member,
            "plan_item": PlanItem.objects.get(item=told["planned"]) if "planned" in told else None,
            "approver": post_of(self.play.people[told["approver"]], day) if "approver" in told else None,
            "first_day": first,
            "last_day": first + timedelta(days=told["lasts"]),
            "merge_with": None,
        }

    def _do(self, made: Inspection, act: str, user: User, at: datetime) -> None:
        if act in OF_CONCLUSION:
            served = Conclusion.objects.get(inspection=made)
            perform(CONCLUSION_ACTS[act], Conclusion, served.pk, user, self._input(act), at=at)
            return
        for given in self._lines(act) if act in FOR_EACH_CHECK else [self._input(act)]:
            perform(INSPECTION_ACTS[act], Inspection, made.pk, user, given, at=at)

    def _lines(self, act: str) -> list[dict[str, str]]:
        """Returns what the form of the act takes for each line of the checklist."""
        if act == "add_check":
            return [{"question": question, "organ": ""} for question, _found, _finding in self.told["checks"]]
        rows = enumerate(self.told["checks"], start=1)
        return [{"item": str(item), "found": found, "finding": words} for item, (_asked, found, words) in rows]

    def _input(self, act: str) -> dict[str, str]:
        if act == "serve_conclusion":
            return {"organ": self.told["organ"], "text": self.told["conclusion"]}
        if act == "object":
            return {"reason": self.told["objection"]}
        if act == "decide":
            decision, grounds = self.told["decided"]
            return {"recheck_decision": decision, "grounds": grounds}
        return {}
