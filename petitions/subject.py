"""How the shared parts see a petition: its work for the chain, and what happened to it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Exists, Q
from django.db.models.expressions import Combinable
from django.urls import reverse

from audit.log import Subject
from massline.acts import lock_alone
from massline.keys import key_of
from petitions import notices
from petitions.last_change import last_change
from petitions.models import Complained, Demand, State
from records.importing.models import ImportedFrom
from responsibility import content_classes, obligations
from responsibility.models import Obligation
from responsibility.people import standing
from responsibility.subjects import Described, ImportOrigin, Ordered, Work

DATES = ("opened_at", "strict_at", "due_at")


def describe(demand: Demand) -> Described:
    return Described(
        title=demand.petition.title,
        url=reverse("petition", args=[demand.petition.number]),
        state_label=demand.get_state_display(),
        category=content_classes.name(demand.category),
        organ=demand.organ.name,
        handler=demand.handler.name if demand.handler else "",
    )


class PetitionAdapter:
    """Petitions as subjects of obligations."""

    def works(self, pks: Collection[int]) -> dict[int, Work]:
        needed = ("organ", "category", "handler", "office", "state", "petition")
        demands = list(Demand.objects.filter(pk__in=pks).only(*needed))
        recused: dict[int, list[int | None]] = defaultdict(list)
        named = Complained.objects.filter(petition__in=[d.petition_id for d in demands])
        for petition, user in named.values_list("petition", "user"):
            recused[petition].append(user)
        return {d.pk: d.work_besides(recused[d.petition_id]) for d in demands}

    def import_origins(self, pks: Collection[int]) -> dict[int, ImportOrigin]:
        taken = ImportedFrom.objects.about(Demand.KIND, *pks)
        rows = taken.values_list("subject_id", "taken_by", "taken_at")
        return {
            pk: ImportOrigin(notices.IMPORTED, Subject("import", key_of("import", job)), at) for pk, job, at in rows
        }

    def ordered(self, pks: Collection[int]) -> dict[tuple[int, str, int], Ordered]:
        return {}

    def lock(self, pk: int) -> None:
        lock_alone(Demand, pk)

    def dates_moved(self, pk: int, record: Any = None) -> None:
        """The ledger's order follows the earliest date of what is open."""
        dates = _first_dates(pk)
        if isinstance(record, Demand) and record.pk == pk:
            record.opened_at, record.strict_at, record.due_at = dates.values()
        else:
            Demand.objects.filter(pk=pk).exclude(**dates).update(**dates)

    def last_change(self, record: Demand, actor: Any) -> str:
        return last_change(record, actor)

    def reassign(self, pk: int, organ: int, post: int) -> None:
        """While it is being handled the post handles it; before and after, it owes what the organ owes."""
        demand = Demand.locked(pk)
        if demand.state == State.HANDLING and demand.organ_id == organ:
            demand.handler_id = post
            demand.save(update_fields=["handler"])
        obligations.hand_over(demand.matter, replace(demand.work(), organ=organ, post=post))

    def takers(self, work: Work, organ: int) -> Q:
        """Anybody may handle; only who receives or is in charge can register, accept, assign and verify."""
        if work.in_hand and work.organ == organ:
            return Q()
        return Q(is_intake=True) | Q(in_charge_of__overlap=content_classes.prefixes(work.content_class))

    def describe(self, pks: Collection[int], user: Any) -> dict[int, Described]:
        found = Demand.objects.for_user(user).filter(pk__in=pks).select_related("petition", "organ", "handler")
        return {d.pk: describe(d) for d in found}

    def visible_to(self, user: Any) -> Any:
        return Demand.objects.for_user(user).values("pk")

    def walled_from(self, user: Any, key: Combinable) -> Exists:
        return Exists(Demand.objects.filter(sealed=True, petition__number=key))

    def recused_from(self, user: Any) -> Any:
        return Demand.objects.filter(petition__complained__user=user).values("pk")

    def address(self, key: str) -> str:
        return reverse("petition", args=[key])

    def waiting_for(self, user: Any) -> Any:
        """What has been accepted and waits for the deputy or leader to assign it."""
        in_charge = Q(pk__in=[])
        for held in standing(user).held:
            in_charge |= Q(organ=held.organ) & (Q() if held.is_top else content_classes.covered(held.in_charge_of))
        return Demand.objects.for_user(user).filter(in_charge, state=State.ACCEPTED).values("pk")


def _first_dates(pk: int) -> dict[str, datetime | None]:
    first = Obligation.objects.open().about(Demand.KIND, pk).order_by("due_at").values(*DATES).first()
    return dict(first or dict.fromkeys(DATES))
