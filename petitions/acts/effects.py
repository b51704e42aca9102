"""What acts do to a petition's own rows."""

from collections.abc import Callable
from dataclasses import dataclass

from citizens.effects import office_tells
from massline.acts import Doing
from petitions.models import Answer
from responsibility import obligations
from responsibility.models import Organ


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
            office_tells(demand, left)


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
