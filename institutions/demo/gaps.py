"""Plays the demo's gaps in the rules and its cleanup, from their moments on."""

from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from accounts.models import User
from audit.context import acting, actor_of
from institutions.cleanups.acts import CLEANUP_ACTS
from institutions.gaps.acts import GAP_ACTS
from institutions.models import Cleanup, Gap, Regulation
from massline.acts import perform
from massline.keys import key_of
from massline.time import local_day
from records.creating import create
from responsibility.demo import city
from responsibility.demo.files import read
from responsibility.demo.play import Play
from responsibility.models import Appointment

LEGAL = "legal"
DISMISSED = {"reason": "抽检办法已经规定目录每年更新，是没有执行，不是没有规定"}
CELL = ("title", "organ", "power", "step", "sort", "category", "evidence")


def plan(play: Play) -> None:
    """Plans every gap and the cleanup; what follows is planned with it."""
    told = read(Path(__file__).with_name("gaps.toml"))
    for number, gap in enumerate(told["gap"]):
        moment = play.on_working_day(play.moment(gap["found"], time(15, number)))
        play.at(moment, partial(_find, play, gap))
    begun = play.on_working_day(play.moment(told["cleanup"]["begun"], time(9, 5)))
    play.at(begun, partial(_clean_up, play, told["cleanup"]))


def _find(play: Play, told: dict[str, Any], at: datetime) -> None:
    legal, leader = play.people[LEGAL], play.people[city.hands()[told["organ"]].leader]
    with acting(actor_of(legal)):
        gap = create(Gap.KIND, {name: told[name] for name in CELL}, legal, at=at)

    def later(days: int, who: User, act: str, given: dict[str, Any]) -> None:
        moment = play.on_working_day(at + timedelta(days=days))
        play.at(moment, lambda then: perform(GAP_ACTS[act], Gap, gap.pk, who, given, at=then))

    if told["ends"] in ("planned", "closed"):
        due = (local_day(at) + timedelta(days=70)).isoformat()
        later(6, leader, "plan", {"handler": _staff(told["organ"], at), "due_on": due})
    if told["ends"] == "closed":
        filled = Regulation.objects.filter(organ__code=told["organ"], state="in_force").earliest("in_force_from", "pk")
        later(20, legal, "close", {"regulation": filled.number, "said": "第三条"})
    if told["ends"] == "dismissed":
        later(9, legal, "dismiss", DISMISSED)


def _staff(organ: str, at: datetime) -> str:
    """Returns the key of a post in the organ that does not head it."""
    held = Appointment.objects.answering(local_day(at)).filter(post__organ__code=organ, post__is_top=False)
    return key_of("post", held.earliest("post").post_id)


def _clean_up(play: Play, told: dict[str, Any], at: datetime) -> None:
    hands = city.hands()[told["organ"]]
    leader, staff = play.people[hands.leader], play.people[hands.intake]
    due = (local_day(at) + timedelta(days=told["due"])).isoformat()
    with acting(actor_of(leader)):
        entry = {"title": told["title"], "grounds": told["grounds"], "due_on": due}
        cleanup = create(Cleanup.KIND, entry, leader, at=at)

    def judge(item: int, verdict: str, reason: str, then: datetime) -> None:
        given = {"item": item, "verdict": verdict, "reason": reason}
        perform(CLEANUP_ACTS["judge"], Cleanup, cleanup.pk, staff, given, at=then)

    for item, (verdict, reason) in enumerate(told["judged"], start=1):
        moment = play.on_working_day(at + timedelta(days=item))
        play.at(moment, partial(judge, item, verdict, reason))
