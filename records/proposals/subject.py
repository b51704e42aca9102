"""Adapts proposals for the shared parts. No obligation is about one."""

from typing import Any

from django.db.models import Exists, QuerySet
from django.db.models.expressions import Combinable
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.erase import clear
from massline.time import clock_time
from records.adapter import RecordAdapter
from records.models.sources import hidden_from
from records.proposals.models import Proposal, ProposalState
from records.proposals.proposing import proposable_kinds
from responsibility.subjects import Described


def describe(proposal: Proposal) -> Described:
    return Described(
        title=proposal.title or _("（内容已依法清除）"),
        url=reverse(Proposal.KIND, args=[proposal.number]),
        state_label=proposal.get_state_display(),
        category="",
        organ=proposal.organ.called,
        handler="",
    )


def empty(rows: QuerySet[Any]) -> None:
    """Empties proposals when the words of their source are erased or sealed: both the proposal's and the answer's."""
    rows.update(erased=True)  # before the words: one that was declined has a reason until it is
    clear(rows)


class ProposalAdapter(RecordAdapter):
    """Proposals as subjects of events and notices."""

    def last_change(self, record: Proposal, actor: Any) -> str:
        if record.decided_at is None:
            return ""
        if record.state == ProposalState.WITHDRAWN:
            return _("提请人已于 %(when)s 撤回。") % {"when": clock_time(record.decided_at)}
        words = {"by": record.organ.name, "when": clock_time(record.decided_at), "state": record.get_state_display()}
        return _("%(by)s已于 %(when)s 作出决定：%(state)s。") % words

    def visible_to(self, user: Any) -> Any:
        """Queries no ids: no obligation is about a proposal."""
        return self.rows.none().values("pk")

    def walled_from(self, user: Any, key: Combinable) -> Exists:
        """Builds the condition by the source's wall; where nothing can be proposed, it queries nothing."""
        rows = Proposal.objects.filter(number=key)
        return Exists(rows.filter(hidden_from(user)) if proposable_kinds() else rows.none())
