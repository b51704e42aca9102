"""The acts on a proposal (提请): the deciding organ takes it up, creating the record, or declines it with a reason;
its proposer withdraws it before."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import log
from massline.acts import Act, Acts, Doing
from massline.inputs import Reason
from records import links
from records.creating import declares_create
from records.kinds import record_type
from records.proposals import events
from records.proposals.models import DECIDER, PROPOSER, Proposal, ProposalState
from responsibility.effects import Notifies


def _proposer(proposal: Proposal) -> list[tuple[int, int | None]]:
    return [(proposal.made_by_id, None)]


class OpensProposed:
    """Creates the proposed record, by the form and the permission of its kind, and links it to the source."""

    def apply(self, doing: Doing) -> None:
        proposal = doing.record
        assert doing.event is not None
        declares = declares_create(record_type(proposal.proposed))
        made = declares.made(doing.data, doing.actor, doing.at, proposal.source)
        log.resume(doing.event)
        proposal.link = links.link(
            proposal.source, made.matter, proposal.relation, by=doing.actor, at=doing.at, event=doing.event
        )


class Decides:
    """Stores who ended the proposal and when, and the reason where it was declined."""

    def apply(self, doing: Doing) -> None:
        doing.record.decided_by, doing.record.decided_at = doing.actor, doing.at
        if doing.act.slug == Decline.slug:
            doing.record.answer = doing.data["reason"]


class ProposalAct(Act):
    roles = frozenset({DECIDER})
    from_states = frozenset({ProposalState.OPEN})
    basis = "由有权办理的机关决定是否办理，不予采纳的说明理由"


class TakeUp(ProposalAct):
    """采纳: the deciding organ creates the record, in words of its own."""

    slug, label, button = "take_up", _("采纳"), _("采纳并新建")
    to = (ProposalState.TAKEN,)
    event = events.TAKEN_UP
    effects = (OpensProposed(), Decides(), Notifies(events.ACCEPTED, _proposer))

    def build_form(self, record: Proposal | None, actor: User, data: Mapping[str, Any] | None) -> forms.BaseForm:
        """Builds the form of the proposed kind, filled in from the proposal. Without a record, as for the schema,
        nothing is known of it."""
        if record is None:
            return self.form(data, record)
        declares = declares_create(record_type(record.proposed))
        form = declares.build_form(data, actor)
        form.initial.update({name: getattr(record, words) for name, words in declares.prefilled.items()})
        return form


class Decline(ProposalAct):
    """不予采纳: with a reason, which the proposer reads."""

    slug, label, tone = "decline", _("不予采纳"), "danger"
    to = (ProposalState.DECLINED,)
    event = events.DECLINED
    fields = (Reason("reason", _("不予采纳的理由"), hint=_("提请人会看到。"), max_length=1000),)
    effects = (Decides(), Notifies(events.REFUSED, _proposer))


class Withdraw(ProposalAct):
    """撤回提请: before it is decided. Those who were notified of it find it withdrawn."""

    slug, label, tone = "withdraw", _("撤回提请"), "danger"
    roles, to = frozenset({PROPOSER}), (ProposalState.WITHDRAWN,)
    basis = "提请人在决定之前可以撤回"
    event = events.WITHDRAWN
    effects = (Decides(),)


PROPOSAL_ACTS = Acts(TakeUp, Decline, Withdraw)
