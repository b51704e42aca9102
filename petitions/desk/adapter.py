"""The adapter of petitions for the shared apps: people complained about, posts able to take one, petitions that wait
for a user."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.db.models import Exists, Q
from django.db.models.expressions import Combinable
from django.urls import reverse

from citizens.adapter import CitizenRecordAdapter
from citizens.recusal import recused_by_filing
from petitions.models import Demand, State
from records import kinds
from responsibility import content_classes
from responsibility.people import position_of
from responsibility.subjects import ChainSubject, Described


def describe(demand: Demand) -> Described:
    """Describes a petition for lists; an accusation that was handed over only by its line in the register of
    transfers."""
    found = replace(kinds.describe(demand), category=content_classes.name(demand.category))
    if demand.sealed:
        return replace(found, title="", url=reverse("transfer", args=[demand.transfer.number]))
    return replace(found, text=demand.petition.body)


class PetitionAdapter(CitizenRecordAdapter):
    """The adapter of petitions as subjects of obligations."""

    filing = "petition"

    def chain_subjects(self, pks: Collection[int]) -> dict[int, ChainSubject]:
        needed = ("organ", "category", "handler", "office", "state", "petition")
        demands = list(Demand.objects.filter(pk__in=pks).only(*needed))
        recused = recused_by_filing([d.petition_id for d in demands])
        return {d.pk: d.chain_subject_besides(recused[d.petition_id]) for d in demands}

    def posts_able_to_take(self, work: ChainSubject, organ: int) -> Q:
        """Selects the posts that can take the petition: any post may handle it; only receiving posts and posts in
        charge can register, accept, assign and verify."""
        if work.in_hand and work.organ == organ:
            return Q()
        return Q(is_intake=True) | Q(in_charge_of__overlap=content_classes.prefixes(work.content_class))

    def walled_from(self, user: Any, key: Combinable) -> Exists:
        return Exists(Demand.objects.filter(sealed=True, petition__number=key))

    def waiting_for(self, user: Any) -> Any:
        """Selects the accepted petitions that wait for this deputy or leader to assign them."""
        in_charge = Q(pk__in=[])
        for held in position_of(user).held:
            in_charge |= Q(organ=held.organ) & (Q() if held.is_top else content_classes.covered(held.in_charge_of))
        return Demand.objects.for_user(user).filter(in_charge, state=State.ACCEPTED).values("pk")

    def is_waiting_for(self, record: Demand, user: Any) -> bool:
        return record.state == State.ACCEPTED and super().is_waiting_for(record, user)
