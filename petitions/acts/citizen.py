"""The acts of petitioners on their own petition."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from citizens.effects import Rates
from citizens.tracking.once_a_day import OnceADay
from massline.acts import Acts, Doing
from massline.inputs import Choice, Text
from petitions import events, notices
from petitions.acts import forms as act_forms
from petitions.acts.base import BY_LAW, DemandAct
from petitions.acts.effects import StoreAnswer
from petitions.acts.look_into_rating import OpensLook, is_bad, people_to_notify
from petitions.models import OPEN, RatedObject, State, TextKind
from petitions.visibility import Role
from records.effects import Writes
from records.files import acts as file_acts
from responsibility.effects import Notifies, OnlyIf, Releases


class CitizenAct(DemandAct):
    roles = frozenset({Role.CITIZEN})


class HandIn(file_acts.HandIn):
    basis = BY_LAW + "第十九条"
    from_states, roles = OPEN, frozenset({Role.CITIZEN})


class Supplement(CitizenAct):
    slug, label, basis = "supplement", _("补充情况"), BY_LAW + "第十九条"
    button = _("提交补充情况")
    from_states = OPEN
    event = events.SUPPLEMENTED
    fields = (Text("text", _("补充说明"), rows=5),)
    effects = (
        Writes("text", public=True, kind=TextKind.SUPPLEMENT),
        Notifies(notices.SUPPLEMENTED, lambda demand: demand.next_to_act()),
    )


class Withdraw(CitizenAct):
    slug, label, basis = "withdraw", _("撤回"), "信访人自愿"
    button = _("确认撤回")
    from_states, to = OPEN, (State.WITHDRAWN,)
    description = _("撤回以后，这件事不再办理，也不再答复您，而且不能恢复。以后还要反映的，需要重新提交。")
    tone, event = "danger", events.WITHDRAWN
    fields = (Text("reason", _("撤回的原因"), rows=3),)
    effects = (Writes("reason", public=True), StoreAnswer.Cleared(), Releases())


class Urge(OnceADay, CitizenAct):
    slug, label, basis = "urge", _("催办"), BY_LAW + "第二十一条：查询办理情况"
    button = _("确认催办")
    description = _("正在办理的单位会收到一条提醒，办理经过里也会记下这次催办。办理期限不变。每天可以催办一次。")
    from_states = OPEN
    event = events.URGED
    effects = (Notifies(notices.URGED, lambda demand: demand.next_to_act()),)


class Rate(CitizenAct):
    slug, label, basis = "rate", _("评价"), BY_LAW + "第二十一条：评价办理情况"
    button = _("提交评价")
    description = _("信访部门和承办单位分别评价。改变看法的，可以再评一次，新的评价会代替上一次的。")
    from_states = frozenset({State.ANSWERED, State.CLOSED})
    event = events.RATED
    fields = (
        Choice("object", _("评价对象"), RatedObject.choices, radio=True),
        Choice("score", _("满意程度"), act_forms.SCORES, radio=True),
        Text("reason", _("说说原因"), required=False, rows=3),
    )
    effects = (
        Rates(lambda doing: doing.record.organ if doing.data["object"] == RatedObject.ORGAN else doing.record.office),
        OpensLook(),
        OnlyIf(is_bad, Notifies(notices.DISSATISFIED, people_to_notify)),
    )

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"object": doing.data["object"]}


CITIZEN_ACTS = Acts(Supplement, HandIn, Urge, Rate, Withdraw)
