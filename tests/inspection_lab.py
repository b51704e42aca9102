"""The inspection office beside the small city of tests, and tasks of its department in every state."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.db import transaction

from accounts.models import Kind, User
from audit import log
from inspection.acts import TASK_ACTS
from inspection.duties import INSPECTION_OFFICE
from inspection.models import Task
from massline.acts import perform
from massline.time import today
from records.creating import create
from records.models import Publication
from responsibility import events
from responsibility.models import Appointment, Organ, OrganKind, Post
from tests.city import PASSWORD, SINCE, forget_event, has_duty
from tests.secrecy_lab import cleared

PEOPLE = (
    ("dc_clerk", "督小勤", "督查科科员", {"is_intake": True}),
    ("dc_other", "督同行", "督查科副科长", {}),
    ("dc_head", "督主任", "主任", {"is_top": True}),
)


def in_days(number: int) -> str:
    return (today() + timedelta(days=number)).isoformat()


def entry(**overrides: Any) -> dict[str, Any]:
    """What entering a task takes: the department's handler is responsible, and the mayor ordered it."""
    return {
        "title": "整治老旧小区照明",
        "origin": "instruction",
        "origin_note": "3 月 2 日批示",
        "track": "government",
        "goal": "坏灯全部修好",
        "requirement": "逐个楼道检查，列出清单",
        "category": "010101",
        "handler": "handler",
        "due_on": in_days(60),
        "ordered_by": "mayor",
    } | overrides


@transaction.atomic
def add_office(city: SimpleNamespace) -> SimpleNamespace:
    """An inspection office of the city, with three people; a second call changes nothing."""
    if "inspection" in city.organ:
        return city
    log.record(events.DEMO_LOADED)
    office = city.organ["inspection"] = Organ.objects.create(
        code="inspection", name="试水市督查室", kind=OrganKind.DEPARTMENT, region=city.region["990100000000"],
        parent=city.organ["root"], valid_from=SINCE,
    )  # fmt: skip
    has_duty(office, INSPECTION_OFFICE)
    for username, name, post, more in PEOPLE:
        user = User.objects.create_user(username, PASSWORD, name=name, kind=Kind.OFFICIAL)
        city.post[username] = Post.objects.create(organ=office, name=post, **more)
        Appointment.objects.create(user=user, post=city.post[username], since=SINCE)
        setattr(city, username, user)
    forget_event()
    return city


@transaction.atomic
def add_liaison(city: SimpleNamespace) -> SimpleNamespace:
    """The same office, in which the clerk of the district's petition office holds a post, too."""
    add_office(city)
    if "liaison" not in city.post:
        log.record(events.DEMO_LOADED)
        post = city.post["liaison"] = Post.objects.create(organ=city.organ["inspection"], name="联络岗")
        Appointment.objects.create(user=city.district_clerk, post=post, since=SINCE)
        forget_event()
    return city


INPUT: dict[str, dict[str, Any]] = {
    "approve": {},
    "issue": {},
    "drop": {"reason": "已经由别的事项一并督查"},
    "sign": {},
    "plan_item": {"goal": "列出坏灯清单", "requirement": "逐个楼道", "days": 3, "last_day": in_days(20)},
    "ask_help": {
        "organ": "district_department",
        "goal": "清出楼道杂物",
        "requirement": "先清单上的三个小区",
        "last_day": in_days(15),
    },
    "help": {"fact": "三个小区的楼道已清空"},
    "feed_back": {"text": "已走访三个小区"},
    "coordinate": {"organ": "other", "reason": "请先清理楼道杂物"},
    "resume": {"answer": "已安排清理"},
    "postpone": {"due_on": in_days(90), "reason": "灯具到货晚"},
    "report": {"result": "坏灯全部修好，住户签字"},
    "send_back": {"reason": "还有两个楼道不亮"},
    "verify": {"evidence": "夜间逐个楼道看过"},
    "ask": {"text": "入户问了十户"},
    "hear": {"heard": "都说亮了"},
    "report_up": {"text": "已修好八成"},
    "write_off": {"grounds": "核实属实", "recheck": "no"},
    "order_recheck": {},
    "recheck": {"holds": "yes", "seen": "仍然亮着"},
    "reopen": {"reason": "半数楼道的灯又不亮了"},
    "propose_publication": {
        "title": "幸福里楼道照明",
        "lead": "市住房和城乡建设局",
        "goal": "楼道全部亮灯",
        "due_on": "2026年10月15日",
        "result": "夜间逐个楼道看过，全部亮灯",
    },
    "urge": {"text": "请抓紧"},
    "stop": {"reason": "该小区整体拆除，不再需要"},
    "note": {"text": "已电话联系"},
    "attach": {"name": "清单.txt", "content": "5qW86YGT"},
}
TO_WORKING = (("dc_head", "approve"), ("dc_clerk", "issue"), ("handler", "sign"))
TO_VERIFIED = (*TO_WORKING, ("leader", "report"), ("dc_clerk", "verify"))
WAYS: dict[str, tuple[tuple[str, str], ...]] = {
    "draft": (),
    "approved": TO_WORKING[:1],
    "issued": TO_WORKING[:2],
    "working": TO_WORKING,
    "blocked": (*TO_WORKING, ("handler", "coordinate")),
    "reported": TO_VERIFIED[:4],
    "verified": TO_VERIFIED,
    "rechecking": (*TO_VERIFIED, ("dc_head", "write_off")),
    "closed": (*TO_VERIFIED, ("dc_head", "write_off")),
    "stopped": (("dc_clerk", "drop"),),
}


def does(city: SimpleNamespace, task: Task, who: str, act: str, **data: Any) -> Task:
    """One real act by somebody of the city."""
    done = perform(TASK_ACTS[act], Task, task.pk, getattr(city, who), {**INPUT[act], **data})
    assert isinstance(done, Task)
    return done


def task_in(city: SimpleNamespace, state: str, *, helped: bool = False, **overrides: Any) -> Task:
    """A task of the department in this state, drafted by the office and brought there by real acts; with a helping
    organ, which has done its part once the task is reported."""
    task = create(Task.KIND, entry(**overrides), city.dc_clerk)
    if helped:
        task = does(city, task, "dc_clerk", "ask_help")
    for who, act in WAYS[state]:
        if helped and act == "report":
            task = does(city, task, "district_handler", "help")
        again = {"recheck": "yes"} if act == "write_off" and state == "rechecking" else {}
        task = does(city, task, who, act, **again)
    found = Task.with_joined(Task.objects.all()).get(pk=task.pk)
    assert found.state == state
    return found


def published(city: SimpleNamespace, task: Task) -> Publication:
    """Its dates and result, made public by two posts."""
    does(city, task, "dc_clerk", "propose_publication")
    return cleared(city, task)
