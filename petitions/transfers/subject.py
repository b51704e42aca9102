"""How the shared parts see a line of the register of transfers."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db.models import Exists, Q
from django.db.models.expressions import Combinable
from django.urls import reverse
from django.utils.translation import gettext as _

from petitions.models import Complained
from petitions.transfers.models import Transfer
from responsibility import obligations
from responsibility.models import OrganKind
from responsibility.people import receiving_post
from responsibility.subjects import Came, Described, Work


def work_of(line: Transfer) -> Work:
    return works_of([line])[line.pk]


def works_of(lines: Collection[Transfer]) -> dict[int, Work]:
    """The receipt is the receiver's to give; above it stands the line of discipline organs, and nobody else (SV04).
    Where the receiver has no post here, whoever handed it over has to get it."""
    recused: dict[int | None, set[int]] = defaultdict(set)
    about = Complained.objects.filter(petition__demands__in=[line.demand_id for line in lines if line.demand_id])
    for demand, user in about.exclude(user=None).values_list("petition__demands", "user"):
        recused[demand].add(user)
    posts = {organ: receiving_post(organ) for organ in {line.sent_to_id for line in lines} if organ}
    return {
        line.pk: Work(
            line.sent_to_id or line.sent_from_id,
            post=(posts[line.sent_to_id] if line.sent_to_id else None) or line.post_id,
            recused=frozenset(recused[line.demand_id]),
            line=OrganKind.DISCIPLINE,
        )
        for line in lines
    }


class TransferAdapter:
    """Lines of the register as subjects of obligations."""

    def works(self, pks: Collection[int]) -> dict[int, Work]:
        return works_of(Transfer.objects.filter(pk__in=pks))

    def came(self, pks: Collection[int]) -> dict[int, Came]:
        return {}

    def lock(self, pk: int) -> None:
        Transfer.locked(pk)

    def dates_moved(self, pk: int) -> None:
        """A line keeps no dates of what is owed about it."""

    def reassign(self, pk: int, organ: int, post: int) -> None:
        obligations.hand_over(Transfer.locked(pk).matter, Work(organ, post=post))

    def takers(self, work: Work, organ: int) -> Q:
        return Q()

    def describe(self, pks: Collection[int], user: Any) -> dict[int, Described]:
        found = Transfer.objects.for_user(user).filter(pk__in=pks).select_related("sent_from", "sent_to")
        return {
            line.pk: Described(
                title=_("移送登记 %(number)s") % {"number": line.number},
                url=self.address(line.number),
                state_label=line.get_state_display(),
                category="",
                organ=(line.sent_to or line.sent_from).name,
                handler="",
            )
            for line in found
        }

    def overdue_of(self, imports: Collection[str], user: Any) -> dict[str, int]:
        return {}

    def visible_to(self, user: Any) -> Any:
        return Transfer.objects.for_user(user).values("pk")

    def walled_from(self, user: Any, key: Combinable) -> Exists:
        return Exists(Transfer.objects.filter(number=key).exclude(pk__in=Transfer.objects.for_user(user).values("pk")))

    def waiting_for(self, user: Any) -> Any:
        return Transfer.objects.none().values("pk")

    def address(self, key: str) -> str:
        return reverse("transfer", args=[key])
