"""How the shared parts see a petition: who is complained about, who may take it, what waits for whom."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db.models import Exists, Q
from django.db.models.expressions import Combinable

from petitions.acts import CITIZEN_ACTS, OFFICIAL_ACTS
from petitions.models import Complained, Demand, State
from petitions.visibility import Citizen
from records.adapter import RecordAdapter
from records.last_change import last_change
from responsibility import content_classes
from responsibility.people import position_of
from responsibility.subjects import ChainSubject


class PetitionAdapter(RecordAdapter):
    """Petitions as subjects of obligations."""

    def chain_subjects(self, pks: Collection[int]) -> dict[int, ChainSubject]:
        needed = ("organ", "category", "handler", "office", "state", "petition")
        demands = list(Demand.objects.filter(pk__in=pks).only(*needed))
        recused: dict[int, list[int | None]] = defaultdict(list)
        named = Complained.objects.filter(petition__in=[d.petition_id for d in demands])
        for petition, user in named.values_list("petition", "user"):
            recused[petition].append(user)
        return {d.pk: d.chain_subject_besides(recused[d.petition_id]) for d in demands}

    def last_change(self, record: Demand, actor: Any) -> str:
        acts = (*OFFICIAL_ACTS, *CITIZEN_ACTS)
        return last_change(record, acts, self.declared.citizen, by_citizen=isinstance(actor, Citizen))

    def posts_able_to_take(self, work: ChainSubject, organ: int) -> Q:
        """Anybody may handle; only who receives or is in charge can register, accept, assign and verify."""
        if work.in_hand and work.organ == organ:
            return Q()
        return Q(is_intake=True) | Q(in_charge_of__overlap=content_classes.prefixes(work.content_class))

    def walled_from(self, user: Any, key: Combinable) -> Exists:
        return Exists(Demand.objects.filter(sealed=True, petition__number=key))

    def recused_from(self, user: Any) -> Any:
        return Demand.objects.filter(petition__complained__user=user).values("pk")

    def waiting_for(self, user: Any) -> Any:
        """What has been accepted and waits for the deputy or leader to assign it."""
        in_charge = Q(pk__in=[])
        for held in position_of(user).held:
            in_charge |= Q(organ=held.organ) & (Q() if held.is_top else content_classes.covered(held.in_charge_of))
        return Demand.objects.for_user(user).filter(in_charge, state=State.ACCEPTED).values("pk")
