"""The acts of officials on petitions."""

from copy import copy
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from citizens.effects import Issues
from citizens.identity.unmasking import Unmask as UnmaskCitizen
from massline.acts import Acts, Doing, Refused, WrongState
from massline.inputs import Choice, Text, WholeNumber
from massline.time import long_form
from petitions import events, notices
from petitions.acts import forms as act_forms
from petitions.acts.base import BY_LAW, COMPETENT, IN_CHARGE, OFFICE, WORKING, DemandAct
from petitions.acts.declining import Agree, Disagree, is_decided, is_proposed, office_decides
from petitions.acts.effects import Assigns, Classifies, GoesTo, StoreAnswer
from petitions.acts.look_into_rating import LookInto
from petitions.acts.reclassifying import Reclassify
from petitions.acts.write_off import Return, WriteOff
from petitions.models import OPEN, SEEN, Outcome, State
from petitions.transfers.acts import TransferPetition
from petitions.visibility import Role
from records.effects import Writes
from records.files import acts as file_acts
from records.notes import KeepNote
from responsibility import deadlines, obligations
from responsibility.calendar import at_version
from responsibility.effects import Closes, Extends, Notifies, OnlyIf, Opens, Releases, Reopens
from responsibility.events import EXTENDED
from responsibility.models import Obligation
from responsibility.rules import rule


class Register(DemandAct):
    slug, label, basis = "register", _("登记"), BY_LAW + "第二十二条"
    from_states, to, roles = frozenset({State.RECEIVED}), (State.REGISTERED,), OFFICE
    form, event = act_forms.RegisterForm, events.REGISTERED
    effects = (Classifies(),)

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"category": doing.data["category"], "purpose": doing.data["purpose"]}


class Forward(DemandAct):
    slug, label, basis = "forward", _("转送"), BY_LAW + "第二十二条"
    from_states, to, roles = frozenset({State.REGISTERED}), (State.FORWARDED,), OFFICE
    done = _("转送%(organ)s办理")
    form, event = act_forms.ForwardForm, events.FORWARDED
    effects = (
        Writes("note"),
        GoesTo(lambda doing: doing.data["organ"]),
        Closes("XF01", "ML04"),
        Opens("XF03"),
        Issues("forwarded"),
        Notifies(notices.ARRIVED, lambda demand: demand.next_to_act()),
    )

    def check(self, doing: Doing) -> None:
        """Refuses to forward a petition that another organ received: that organ decides and tells the petitioner (Art.
        23)."""
        demand = doing.record
        if demand.organ_id != demand.office_id:
            raise WrongState(
                _("这件由%(organ)s直接收到，由该单位决定是否受理并告知信访人") % {"organ": demand.organ.name}
            )

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"organ": doing.data["organ"].name}


class Object(DemandAct):
    """Objects (异议) to a forwarded petition: within five working days of receipt, with reasons (Art. 23)."""

    slug, label, basis = "object", _("提出异议"), BY_LAW + "第二十三条第三款：五个工作日内"
    button = _("提交异议")
    from_states, to, roles = frozenset({State.FORWARDED}), (State.OBJECTED,), COMPETENT
    tone, event = "danger", events.OBJECTED
    fields = (Text("reason", _("异议理由"), hint=_("写明依据哪一条职责规定不属于本单位")),)
    effects = (
        Writes("reason"),
        Releases("XF03"),
        Opens("ML04", "office_chain_subject"),
        Notifies(notices.OBJECTED, lambda demand: demand.verifiers()),
    )

    def check(self, doing: Doing) -> None:
        arrived = Obligation.objects.about("petition", doing.record.pk).filter(rule="XF03").latest("opened_at")
        known = at_version(arrived.calendar)  # the same calendar as the due date that is shown beside it
        window = deadlines.compute(rule("XF04", edition=arrived.edition), arrived.opened_at, known)
        if window.due_at is not None and doing.at >= window.due_at:
            raise WrongState(
                _("提出异议的期限已于%(day)s届满（收到之日起五个工作日），请依法受理或者不予受理")
                % {"day": long_form(window.due_legal)}
            )


