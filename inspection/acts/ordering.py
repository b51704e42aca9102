"""The acts of who orders a task and of the inspection office: from its draft to the lead organ, and its date."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from inspection import events, notices
from inspection.acts.base import (
    BY_LAW,
    DOERS,
    OFFICE,
    ORDERER,
    TO_COMPLETE,
    TO_DEPLOY,
    TO_ISSUE,
    TO_REACH,
    TaskAct,
)
from inspection.acts.effects import (
    AddsMilestone,
    DayToCome,
    MovesDeadline,
    WaitsNoLonger,
    next_item,
    order_of_item,
    order_of_task,
    orders_of_items,
)
from inspection.acts.forms import PlanItemForm, PostponeForm
from inspection.acts.helping import AsksHelpers
from inspection.models import NOT_ISSUED, OPEN, OWED, TaskRole, TaskState
from massline.acts import Doing, Refused, WrongState
from massline.inputs import Reason, Text
from massline.time import local_day
from records.effects import Writes
from responsibility.effects import Closes, Extends, Notifies, OnlyIf, Opens, Releases
from responsibility.rules import applied


def _is_issued(doing: Doing) -> bool:
    return doing.record.state in OWED


def _deploys(doing: Doing) -> bool:
    """Whether the deployment has switched on that it is studied within a day (13710)."""
    return applied(TO_DEPLOY, local_day(doing.at)) is not None


class Approve(TaskAct):
    """Approves a draft: the head of the office within powers given, or who ordered it (Art. 11)."""

    slug, label, basis = "approve", _("批准立项"), BY_LAW + "第十一条：督查机构提出，经负责人批准"
    from_states, to = frozenset({TaskState.DRAFT}), (TaskState.APPROVED,)
    roles, event = frozenset({TaskRole.HEAD, TaskRole.ORDERER}), events.APPROVED

    def check(self, doing: Doing) -> None:
        if doing.record.drafted_by_id == doing.actor.pk:
            raise Refused(_("拟立项的人不能批准自己拟的事项，请由其他负责人批准"))


class Issue(TaskAct):
    slug, label, basis = "issue", _("下达"), BY_LAW + "第十一条；四定：定目标、定时间、定要求、定责任"
    from_states, to, roles = frozenset({TaskState.APPROVED}), (TaskState.ISSUED,), OFFICE
    event = events.ISSUED
    effects = (
        Closes(TO_ISSUE),
        Opens(TO_COMPLETE, ordered=order_of_task),
        Opens(TO_REACH, ordered=orders_of_items),
        AsksHelpers(),
        OnlyIf(_deploys, Opens(TO_DEPLOY)),
        Notifies(notices.ISSUED, lambda task: task.doers()),
    )

    def check(self, doing: Doing) -> None:
        task, today = doing.record, local_day(doing.at)
        if task.due_on < today:
            raise WrongState(_("时限（%(day)s）已过，不能下达；请中止后重新立项") % {"day": task.due_on.isoformat()})
        late = [one for one in task.milestones.all() if one.last_day < today]
        if late and late[0].helper_id:
            raise WrongState(_("第 %(item)s 项协办的时限已过，不能下达") % {"item": late[0].item})
        if late:
            raise WrongState(_("第 %(item)s 项阶段目标的时限已过，不能下达") % {"item": late[0].item})

    def facts(self, doing: Doing) -> dict[str, Any]:
        return super().facts(doing) | {"day": doing.record.due_on.isoformat()}


class Drop(TaskAct):
    """Declines to issue what was drafted (不予立项)."""

    slug, label, basis = "drop", _("不予立项"), "督查部门、交办人决定是否立项"
    from_states, to = NOT_ISSUED, (TaskState.STOPPED,)
    roles, tone, event = OFFICE | ORDERER, "danger", events.STOPPED
    fields, effects = (Reason("reason", _("理由")),), (Writes("reason"), Releases())


class PlanItem(TaskAct):
    """Adds a milestone to the backward plan (倒排工期)."""

    slug, label, basis = "plan_item", _("列阶段目标"), "倒排工期：每项写明目标、时限和所需工作日"
    button = _("列入计划")
    from_states = NOT_ISSUED | OWED
    roles, form, event = OFFICE | DOERS, PlanItemForm, events.PLANNED
    effects = (DayToCome("last_day"), AddsMilestone(), OnlyIf(_is_issued, Opens(TO_REACH, ordered=order_of_item)))

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"item": next_item(doing.record), "day": doing.data["last_day"].isoformat()}


class Postpone(TaskAct):
    """Postpones the whole task (延期): who ordered it, and nobody else. The first day stays on record."""

    slug, label, basis = "postpone", _("批准延期"), "谁交办、谁批准延期；原时限保留"
    from_states, roles, form = OWED, ORDERER, PostponeForm
    event = events.POSTPONED
    effects = (
        DayToCome("due_on"),
        Writes("reason"),
        MovesDeadline(),
        Extends(TO_COMPLETE),
        Notifies(notices.POSTPONED, lambda task: task.doers()),
    )

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"before": doing.record.due_on.isoformat(), "day": doing.data["due_on"].isoformat()}


class ReportUp(TaskAct):
    """Reports to who ordered it how it stands (呈报)."""

    slug, label, basis = "report_up", _("呈报交办领导"), "交办的事项有着落、有回音"
    from_states = OPEN - NOT_ISSUED
    roles, event = OFFICE, events.REPORTED_UP
    fields = (Text("text", _("呈报内容"), rows=4),)
    effects = (Writes("text"), Notifies(notices.REPORTED_UP, lambda task: task.orderers()))


class Urge(TaskAct):
    slug, label, basis = "urge", _("督促"), BY_LAW + "第十四条：日常督办"
    from_states, roles, event = OWED, OFFICE | ORDERER, events.URGED
    fields = (Text("text", _("督促意见"), rows=2),)
    effects = (Writes("text"), Notifies(notices.URGED, lambda task: task.doers()))


class Stop(TaskAct):
    """Ends a task without result (中止): who ordered it alone, with the reason."""

    slug, label, basis = "stop", _("中止"), "只有交办人可以中止"
    from_states = OPEN - NOT_ISSUED
    to, roles, tone, event = (TaskState.STOPPED,), ORDERER, "danger", events.STOPPED
    fields = (Reason("reason", _("中止理由")),)
    effects = (
        Writes("reason"),
        WaitsNoLonger(),
        Releases(),
        Notifies(notices.STOPPED, lambda task: task.doers()),
    )
