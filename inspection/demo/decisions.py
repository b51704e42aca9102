"""Plays the demo's decisions: each is drafted at its moment, and goes through its steps."""

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import User
from audit.context import acting, actor_of
from inspection.decisions.acts import DECISION_ACTS
from inspection.decisions.desk import draft
from inspection.decisions.models import Decision
from massline.acts import perform
from massline.time import local_day
from responsibility.demo import city
from responsibility.demo.files import read
from responsibility.demo.play import Play
from responsibility.models import Organ

CHECK = {"holds": "yes", "opinion": "权限、程序和内容符合规定。"}


def plan(play: Play) -> None:
    """Plans every decision; what follows is planned with it."""
    for told in read(Path(__file__).with_name("decisions.toml"))["decision"]:
        moment = play.on_working_day(play.moment(told["drafted"], time(9, 20)))
        play.at(moment, lambda at, told=told: _Drafted(play, told).begin(at))  # type: ignore[misc]


class _Drafted:
    """One decision of one organ."""

    def __init__(self, play: Play, told: dict[str, Any]) -> None:
        self.play, self.told = play, told
        self.hands = city.hands()[told["organ"]]
        self.drafter = play.people[self.hands.intake]

    def begin(self, at: datetime) -> None:
        data = {name: self.told[name] for name in ("title", "matter_type", "category", "draft")}
        data["office"] = Organ.objects.get(code=self.told["organ"])
        with acting(actor_of(self.drafter)), transaction.atomic():
            decision = draft(data, self.drafter, at)
        ended = max([step[3] for step in self.told["steps"] if step[1] == "yes"])
        for step in self.told["steps"]:
            given, after = self._step(step, at)
            self._plan(decision, at, after, self.drafter, "record_step", given)
        if self.told["ends"] == "preparing":
            return
        self._plan(decision, at, ended + 2, self.drafter, "submit", {})
        if self.told["ends"] == "adopted":
            deputy = self.play.people[self.hands.in_charge_of(self.told["category"])]
            self._plan(decision, at, ended + 7, deputy, "check", CHECK)
            self._plan(decision, at, ended + 12, self.play.people[self.hands.leader], "decide", {})

    def _step(self, step: list[Any], at: datetime) -> tuple[dict[str, Any], int]:
        """Returns what the form takes, and the day after the draft on which it is written down."""
        given = {"step": step[0], "taken": step[1], "text": step[-1]}
        if step[1] == "no":
            return given, 2
        since, until = (local_day(at) + timedelta(days=days) for days in step[2:4])
        return given | {"since": since.isoformat(), "until": until.isoformat()}, step[3] + 1

    def _plan(self, decision: Decision, at: datetime, after: int, who: User, act: str, given: dict[str, Any]) -> None:
        moment = self.play.on_working_day(at + timedelta(days=after, minutes=10))

        def do(then: datetime) -> None:
            meeting = {
                "met_on": local_day(then).isoformat(),
                "members": self.told.get("members"),
                "votes": self.told.get("votes", ""),
                "result": "adopted",
            }
            data = meeting if act == "decide" else given
            perform(DECISION_ACTS[act], Decision, decision.pk, who, data, at=then)

        self.play.at(moment, do)
