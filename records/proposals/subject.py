"""How the shared parts see a proposal. Nothing is owed about one."""

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, Q, QuerySet
from django.db.models.expressions import Combinable
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.erase import clear
from massline.acts import lock_alone
from records.proposals.models import Proposal, hidden_from
from records.proposals.proposing import proposable_kinds
from responsibility.subjects import Described, ImportOrigin, Ordered, Work


def describe(proposal: Proposal) -> Described:
    return Described(
        title=proposal.title or _("（内容已依法清除）"),
        url=reverse(Proposal.KIND, args=[proposal.number]),
        state_label=proposal.get_state_display(),
        category="",
        organ=proposal.organ.name,
        handler="",
    )


def empty(rows: QuerySet[Any]) -> None:
    """Leaves no word, when those of the source are erased or sealed: neither the proposal's nor the answer's."""
    rows.update(erased=True)  # before the words: one that was declined has a reason until it is
    clear(rows)


class ProposalAdapter:
    """Proposals as subjects of events and notices."""

    def works(self, pks: Collection[int]) -> dict[int, Work]:
        return {proposal.pk: proposal.work() for proposal in Proposal.objects.filter(pk__in=pks)}

    def import_origins(self, pks: Collection[int]) -> dict[int, ImportOrigin]:
        return {}

    def lock(self, pk: int) -> None:
        lock_alone(Proposal, pk)

    def dates_moved(self, pk: int, record: Any = None) -> None:
        """A proposal has no date of what is owed."""

    def last_change(self, record: Proposal, actor: Any) -> str:
        return record.last_change(actor)

    def reassign(self, pk: int, organ: int, post: int) -> None:
        """Nothing that could be reassigned is owed about one."""

    def takers(self, work: Work, organ: int) -> Q:
        return Q(pk__in=[])

    def describe(self, pks: Collection[int], user: Any) -> dict[int, Described]:
        found = Proposal.objects.for_user(user).filter(pk__in=pks).select_related("organ")
        return {proposal.pk: describe(proposal) for proposal in found}

    def ordered(self, pks: Collection[int]) -> dict[tuple[int, str, int], Ordered]:
        return {}

    def visible_to(self, user: Any) -> Any:
        """None of what something is owed about."""
        return Proposal.objects.none().values("pk")

    def walled_from(self, user: Any, key: Combinable) -> Exists:
        """With its source; where nothing can be proposed, nothing is asked."""
        rows = Proposal.objects.filter(number=key)
        return Exists(rows.filter(hidden_from(user)) if proposable_kinds() else rows.none())

    def recused_from(self, user: Any) -> Any:
        return Proposal.objects.none().values("pk")

    def waiting_for(self, user: Any) -> Any:
        return Proposal.objects.none().values("pk")

    def address(self, key: str) -> str:
        return reverse(Proposal.KIND, args=[key])
