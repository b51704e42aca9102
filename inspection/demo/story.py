"""Plays the demo's tasks: orders each at its moment, and performs the acts of the way that it has come."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from audit.context import acting, actor_of
from inspection.acts import TASK_ACTS
from inspection.creating import draft
from inspection.models import Milestone, Task
from massline.acts import perform
from massline.time import local_day
from responsibility.calendar import calendar
from responsibility.deadlines import add_working_days
from responsibility.demo import city
from responsibility.demo.files import read
from responsibility.demo.play import DemoError, Play
from responsibility.models import Appointment, Organ

HERE = Path(__file__).parent
OFFICE, HEAD = "shangyun", "inspection"
NEW = {"draft": 1, "approved": 4}
"""What waits to be issued is so many days old: it is due within one."""
WORDS: dict[str, dict[str, Any]] = {
    "drop": {"reason": "已并入另一件督查事项一起落实，不单独立项"},
    "feed_back": {"text": "已对照清单逐项走了一遍，其余的正在办。"},
    "coordinate": {"reason": "需要先移交点位资料，否则没有办法施工。"},
    "resume": {"answer": "资料已移交，并指定了联系人。"},
    "postpone": {"reason": "设备到货比合同晚了两周，已核实。"},
    "report": {"result": "清单上的各项已经完成，可以现场核实。"},
    "send_back": {"reason": "抽看三处，有一处没有完成。"},
    "verify": {"evidence": "现场抽看五处，与清单一致。"},
    "ask": {"text": "在三个小区各入户问了几家。"},
    "report_up": {"text": "主体部分已经完成，余下的月内完成。"},
    "write_off": {"grounds": "已核实完成。", "recheck": "no"},
    "urge": {"text": "时限将近，请抓紧，并反馈卡在哪里。"},
    "stop": {"reason": "上级已统一部署同一事项，避免重复督查"},
}


def plan(play: Play) -> None:
    """Plans every order; what follows is planned with it."""
    told = read(HERE / "tasks.toml")
    hands = city.hands()
    for number, theme in enumerate(told["task"]):
        for n, organ in enumerate(theme["organs"]):
            end = theme["ends"][n]
            days_ago = NEW.get(end, theme["ordered"] - n)
            _Ordered(play, theme, organ, hands[organ], told["ways"][end], end).plan(days_ago, number)


def post_of(user: User, day: date, organ: Organ | None = None) -> Any:
    """Returns the post that a person holds on a day; in this organ, where one is said."""
    held = Appointment.objects.on(day).filter(user=user, kind="regular").select_related("post__organ")
    return (held.filter(post__organ=organ) if organ else held).first().post  # type: ignore[union-attr]


def _own_items(task: Task) -> QuerySet[Milestone]:
    """Returns what the lead itself still has to reach."""
    return Milestone.objects.filter(task=task, helper=None, done_at=None)


class _Ordered:
    """One task of one organ."""

    def __init__(
        self, play: Play, theme: dict[str, Any], organ: str, hands: city.Hands, way: list[list[Any]], end: str
    ) -> None:
        self.play, self.theme, self.organ, self.hands, self.way, self.end = play, theme, organ, hands, way, end

    def plan(self, days_ago: int, number: int) -> None:
        moment = self.play.on_working_day(self.play.moment(days_ago, time(9, (7 * number) % 60)))
        self.play.at(moment, self._order)

    def _who(self, part: str) -> User:
        parts = {
            "head": HEAD,
            "office": OFFICE,
            "handler": self.hands.handler or self.hands.intake,
            "chief": self.hands.leader,
            "orderer": self.theme.get("ordered_by", "mayor"),
            "waited_for": city.hands()[self._waits_for()].leader,
        }
        return self.play.people[parts[part]]

    def _waits_for(self) -> str:
        return "chengguan" if self.organ != "chengguan" else "zhujian"

    def _order(self, at: datetime) -> None:
        people = self.play.people
        today = self.play.today
        handler = post_of(self._who("handler"), today, Organ.objects.get(code=self.organ))
        data = {
            "title": f"{self.theme['title']}（{handler.organ.name}）",
            "origin": self.theme["origin"],
            "origin_note": self.theme.get("note", ""),
            "track": self.theme.get("track", "government"),
            "goal": self.theme["goal"],
            "requirement": self.theme["requirement"],
            "category": self.theme["category"],
            "handler": handler,
            "due_on": local_day(at) + timedelta(days=self.theme["due"]),
            "ordered_by": post_of(self._who("orderer"), today),
        }
        with acting(actor_of(people[OFFICE])), transaction.atomic():
            task = draft(data, people[OFFICE], at)
        self._add_milestones(task, at)
        self._add_helpers(task, at)
        for act, part, after in self.way:
            day = add_working_days(local_day(at), after, calendar())
            moment = self.play.moment((self.play.today - day).days, time(10 + after % 7, 15))
            self.play.at(moment, lambda then, act=act, part=part: self._act(task, act, part, then))  # type: ignore[misc]

    def _add_milestones(self, task: Task, at: datetime) -> None:
        day = local_day(at)
        for goal, days in self.theme.get("milestones", ()):
            day = min(add_working_days(day, days + 1, calendar()), task.due_on)
            given = {"goal": goal, "requirement": "", "days": days, "last_day": day.isoformat()}
            perform(TASK_ACTS["plan_item"], Task, task.pk, self.play.people[OFFICE], given, at=at)

    def _add_helpers(self, task: Task, at: datetime) -> None:
        for organ, goal, days, after in self.theme.get("helpers", ()):
            day = min(add_working_days(local_day(at), days, calendar()), task.due_on)
            given = {"organ": organ, "goal": goal, "requirement": "", "last_day": day.isoformat()}
            perform(TASK_ACTS["ask_help"], Task, task.pk, self.play.people[OFFICE], given, at=at)
            if after:
                done = add_working_days(local_day(at), after, calendar())
                moment = self.play.moment((self.play.today - done).days, time(15, 20))
                self.play.at(moment, lambda then, organ=organ: self._help(task, organ, then))  # type: ignore[misc]

    def _help(self, task: Task, organ: str, at: datetime) -> None:
        helper = self.play.people[city.hands()[organ].leader]
        perform(TASK_ACTS["help"], Task, task.pk, helper, {"fact": "已逐个楼道清空，物业在场。"}, at=at)

    def _act(self, task: Task, act: str, part: str, at: datetime) -> None:
        if act == "report":
            self._reach_all(task, at)
        try:
            perform(TASK_ACTS[act], Task, task.pk, self._who(part), self._input(task, act), at=at)
        except Exception as error:
            fault = getattr(error, "errors", None) or getattr(error, "message", error)
            raise DemoError(f"{self.theme['title']} of {self.organ}, {act} by {part}: {fault}") from error

    def _input(self, task: Task, act: str) -> dict[str, Any]:
        given = dict(WORDS.get(act, {}))
        if act == "coordinate":
            given["organ"] = self._waits_for()
        elif act == "postpone":
            given["due_on"] = (task.due_on + timedelta(days=20)).isoformat()
        elif act == "write_off" and self.end == "rechecking":
            given["recheck"] = "yes"
        elif act == "feed_back" and (first := _own_items(task).first()):
            given |= {"item": first.item, "reached": True, "fact": f"“{first.goal}”已完成，清单在牵头单位可查。"}
        return given

    def _reach_all(self, task: Task, at: datetime) -> None:
        for _left in _own_items(task):
            perform(TASK_ACTS["feed_back"], Task, task.pk, self._who("handler"), self._input(task, "feed_back"), at=at)
