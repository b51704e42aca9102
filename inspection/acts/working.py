"""The acts of the lead organ, and of the organ that it waits for."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from inspection import events, notices
from inspection.acts.base import (
    CHIEFS,
    DOERS,
    READERS,
    TO_ANSWER,
    TO_COMPLETE,
    TO_DEPLOY,
    TO_REACH,
    TO_VERIFY,
    TaskAct,
)
from inspection.acts.effects import ReachesMilestone, WaitsFor, WaitsNoLonger, item_of_form
from inspection.acts.forms import CoordinateForm, FeedBackForm
from inspection.models import OPEN, TaskRole, TaskState
from massline.acts import Doing, WrongState
from massline.inputs import Text
from records.effects import Writes
from records.files.acts import Attach
from records.notes import KeepNote
from responsibility.effects import Closes, Notifies, OnlyIf, Opens


def _reached(doing: Doing) -> bool:
    return bool(doing.data["reached"])


class Sign(TaskAct):
    slug, label, basis = "sign", _("签收"), "责任人、责任领导签收后即抓落实"
    from_states, to, roles = frozenset({TaskState.ISSUED}), (TaskState.WORKING,), DOERS
    event, effects = events.SIGNED, (Closes(TO_DEPLOY),)


class FeedBack(TaskAct):
    """Feeds back how it goes (反馈): what was done, and of a milestone that is reached one fact."""

    slug, label, basis = "feed_back", _("反馈进展"), "一项一反馈；一个事实可供核实，不要求重复报材料"
    button = _("提交反馈")
    from_states, roles, form = frozenset({TaskState.WORKING}), DOERS, FeedBackForm
    effects = (
        Writes("text"),
        OnlyIf(_reached, ReachesMilestone()),
        OnlyIf(_reached, Closes(TO_REACH, item=item_of_form)),
    )
    event = events.FED_BACK

    def event_of(self, doing: Doing) -> Any:
        return events.REACHED if _reached(doing) else events.FED_BACK

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"item": doing.data["item"]} if doing.data["item"] else {}


class Coordinate(TaskAct):
    """Says for which organ the work waits (协调): the task's own clock runs on, and that organ owes an answer, too."""

    slug, label, basis = "coordinate", _("提请协调"), "卡在哪个单位，由哪个单位限期答复"
    from_states, to, roles = frozenset({TaskState.WORKING}), (TaskState.BLOCKED,), DOERS
    form, event = CoordinateForm, events.BLOCKED
    effects = (
        Writes("reason"),
        WaitsFor(),
        Opens(TO_ANSWER, "waited_for_chain_subject"),
        Notifies(notices.WAITED_FOR, lambda task: task.waited_for_people()),
    )

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"organ": doing.data["organ"].name}


class Resume(TaskAct):
    """Answers who waits (答复协调): the organ that they wait for, or who ordered the task."""

    slug, label, basis = "resume", _("答复协调事项"), "被等待的单位答复；答复不了的由交办人协调"
    from_states, to = frozenset({TaskState.BLOCKED}), (TaskState.WORKING,)
    roles, event = frozenset({TaskRole.WAITED_FOR, TaskRole.ORDERER}), events.UNBLOCKED
    fields = (Text("answer", _("答复")),)
    effects = (
        Writes("answer"),
        WaitsNoLonger(),
        Closes(TO_ANSWER),
        Notifies(notices.ANSWERED, lambda task: task.doers()),
    )

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"organ": doing.record.waits_for.name}


class Report(TaskAct):
    """Reports the task as done (报结): in the name of the organ, by its responsible leader or its top."""

    slug, label, basis = "report", _("报结"), "由责任领导或者主要负责人审签报结"
    from_states, to, roles = frozenset({TaskState.WORKING}), (TaskState.REPORTED,), CHIEFS
    event = events.REPORTED
    fields = (Text("result", _("落实结果"), rows=6, hint=_("写明做成了什么，别人怎样核实")),)
    effects = (
        Writes("result"),
        Closes(TO_COMPLETE, TO_DEPLOY),
        Opens(TO_VERIFY, "office_chain_subject"),
        Notifies(notices.REPORTED, lambda task: task.inspectors()),
    )

    def check(self, doing: Doing) -> None:
        waiting = [one for one in doing.record.milestones.select_related("helper") if one.done_at is None]
        if waiting and waiting[0].helper:
            words = {"organ": waiting[0].helper.called, "item": waiting[0].item}
            raise WrongState(_("%(organ)s的协办（第 %(item)s 项）还没有完成，可以催办；卡住的请提请协调") % words)
        if waiting:
            raise WrongState(_("第 %(item)s 项阶段目标还没有完成，请先反馈") % {"item": waiting[0].item})


class Note(TaskAct, KeepNote):
    from_states, event = frozenset(TaskState), events.NOTED


class AttachToTask(Attach):
    from_states, roles = OPEN, READERS
