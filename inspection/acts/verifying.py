"""The acts of other hands: verifying, writing off, and looking again (核实、销号、回头看)."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from inspection import events, notices
from inspection.acts.base import DID_IT, OFFICE, ORDERER, TO_COMPLETE, TO_RECHECK, TO_VERIFY, TaskAct
from inspection.acts.effects import AskedNoLonger, AsksThose
from inspection.models import TaskState
from massline.acts import Doing, NotYet
from massline.inputs import Choice, Reason, Text
from massline.time import local_day
from records.effects import Writes
from records.models import RecordRole
from responsibility.effects import Closes, Notifies, OnlyIf, Opens, Releases, Reopens

SILENCE = timedelta(days=10)
"""How long those affected are waited for (calendar days): then it is written off without their word, and says so."""
SAME_HANDS = _("承办过这件的人不能核实、销号，请由其他人办理")


def _again(doing: Doing) -> bool:
    return bool(doing.data["recheck"] == "yes")


class SendBack(TaskAct):
    slug, label, basis = "send_back", _("退回继续落实"), "没有落实到位的退回，原时限不变"
    from_states = frozenset({TaskState.REPORTED, TaskState.VERIFIED})
    to, roles, tone, event = (TaskState.WORKING,), OFFICE | ORDERER, "danger", events.SENT_BACK
    fields = (Text("reason", _("退回理由"), rows=3),)
    effects = (
        Writes("reason"),
        AskedNoLonger(),
        Releases(TO_VERIFY),
        Reopens(TO_COMPLETE),
        Notifies(notices.SENT_BACK, lambda task: task.doers()),
    )


class Verify(TaskAct):
    """Verifies what was reported (核实): another hand, by person, over the task's whole life."""

    slug, label, basis = "verify", _("核实"), "办理与核实分离：承办过的人不能核实"
    from_states, to = frozenset({TaskState.REPORTED}), (TaskState.VERIFIED,)
    roles, event = OFFICE | {RecordRole.INSPECTOR}, events.VERIFIED
    other_hands_than, same_hands = DID_IT, SAME_HANDS
    fields = (Text("evidence", _("核实情况"), hint=_("写明怎样核实、看到了什么")),)
    effects = (Writes("evidence"),)


class Ask(TaskAct):
    """Asks those affected what they think (听取意见): after ten silent days the write-off is open, and says so."""

    slug, label, basis = "ask", _("征求受影响群众意见"), "群众的事由群众评判；十日没有回音的如实注明"
    from_states, roles, event = frozenset({TaskState.VERIFIED}), OFFICE, events.ASKED
    fields = (Text("text", _("问了谁、怎么问的"), rows=2, hint=_("不写姓名、电话")),)
    effects = (Writes("text", kind="asked"), AsksThose())


class Hear(TaskAct):
    slug, label, basis = "hear", _("记录群众意见"), "听到的意见如实记录"
    from_states, roles, event = frozenset({TaskState.VERIFIED}), OFFICE, events.HEARD
    fields = (Text("heard", _("群众怎么说"), rows=3, hint=_("不写姓名、电话")),)
    effects = (Writes("heard"), AskedNoLonger())


class WriteOff(TaskAct):
    """Writes a task off (销号): not by who did it."""

    slug, label, basis = "write_off", _("销号"), "核实后销号；承办过的人不能销号"
    from_states = frozenset({TaskState.VERIFIED})
    to, roles = (TaskState.CLOSED, TaskState.RECHECKING), OFFICE | ORDERER
    event, other_hands_than, same_hands = events.WRITTEN_OFF, DID_IT, SAME_HANDS
    fields = (
        Text("grounds", _("销号依据"), rows=3),
        Choice(
            "recheck",
            _("要不要回头看"),
            [("no", _("不需要")), ("yes", _("九十日内回头看"))],
            hint=_("交办人要求时才选“回头看”"),
            radio=True,
        ),
    )
    effects = (Writes("grounds"), Closes(), OnlyIf(_again, Opens(TO_RECHECK, "office_chain_subject")))

    def check(self, doing: Doing) -> None:
        asked = doing.record.asked_at
        if asked is not None and doing.at < asked + SILENCE:
            day = local_day(asked + SILENCE).isoformat()
            raise NotYet(_("正在征求群众意见：记录意见之后，或者自 %(day)s 起，可以销号") % {"day": day})

    def target(self, doing: Doing) -> str:
        return TaskState.RECHECKING if _again(doing) else TaskState.CLOSED


class OrderRecheck(TaskAct):
    """Puts what was written off up for a recheck: whoever ordered it, or the office, for whom a draw does it."""

    slug, label, basis = "order_recheck", _("列入回头看"), "交办人要求的、抽查抽到的，九十日内回头看"
    from_states, to, roles = frozenset({TaskState.CLOSED}), (TaskState.RECHECKING,), OFFICE | ORDERER
    event, effects = events.RECHECK_ORDERED, (Opens(TO_RECHECK, "office_chain_subject"),)


class Recheck(TaskAct):
    """Looks again after a write-off (回头看): by others than who verified it or did it."""

    slug, label, basis = "recheck", _("回头看"), "由没有承办、核实过这件的人回头看"
    from_states = frozenset({TaskState.RECHECKING})
    to, roles = (TaskState.CLOSED, TaskState.WORKING), OFFICE | {RecordRole.INSPECTOR}
    event, other_hands_than, same_hands = events.RECHECKED, (*DID_IT, "verify"), SAME_HANDS
    fields = (
        Choice("holds", _("结论"), [("yes", _("已落实到位")), ("no", _("没有落实到位，重新办理"))], radio=True),
        Text("seen", _("看到了什么"), rows=3),
    )
    effects = (
        Writes("seen"),
        Closes(TO_RECHECK),
        OnlyIf(lambda doing: doing.data["holds"] == "no", Reopens(TO_COMPLETE)),
        OnlyIf(lambda doing: doing.data["holds"] == "no", Notifies(notices.SENT_BACK, lambda task: task.doers())),
    )

    def target(self, doing: Doing) -> str:
        return TaskState.CLOSED if doing.data["holds"] == "yes" else TaskState.WORKING

    def event_of(self, doing: Doing) -> Any:
        return events.RECHECKED if doing.data["holds"] == "yes" else events.FAILED_RECHECK


class Reopen(TaskAct):
    """Takes up again what was written off (重新办理), because it came back or was never done."""

    slug, label, basis = "reopen", _("重新办理"), "反弹的、没有落实的重新办理，原时限不变"
    from_states = frozenset({TaskState.CLOSED, TaskState.RECHECKING})
    to, roles, tone, event = (TaskState.WORKING,), OFFICE | ORDERER, "danger", events.REOPENED
    fields = (Reason("reason", _("理由")),)
    effects = (
        Writes("reason"),
        Releases(TO_RECHECK),
        Reopens(TO_COMPLETE),
        Notifies(notices.SENT_BACK, lambda task: task.doers()),
    )