class DecideObjection(DemandAct):
    slug, label, basis = "decide_objection", _("对异议作出决定"), BY_LAW + "第二十三条第三款：转送、交办机关核实同意"
    button = _("提交决定")
    from_states, to, roles = frozenset({State.OBJECTED}), (State.REGISTERED, State.FORWARDED), OFFICE
    form, event = act_forms.DecideObjectionForm, events.OBJECTION_DECIDED
    effects = (
        Writes("reason"),
        OnlyIf(lambda doing: doing.data["agree"], GoesTo(lambda doing: doing.record.office)),
        OnlyIf(lambda doing: not doing.data["agree"], Closes("ML04")),
        OnlyIf(lambda doing: not doing.data["agree"], Reopens("XF03")),
    )

    def target(self, doing: Doing) -> str:
        return State.REGISTERED if doing.data["agree"] else State.FORWARDED

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"organ": doing.record.organ.name, "decision": "upheld" if doing.data["agree"] else "dismissed"}


class Accept(DemandAct):
    slug, label, basis = "accept", _("受理"), BY_LAW + "第二十三条、第三十四条"
    from_states, to, roles = frozenset({State.REGISTERED, State.FORWARDED}), (State.ACCEPTED,), COMPETENT
    event = events.ACCEPTED
    effects = (Closes("XF01", "ML04"), Opens("XF06"), Issues("accepted"))


class Decline(DemandAct):
    """Declines (不予受理) a petition: the organ that received it decides; of a forwarded one the petition office
    does."""

    slug, label = "decline", pgettext_lazy("办理", "不予受理")
    basis = BY_LAW + "第二十三条：告知向有权处理的机关提出；转送来的须经转送机关核实"
    done = _("办理不予受理")
    from_states = frozenset({State.REGISTERED, State.FORWARDED})
    to, roles = (State.NOT_ACCEPTED, State.DECLINING), COMPETENT
    tone, event = "danger", events.DECLINED
    fields = (
        Text("reason", _("不予受理的理由")),
        Text("where_to_go", _("应当向哪里提出"), rows=2, hint=_("写明机关名称、法定途径和办理程序（第二十三条）")),
    )
    effects = (
        OnlyIf(is_decided, Writes("reason", public=True)),
        OnlyIf(is_decided, Writes("where_to_go", public=True)),
        OnlyIf(is_decided, Closes()),
        OnlyIf(is_proposed, Writes("reason")),
        OnlyIf(is_proposed, Writes("where_to_go")),
        OnlyIf(is_proposed, Opens("ML04", "office_chain_subject")),
        OnlyIf(is_decided, Issues("declined")),
        OnlyIf(is_proposed, Notifies(notices.DECLINING, lambda demand: demand.verifiers())),
    )

    def target(self, doing: Doing) -> str:
        return State.DECLINING if office_decides(doing) else State.NOT_ACCEPTED

    def event_of(self, doing: Doing) -> Any:
        return events.DECLINING if office_decides(doing) else events.DECLINED


class Assign(DemandAct):
    slug, label, basis = "assign", _("分派经办人"), "定责任：谁主管谁负责，" + BY_LAW + "第五条"
    from_states, to, roles = frozenset({State.ACCEPTED, State.HANDLING}), (State.HANDLING,), IN_CHARGE
    form, event = act_forms.AssignForm, events.ASSIGNED
    effects = (
        Assigns(),
        Notifies(notices.ASSIGNED, lambda demand: demand.handlers()),
    )

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"handler": str(doing.data["handler"].name)}


