"""What acts do to a petition's own rows."""

from collections.abc import Callable
from dataclasses import dataclass

from massline.acts import Doing
from petitions.models import Answer, Demand, RatedObject, Rating
from petitions.telling.models import Telling, TellingState
from responsibility import obligations
from responsibility.models import Organ
from responsibility.people import receiving_post


class Classifies:
    """Registration says what it is about, where, and which class it belongs to."""

    def apply(self, doing: Doing) -> None:
        demand, data = doing.record, doing.data
        demand.category, demand.purpose = data["category"], data["purpose"]
        if demand.petition.region_id != data["region"].pk:
            demand.petition.region = data["region"]
            demand.petition.save(update_fields=["region"])


@dataclass(frozen=True)
class GoesTo:
    """Another organ has it from now on, and nobody there handles it yet."""

    organ: Callable[[Doing], Organ]

    def apply(self, doing: Doing) -> None:
        demand = doing.record
        left, demand.organ = demand.organ, self.organ(doing)
        demand.handler = None
        if left != demand.office:
            _office_tells(demand, left)


def _office_tells(demand: Demand, left: Organ) -> None:
    """What an organ had still to tell when the petition left it: it cannot see it any more."""
    for telling in Telling.objects.filter(demand=demand, office=left, state=TellingState.WAITING):
        telling.office = demand.office
        telling.save(update_fields=["office"])
        post = receiving_post(demand.office_id)
        if telling.owed_id and post:
            obligations.hand_over_one(telling.owed_id, post)


class Assigns:
    """The post that does the work."""

    def apply(self, doing: Doing) -> None:
        doing.record.handler = doing.data["handler"]
        obligations.hand_over(doing.record.matter, doing.record.chain_subject())


class StoreAnswer:
    """A handling opinion of its own row; the demand has its outcome."""

    def apply(self, doing: Doing) -> None:
        Answer.objects.create(
            demand=doing.record,
            outcome=doing.data["outcome"],
            text=doing.data["text"],
            author=doing.actor,
            answered_at=doing.at,
        )
        doing.record.outcome = doing.data["outcome"]

    class Cleared:
        """The opinion stays as a row; the demand has no outcome any more."""

        def apply(self, doing: Doing) -> None:
            doing.record.outcome = ""


class Unmasks:
    """Opens the sealed fields for this one answer; nothing is stored in clear."""

    def apply(self, doing: Doing) -> None:
        petition, fields = doing.record.petition, doing.data["fields"]
        doing.record.unmasked = petition.petitioner.identity(*fields)
        others = petition.representatives.all() if petition.persons > 1 else ()
        doing.record.unmasked_others = {
            one.pk: one.identity(*(name for name in one.FIELDS if name in fields)) for one in others
        }


class Rates:
    """One rating an object; a later one replaces it, and the log keeps both."""

    def apply(self, doing: Doing) -> None:
        demand, data = doing.record, doing.data
        organ = demand.organ if data["object"] == RatedObject.ORGAN else demand.office
        Rating.objects.update_or_create(
            demand=demand,
            object=data["object"],
            defaults={"organ": organ, "score": data["score"], "reason": data["reason"], "rated_at": doing.at},
        )
