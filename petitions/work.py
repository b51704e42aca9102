"""How the shared parts see a petition: its work for the chain."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Count, Exists, Q, prefetch_related_objects
from django.db.models.expressions import Combinable
from django.urls import reverse
from django.utils import timezone

from massline.acts import lock_alone
from petitions import categories
from petitions.importing.models import ImportedFrom
from petitions.models import Complained, Demand, State
from responsibility import obligations
from responsibility.models import Obligation
from responsibility.people import receiving_post, standing
from responsibility.subjects import Came, Described, Work


def work_of(demand: Demand) -> Work:
    """The work as it stands in memory, in a fixed number of queries."""
    prefetch_related_objects([demand], "petition__complained")  # its page asks for them again
    named = [(c.petition_id, c.user_id) for c in demand.petition.complained.all()]
    return _works([demand], named)[demand.pk]


def office_work_of(demand: Demand) -> Work:
    """What the petition department itself owes about the demand: deciding, verifying. Never the handler's own post."""
    post = receiving_post(demand.office_id, besides=demand.handler_id)
    return replace(work_of(demand), organ=demand.office_id, post=post)


class PetitionAdapter:
    """Petitions as subjects of obligations."""

    def works(self, pks: Collection[int]) -> dict[int, Work]:
        needed = ("organ", "category", "handler", "office", "state", "petition")
        demands = list(Demand.objects.filter(pk__in=pks).only(*needed))
        named = Complained.objects.filter(petition__in=[d.petition_id for d in demands])
        return _works(demands, named.values_list("petition", "user"))

    def came(self, pks: Collection[int]) -> dict[int, Came]:
        taken = ImportedFrom.objects.filter(petition__demands__in=pks)
        rows = taken.values_list("petition__demands", "taken_by", "taken_at")
        return {pk: Came(str(job), at) for pk, job, at in rows}

    def overdue_of(self, imports: Collection[str], user: Any) -> dict[str, int]:
        late = Demand.objects.for_user(user).overdue(timezone.now())
        taken = late.filter(petition__imported_from__taken_by__in=[int(key) for key in imports]).values_list(
            "petition__imported_from__taken_by"
        )
        return {str(job): count for job, count in taken.annotate(count=Count("pk")).order_by()}

    def lock(self, pk: int) -> None:
        lock_alone(Demand, pk)

    def dates_moved(self, pk: int) -> None:
        demand = Demand.objects.get(pk=pk)
        take_dates(demand)
        demand.save(update_fields=["opened_at", "strict_at", "due_at"])

    def reassign(self, pk: int, organ: int, post: int) -> None:
        """While it is being handled the post handles it; before and after, it owes what the organ owes."""
        demand = Demand.locked(pk)
        if demand.state == State.HANDLING and demand.organ_id == organ:
            demand.handler_id = post
            demand.save(update_fields=["handler"])
        obligations.hand_over(demand.matter, replace(work_of(demand), organ=organ, post=post))

    def takers(self, work: Work, organ: int) -> Q:
        """Anybody may handle; only who receives or is in charge can register, accept, assign and verify."""
        if work.in_hand and work.organ == organ:
            return Q()
        code = work.content_class
        return Q(is_intake=True) | Q(in_charge_of__overlap=["", code[:2], code[:4], code])

    def describe(self, pks: Collection[int], user: Any) -> dict[int, Described]:
        found = Demand.objects.for_user(user).filter(pk__in=pks).select_related("petition", "organ", "handler")
        return {
            d.pk: Described(
                title=d.petition.title,
                url=reverse("petition", args=[d.petition.number]),
                state_label=d.get_state_display(),
                category=categories.name(d.category),
                organ=d.organ.name,
                handler=d.handler.name if d.handler else "",
            )
            for d in found
        }

    def visible_to(self, user: Any) -> Any:
        return Demand.objects.for_user(user).values("pk")

    def walled_from(self, user: Any, key: Combinable) -> Exists:
        return Exists(Demand.objects.filter(sealed=True, petition__number=key))

    def address(self, key: str) -> str:
        return reverse("petition", args=[key])

    def waiting_for(self, user: Any) -> Any:
        """What has been accepted and waits for the deputy or leader to assign it."""
        in_charge = Q(pk__in=[])
        for held in standing(user).held:
            prefixes = [""] if held.is_top else held.in_charge_of
            for prefix in prefixes:
                in_charge |= Q(organ=held.organ, category__startswith=prefix)
        return Demand.objects.for_user(user).filter(in_charge, state=State.ACCEPTED).values("pk")


def take_dates(demand: Demand) -> None:
    """The ledger's order follows the earliest date of what is open."""
    dates = Obligation.objects.open().about("petition", demand.pk).order_by("due_at")
    first = dates.values_list("opened_at", "strict_at", "due_at").first()
    demand.opened_at, demand.strict_at, demand.due_at = first or (None, None, None)


def _works(demands: list[Demand], named: Iterable[tuple[int, int | None]]) -> dict[int, Work]:
    """With everybody complained about, and of which petition."""
    recused: dict[int, set[int]] = defaultdict(set)
    for petition, user in named:
        if user is not None:
            recused[petition].add(user)
    return {
        d.pk: Work(
            organ=d.organ_id,
            content_class=d.category,
            post=d.handler_id,
            recused=frozenset(recused[d.petition_id]),
            office=d.office_id,
            in_hand=d.state == State.HANDLING,
        )
        for d in demands
    }
