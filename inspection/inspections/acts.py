"""What can happen to an inspection, from its proposal to its end."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from inspection.inspections import events, notices
from inspection.inspections.effects import (
    AddsCheck,
    Announces,
    CallsOff,
    DecidesOutcome,
    FillsCheck,
    JoinsTeam,
    Proposes,
    RecusesMember,
    Serves,
    VisitsOrgan,
    last_item,
)
from inspection.inspections.forms import (
    AddCheckForm,
    AddMemberForm,
    AddOrganForm,
    DecideOutcomeForm,
    FillCheckForm,
    OutcomeForm,
    RecuseForm,
    ServeForm,
)
from inspection.models import Approval, InspectionRole, InspectionState, Outcome
from inspection.models.conclusion import NOT_SERVED, SETTLED
from inspection.models.inspection import STARTED, UNDER_WAY
from massline.acts import Act, Acts, Doing, NotYet, Refused, WrongState
from massline.inputs import Reason
from massline.time import local_day
from records.effects import Writes
from records.models import RecordRole
from records.notes import KeepNote
from responsibility.effects import Closes, Notifies, OnlyIf, Opens, Releases

TO_APPROVE, TO_CONCLUDE, TO_DECIDE = "DC03", "DC04", "DC05"
OFFICE = frozenset({RecordRole.OFFICE})
TEAM = frozenset({InspectionRole.TEAM})
READERS = frozenset({RecordRole.READER})
BY_LAW = "《政府督查工作条例》"
PROPOSED, APPROVED = frozenset({InspectionState.PROPOSED}), frozenset({InspectionState.APPROVED})
GOING, CONCLUDED = frozenset({InspectionState.GOING}), frozenset({InspectionState.CONCLUDED})


def _none_waits(doing: Doing) -> bool:
    return not doing.record.visited.filter(approval=Approval.WAITING).exclude(pk=doing.data["organ"].pk).exists()


class ApproveInspection(Act):
    """Approves it: the post named for it, or the head of the office within the year's plan (Art. 11)."""

    slug, label, basis = "approve", _("批准督查"), BY_LAW + "第十一条；列入年度计划的由督查机构负责人批准，其余一事一报"
    from_states, to, roles = PROPOSED, (InspectionState.APPROVED,), frozenset({InspectionRole.APPROVER})
    event = events.APPROVED
    effects = (Closes(TO_APPROVE), Announces(), Notifies(notices.APPROVED, lambda one: one.team()))

    def check(self, doing: Doing) -> None:
        if doing.record.drafted_by_id == doing.actor.pk:
            raise Refused(_("提出督查的人不能批准自己提出的督查，请由其他负责人批准"))
        if doing.record.last_day < local_day(doing.at):
            raise WrongState(_("督查的日期已过，不能批准；请不予批准后重新提出"))


class RefuseInspection(Act):
    slug, label, basis = "refuse", _("不予批准"), BY_LAW + "第十五条：控制督查频次和时限"
    from_states, to, tone = PROPOSED, (InspectionState.DROPPED,), "danger"
    roles, event = frozenset({InspectionRole.APPROVER, InspectionRole.HEAD}), events.REFUSED
    fields = (Reason("reason", _("理由")),)
    effects = (Writes("reason"), CallsOff(), Releases(), Notifies(notices.REFUSED, lambda one: one.inspectors()))


class CallOffInspection(Act):
    slug, label, basis = "call_off", _("取消督查"), "情况变化、不再需要的，及时取消，不空跑"
    from_states, to, tone = APPROVED, (InspectionState.DROPPED,), "danger"
    roles, event = frozenset({InspectionRole.HEAD}), events.CALLED_OFF
    fields = (Reason("reason", _("理由")),)
    effects = (Writes("reason"), CallsOff(), Releases())


class AddOrgan(Act):
    slug, label, basis = "add_organ", _("增加督查对象"), BY_LAW + "第五条、第十五条：不重复督查"
    from_states, roles, form, event = PROPOSED, OFFICE, AddOrganForm, events.VISITS
    effects = (VisitsOrgan(),)

    def build_form(self, record: Any, actor: Any, data: Any) -> Any:
        form: Any = super().build_form(record, actor, data)
        if record is not None:
            form.offer(actor)
        return form

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"organ": doing.data["organ"].name}


class AddMember(Act):
    slug, label, basis = "add_member", _("增加督查组成员"), BY_LAW + "第八条：督查组，可以邀请其他人员参加"
    from_states, roles, form, event = STARTED, OFFICE, AddMemberForm, events.JOINED
    effects = (JoinsTeam(),)


class RecuseMember(Act):
    slug, label, basis = "recuse", _("成员回避"), BY_LAW + "第十七条；有利害关系的应当回避"
    from_states, roles, form, event = STARTED, OFFICE | TEAM, RecuseForm, events.RECUSED
    effects = (RecusesMember(),)


class AddCheck(Act):
    slug, label, basis = "add_check", _("列检查内容"), "去之前列好问什么、看什么"
    button = _("列入清单")
    from_states, roles, form, event = UNDER_WAY, OFFICE | TEAM, AddCheckForm, events.LISTED
    effects = (AddsCheck(),)

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"item": last_item(doing.record.checks) + 1}


