"""What the deciding organ does with a proposal: take it up, which opens the record, or decline it with a reason."""

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
from records.proposals.models import DECIDER, Proposal, ProposalState
from responsibility.effects import Notifies


def _proposer(proposal: Proposal) -> list[tuple[int, int | None]]:
    return [(proposal.made_by_id, None)]


class OpensProposed:
    """The record that was proposed is opened, by the form and the permission of its kind, and linked to the source."""

    def apply(self, doing: Doing) -> None:
        proposal = doing.record
        assert doing.event is not None
        made = declares_create(record_type(proposal.proposed)).make(doing.data, doing.actor, doing.at)
        log.resume(doing.event)
        proposal.link = links.link(
            proposal.source, made.matter, proposal.relation, by=doing.actor, at=doing.at, event=doing.event
        )


class Decides:
    """Who decided and when, and why where it was declined."""

    def apply(self, doing: Doing) -> None:
        doing.record.decided_by, doing.record.decided_at = doing.actor, doing.at
        if doing.act.slug == Decline.slug:
            doing.record.answer = doing.data["reason"]


class ProposalAct(Act):
    roles = frozenset({DECIDER})
    from_states = frozenset({ProposalState.OPEN})
    basis = "由有权办理的机关决定是否办理，不予采纳的说明理由"


class TakeUp(ProposalAct):
    """采纳: the deciding organ opens the record, in words of its own."""

    slug, label, button = "take_up", _("采纳"), _("采纳并新建")
    to = (ProposalState.TAKEN,)
    event = events.TAKEN_UP
    effects = (OpensProposed(), Decides(), Notifies(events.ACCEPTED, _proposer))

    def build_form(self, record: Proposal, actor: User, data: Mapping[str, Any] | None) -> forms.BaseForm:
        """The form of the proposed kind, begun with the words of the proposal."""
        declares = declares_create(record_type(record.proposed))
        form = declares.build_form(data, actor)
        form.initial.update({name: getattr(record, words) for name, words in declares.suggested.items()})
        return form


class Decline(ProposalAct):
    """不予采纳: with a reason, which the proposer reads."""

    slug, label, tone = "decline", _("不予采纳"), "danger"
    to = (ProposalState.DECLINED,)
    event = events.DECLINED
    fields = (Reason("reason", _("不予采纳的理由"), hint=_("提请人会看到。"), max_length=1000),)
    effects = (Decides(), Notifies(events.REFUSED, _proposer))


PROPOSAL_ACTS = Acts(TakeUp, Decline)
