"""What can happen to a conclusion: it is served, objected to, rechecked by others, and settled (Art. 16, 17)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from inspection.conclusions import events, notices
from inspection.models import ConclusionRole, ConclusionState, InspectionState, RecheckDecision
from massline.acts import Act, Acts, Doing, NotYet, Refused, WrongState
from massline.inputs import Choice, Reason, Text
from massline.time import local_day
from records.effects import Writes
from records.files.acts import Attach
from records.models import RecordRole
from responsibility.effects import Closes, Notifies, Opens
from responsibility.people import position_of

TO_DECIDE = "DC02"
BY_LAW = "《政府督查工作条例》"
ANNOUNCED, SERVED = frozenset({ConclusionState.ANNOUNCED}), frozenset({ConclusionState.SERVED})
READERS = frozenset({RecordRole.READER})
OFFICE = frozenset({RecordRole.OFFICE})


class StoresConclusion:
    """Stores the text, since when it is served, and by whom."""

    def apply(self, doing: Doing) -> None:
        record = doing.record
        record.text, record.served_at, record.concluded_by = doing.data["text"], doing.at, doing.actor


class StoresDecision:
    def apply(self, doing: Doing) -> None:
        doing.record.decision = doing.data["recheck_decision"]


class Serve(Act):
    """Serves an announced inspection's conclusion; the inspection's `serve_conclusion` does it, too."""

    slug, label, basis = "serve", _("送达督查结论"), BY_LAW + "第十六条：督查结论反馈被督查单位"
    from_states, to = ANNOUNCED, (ConclusionState.SERVED,)
    roles, event = frozenset({ConclusionRole.CONCLUDER}), events.SERVED
    fields = (Text("text", _("督查结论"), rows=8),)
    effects = (StoresConclusion(), Notifies(notices.SERVED, lambda one: one.visited_people()))

    def check(self, doing: Doing) -> None:
        if doing.record.inspection.state != InspectionState.GOING:
            raise WrongState(_("督查组还没有开始督查，不能送达结论"))


class Cancel(Act):
    """Tells one organ that it is not visited; calling off the inspection does it for all of them."""

    slug, label, basis = "cancel", _("取消对该单位的督查"), "取消督查的及时告知"
    from_states, to, tone = ANNOUNCED, (ConclusionState.CANCELLED,), "danger"
    roles, event = frozenset({ConclusionRole.HEAD}), events.CANCELLED
    effects = (Notifies(notices.CANCELLED, lambda one: one.visited_people()),)


class Object(Act):
    """Objects to the conclusion (申请复核): in the name of the visited organ, within thirty days."""

    slug, label, basis = "object", _("提出异议，申请复核"), BY_LAW + "第十七条：收到督查结论之日起 30 日内"
    button = _("申请复核")
    from_states, to = SERVED, (ConclusionState.OBJECTED,)
    roles, event = frozenset({RecordRole.LEADER}), events.OBJECTED
    fields = (Reason("reason", _("异议和理由")),)
    effects = (
        Writes("reason"),
        Opens(TO_DECIDE, "office_chain_subject"),
        Notifies(notices.OBJECTED, lambda one: one.inspectors()),
    )

    def check(self, doing: Doing) -> None:
        ends = doing.record.objection_ends()
        if ends is not None and doing.at >= ends:
            raise WrongState(_("三十日的异议期已过；发现结论有错的，请直接向督查部门反映"))

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"organ": doing.record.organ.name}


class Decide(Act):
    """Decides the recheck (复核): by others, in person, than those who inspected and concluded."""

    slug, label, basis = "decide", _("作出复核决定"), BY_LAW + "第十七条：30 日内作出复核决定；参与作出结论的人员回避"
    from_states, to = frozenset({ConclusionState.OBJECTED}), (ConclusionState.DECIDED,)
    roles, event = OFFICE, events.UPHELD
    other_hands_than, same_hands = ("serve",), _("参与作出结论的人应当回避，请由其他人复核")
    fields = (
        Choice("recheck_decision", _("复核决定"), RecheckDecision.choices, radio=True),
        Text("grounds", _("决定的事实和理由"), rows=6, hint=_("变更结论的，写明变更后的结论")),
    )
    effects = (
        Writes("grounds"),
        StoresDecision(),
        Closes(TO_DECIDE),
        Notifies(notices.DECIDED, lambda one: one.visited_people()),
    )

    def check(self, doing: Doing) -> None:
        team = doing.record.team_posts
        if doing.record.concluded_by_id == doing.actor.pk or team & position_of(doing.actor).posts:
            raise Refused(self.same_hands)

    def event_of(self, doing: Doing) -> Any:
        return events.UPHELD if doing.data["recheck_decision"] == RecheckDecision.UPHELD else events.CHANGED


class Settle(Act):
    """Says that nobody objected in time, or that the organ agrees."""

    slug, label, basis = "settle", _("确认结论生效"), BY_LAW + "第十七条：期满没有申请复核的，结论生效"
    from_states, to = SERVED, (ConclusionState.SETTLED,)
    roles, event = OFFICE | {RecordRole.LEADER}, events.SETTLED
    effects = (Closes(),)

    def check(self, doing: Doing) -> None:
        ends = doing.record.objection_ends()
        if RecordRole.LEADER not in doing.roles and ends is not None and doing.at < ends:
            day = local_day(ends).isoformat()
            raise NotYet(_("异议期未满，自 %(day)s 起可以确认；被督查单位没有异议的，由它提前确认") % {"day": day})


class AttachToConclusion(Attach):
    from_states = frozenset({ConclusionState.SERVED, ConclusionState.OBJECTED})
    roles = READERS


CONCLUSION_ACTS = Acts(Serve, Cancel, Object, Decide, Settle, AttachToConclusion)
