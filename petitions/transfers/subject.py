"""How the shared parts see a line of the register of transfers."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.db.models import Exists, Q
from django.db.models.expressions import Combinable
from django.urls import reverse
from django.utils.translation import gettext as _

from petitions.transfers.models import Transfer, TransferState, works_of
from responsibility import obligations
from responsibility.subjects import Described, ImportOrigin, Ordered, Work


def describe(line: Transfer) -> Described:
    """A line has no title of its own: its page says the number beside."""
    return Described(
        title=_("移送登记"),
        url=reverse("transfer", args=[line.number]),
        state_label=line.get_state_display(),
        category="",
        organ=(line.sent_to or line.sent_from).name,
        handler="",
    )


class TransferAdapter:
    """Lines of the register as subjects of obligations."""

    def works(self, pks: Collection[int]) -> dict[int, Work]:
        return works_of(Transfer.objects.filter(pk__in=pks))

    def import_origins(self, pks: Collection[int]) -> dict[int, ImportOrigin]:
        return {}

    def lock(self, pk: int) -> None:
        Transfer.locked(pk)

    def dates_moved(self, pk: int, record: Any = None) -> None:
        """A line keeps no dates of what is owed about it."""

    def last_change(self, record: Transfer, actor: Any) -> str:
        return str(TransferState(record.state).label)

    def reassign(self, pk: int, organ: int, post: int) -> None:
        obligations.hand_over(Transfer.locked(pk).matter, Work(organ, post=post))

    def takers(self, work: Work, organ: int) -> Q:
        return Q()

    def describe(self, pks: Collection[int], user: Any) -> dict[int, Described]:
        found = Transfer.objects.for_user(user).filter(pk__in=pks).select_related("sent_from", "sent_to")
        return {
            line.pk: replace(describe(line), title=_("移送登记 %(number)s") % {"number": line.number}) for line in found
        }

    def ordered(self, pks: Collection[int]) -> dict[tuple[int, str, int], Ordered]:
        return {}

    def visible_to(self, user: Any) -> Any:
        return Transfer.objects.for_user(user).values("pk")

    def walled_from(self, user: Any, key: Combinable) -> Exists:
        return Exists(Transfer.objects.filter(number=key).exclude(pk__in=Transfer.objects.for_user(user).values("pk")))

    def recused_from(self, user: Any) -> Any:
        return Transfer.objects.filter(demand__petition__complained__user=user).values("pk")

    def waiting_for(self, user: Any) -> Any:
        return Transfer.objects.none().values("pk")

    def address(self, key: str) -> str:
        return reverse("transfer", args=[key])