class Extend(DemandAct):
    """Extends the period (延长办理期限): once, by the head of the handling organ, while the period still runs (Art.
    34)."""

    slug, label = "extend", _("延长办理期限")
    basis = BY_LAW + "第三十四条：情况复杂的，经本机关、单位负责人批准，延长期限不得超过三十日"
    button = _("批准延长")
    from_states, roles = frozenset({State.HANDLING}), frozenset({Role.LEADER})
    event = EXTENDED
    fields = (
        WholeNumber(
            "days",
            _("延长多少日"),
            least=1,
            most=rule("XF07").maximum,
            proposed=True,
            hint=_("最多三十日，只能延长一次"),
        ),
        Text("reason", _("延长理由"), rows=3, hint=_("写明情况复杂在哪里；理由会告知信访人")),
    )
    effects = (
        Writes("reason", public=True),
        Extends("XF06"),
        Issues("extended"),
    )

    def check(self, doing: Doing) -> None:
        if Role.HANDLER in doing.roles:
            raise Refused(_("经办人不能批准延长自己的办理期限，请由其他负责人决定"))
        owed = self._owed(doing)
        if owed is None or owed.breached_at is not None or owed.is_overdue(doing.at):
            raise WrongState(_("办理期限已经届满，不能再延长"))
        if owed.extended_days:
            raise WrongState(_("办理期限只能延长一次，这件已经延长过"))

    def facts(self, doing: Doing) -> dict[str, Any]:
        owed, days = self._owed(doing), doing.data["days"]
        assert owed is not None
        due = obligations.extended_due(owed, days)
        return {"organ": doing.record.organ.name, "rule": owed.rule, "days": days, "due": str(due.due_legal)}

    def _owed(self, doing: Doing) -> Obligation | None:
        return next((copy(o) for o in doing.record.owed if o.rule == "XF06" and o.closed_at is None), None)


class GiveAnswer(DemandAct):
    slug, label, basis = "answer", _("作出处理意见"), BY_LAW + "第三十一条第六项、第三十二条"
    button = _("提交处理意见")
    from_states, to, roles = frozenset({State.HANDLING}), (State.ANSWERED,), frozenset({Role.HANDLER})
    event = events.ANSWERED
    fields = (
        Choice("outcome", _("处理结论"), Outcome.choices, radio=True),
        Text(
            "text",
            _("处理意见"),
            rows=10,
            hint=_("写明信访人的请求、事实和理由、处理意见及其法律依据（第三十二条）"),
        ),
    )
    effects = (
        StoreAnswer(),
        Closes("XF06"),
        Opens("ML01", "office_chain_subject"),
        Issues("answered"),
        Notifies(notices.ANSWERED, lambda demand: demand.verifiers()),
    )

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"organ": doing.record.organ.name, "outcome": doing.data["outcome"]}


class Note(DemandAct, KeepNote):
    from_states, roles, event = SEEN, WORKING, events.NOTED
    fields = (Text("text", _("备注"), rows=3, hint=_("只有办理人员看得到")),)


class Ask(DemandAct):
    slug, label, basis = "ask", _("向信访人询问"), BY_LAW + "第三十一条：听取信访人陈述事实和理由"
    button = _("发出询问")
    from_states, roles = OPEN, WORKING
    event = events.ASKED
    fields = (Text("question", _("要向信访人了解的情况"), rows=3),)
    effects = (Writes("question", public=True), Issues("asked"))


class Unmask(UnmaskCitizen):
    label = _("查看信访人身份")
    from_states, roles = SEEN, WORKING | {Role.AUDITOR}
    event = events.UNMASKED


class UnmaskToTell(Unmask):
    """Opens the petitioner's contact for the official who handed the accusation over; from the queue of letters
    alone."""

    from_states, roles = frozenset({State.TRANSFERRED}), frozenset({Role.SENDER})


class Attach(file_acts.Attach):
    from_states, roles = SEEN, WORKING
    form = act_forms.FileForm


OFFICIAL_ACTS = Acts(
    Register,
    Forward,
    Object,
    DecideObjection,
    Accept,
    Decline,
    Agree,
    Disagree,
    Assign,
    Reclassify,
    Extend,
    GiveAnswer,
    Return,
    WriteOff,
    LookInto,
    Note,
    Ask,
    Attach,
    Unmask,
    TransferPetition,
)
