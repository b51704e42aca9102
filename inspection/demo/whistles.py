"""Plays the demo's whistles: a township calls organs, and each comes, says that it cannot, or does neither."""

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import User
from audit.context import acting, actor_of
from inspection.models import Whistle
from inspection.whistles.acts import WHISTLE_ACTS
from inspection.whistles.desk import blow
from massline.acts import perform
from massline.time import local_day
from responsibility.demo import city
from responsibility.demo.files import read
from responsibility.demo.play import Play
from responsibility.models import Organ


def plan(play: Play) -> None:
    """Plans every whistle; what follows is planned with it."""
    for told in read(Path(__file__).with_name("whistles.toml"))["whistle"]:
        moment = play.on_working_day(play.moment(told["blown"], time(9, 50)))
        play.at(moment, lambda at, told=told: _blow(play, told, at))  # type: ignore[misc]


def _blow(play: Play, told: dict[str, Any], at: datetime) -> None:
    hands = city.hands()
    caller = play.people[hands[told["township"]].intake]
    (first, _after, days), *others = told["calls"]
    data = {name: told[name] for name in ("title", "matter_text", "category")}
    data |= {"organ": Organ.objects.get(code=first), "come_by": local_day(at) + timedelta(days=days)}
    with acting(actor_of(caller)), transaction.atomic():
        made = blow(data, caller, at)
    steps = [(caller, "call", after, {"organ": organ, "come_in": days}) for organ, after, days in others]
    for act, organ, after, given in told["steps"]:
        who = caller if organ == "township" else play.people[hands[organ].intake]
        steps.append((who, act, after, given))
    for minutes, (who, act, after, given) in enumerate(steps, start=10):
        moment = play.on_working_day(at + timedelta(days=after, minutes=minutes))
        play.at(moment, lambda then, who=who, act=act, given=given: _do(made, who, act, given, then))  # type: ignore[misc]


def _do(made: Whistle, who: User, act: str, given: dict[str, Any], at: datetime) -> None:
    data = dict(given)
    if days := data.pop("come_in", 0):
        data["come_by"] = (local_day(at) + timedelta(days=days)).isoformat()
    perform(WHISTLE_ACTS[act], Whistle, made.pk, who, data, at=at)
