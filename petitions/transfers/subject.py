"""The adapter of the register of transfers for the shared apps."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from petitions.transfers.models import Transfer, chain_subjects_of
from records.adapter import RecordAdapter
from responsibility.adapters import ModelAdapter
from responsibility.subjects import ChainSubject, Described


def describe(line: Transfer) -> Described:
    """Describes a line for lists: it has no title of its own, and the number stands beside it."""
    return Described(
        title=_("移送登记"),
        url=reverse("transfer", args=[line.number]),
        state_label=line.get_state_display(),
        category="",
        organ=line.sent_to.name,
        handler="",
    )


class TransferAdapter(RecordAdapter):
    """The adapter of the register's lines as subjects of obligations."""

    walled = True
    follow_obligations = ModelAdapter.follow_obligations  # no dates, no handler, no last change
    last_change = ModelAdapter.last_change
    reassign = ModelAdapter.reassign

    def chain_subjects(self, pks: Collection[int]) -> dict[int, ChainSubject]:
        return chain_subjects_of(Transfer.objects.filter(pk__in=pks))

    def described(self, record: Transfer) -> Described:
        return replace(describe(record), title=_("移送登记 %(number)s") % {"number": record.number})

    def recused_from(self, user: Any) -> Any:
        return Transfer.objects.filter(demand__petition__filing__complained__user=user).values("pk")