class Go(Act):
    slug, label, basis = "go", _("开始督查"), BY_LAW + "第十二条：按批准的方式督查"
    from_states, to, roles = APPROVED, (InspectionState.GOING,), TEAM
    event, effects = events.WENT, (Opens(TO_CONCLUDE),)

    def check(self, doing: Doing) -> None:
        if local_day(doing.at) < doing.record.first_day:
            day = doing.record.first_day.isoformat()
            raise NotYet(_("批准的日期自 %(day)s 起，那天才能开始") % {"day": day})


class FillCheck(Act):
    slug, label, basis = "fill_check", _("记录检查情况"), BY_LAW + "第十二条：当场如实记录"
    button = _("保存这一项")
    from_states, roles, form, event = GOING, TEAM, FillCheckForm, events.FOUND
    effects = (FillsCheck(),)

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"item": doing.data["item"]}


class ServeConclusion(Act):
    """Serves the conclusion on one organ."""

    slug, label, basis = "serve_conclusion", _("送达督查结论"), BY_LAW + "第十六条：督查结论反馈被督查单位"
    button = _("送达")
    from_states, roles, form = GOING, frozenset({RecordRole.HANDLER}), ServeForm
    event, effects = events.SERVED, (Serves(),)

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"organ": doing.data["organ"].organ.name}


class Conclude(Act):
    """Ends the visits: every organ has its conclusion."""

    slug, label, basis = "conclude", _("结束督查"), BY_LAW + "第十六条：结论都已送达"
    from_states, to, roles = GOING, (InspectionState.CONCLUDED,), frozenset({RecordRole.HANDLER, InspectionRole.HEAD})
    event, effects = events.CONCLUDED, (Closes(TO_CONCLUDE),)

    def check(self, doing: Doing) -> None:
        left = [one.organ for one in doing.record.visited.all() if one.told_state in NOT_SERVED]
        if left:
            raise WrongState(_("还没有向%(organ)s送达督查结论") % {"organ": left[0].called})


class _ProposeOutcome(Act):
    """Proposes what should follow for one organ; the head above decides (Art. 21)."""

    from_states, roles, form = CONCLUDED, OFFICE | TEAM, OutcomeForm

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"organ": doing.data["organ"].organ.name}


def _waits_for_none(doing: Doing) -> bool:
    return all(one.approval != Approval.WAITING for one in doing.record.visited.all())


class Praise(_ProposeOutcome):
    slug, label, basis = "praise", _("建议表扬激励"), BY_LAW + "第二十一条：表扬激励报批准；不排名"
    event = events.PRAISED
    effects = (
        Writes("grounds"),
        OnlyIf(_waits_for_none, Opens(TO_DECIDE, "chiefs_chain_subject")),
        Proposes(Outcome.PRAISE),
        Notifies(notices.OUTCOME, lambda one: one.chiefs()),
    )


class ProposeLiability(_ProposeOutcome):
    slug, label, basis = "propose_liability", _("提出追责建议"), BY_LAW + "第二十一条：经批准交有权机关调查处理"
    tone, event = "danger", events.LIABILITY
    effects = (
        Writes("grounds"),
        OnlyIf(_waits_for_none, Opens(TO_DECIDE, "chiefs_chain_subject")),
        Proposes(Outcome.LIABILITY),
        Notifies(notices.OUTCOME, lambda one: one.chiefs()),
    )


class DecideOutcome(Act):
    """The head of the government or of the committee approves what is proposed of an organ, or does not."""

    slug, label, basis = "decide_outcome", _("决定处理建议"), BY_LAW + "第二十一条：由本级政府或者行政首长批准"
    from_states, roles, form = CONCLUDED, frozenset({InspectionRole.CHIEF}), DecideOutcomeForm
    event = events.OUTCOME_APPROVED
    other_hands_than, same_hands = (
        ("praise", "propose_liability"),
        _("提出建议的人不能批准，请由其他负责人决定"),
    )
    effects = (
        Writes("opinion"),
        DecidesOutcome(),
        OnlyIf(_none_waits, Closes(TO_DECIDE)),
        Notifies(notices.OUTCOME_DECIDED, lambda one: one.inspectors()),
    )

    def check(self, doing: Doing) -> None:
        if _waits_for_none(doing):
            raise WrongState(_("没有等待批准的处理建议"))

    def event_of(self, doing: Doing) -> Any:
        return events.OUTCOME_APPROVED if doing.data["approved"] == "yes" else events.OUTCOME_REFUSED

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"organ": doing.data["organ"].organ.name}


class CloseInspection(Act):
    slug, label, basis = "close", _("办结"), "结论都已生效、建议都有决定的，办结"
    from_states, to = CONCLUDED, (InspectionState.CLOSED,)
    roles, event, effects = OFFICE, events.CLOSED, (Closes(),)

    def check(self, doing: Doing) -> None:
        if not _waits_for_none(doing):
            raise WrongState(_("还有处理建议等待批准，不能办结"))
        if any(one.told_state not in SETTLED for one in doing.record.visited.all()):
            raise WrongState(_("还有督查结论没有生效：异议期满后确认生效，有异议的先作出复核决定"))


class NoteInspection(KeepNote):
    from_states, event = frozenset(InspectionState), events.NOTED


INSPECTION_ACTS = Acts(
    ApproveInspection, RefuseInspection, CallOffInspection, AddOrgan, AddMember, RecuseMember, AddCheck, Go, FillCheck,
    ServeConclusion, Conclude, Praise, ProposeLiability, DecideOutcome, CloseInspection, NoteInspection,
)  # fmt: skip
