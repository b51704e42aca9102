"""The effects of acts on a petition's own rows."""

from collections.abc import Callable
from dataclasses import dataclass

from citizens.effects import office_tells
from massline.acts import Doing
from petitions.models import Answer
from responsibility import obligations
from responsibility.models import Organ


class Classifies:
    """Stores the class, the purpose and the region that registration found."""

    def apply(self, doing: Doing) -> None:
        demand, data = doing.record, doing.data
        demand.category, demand.purpose = data["category"], data["purpose"]
        if demand.petition.region_id != data["region"].pk:
            demand.petition.region = data["region"]
            demand.petition.save(update_fields=["region"])


@dataclass(frozen=True)
class GoesTo:
    """Moves the demand to another organ, where no handler is assigned yet."""

    organ: Callable[[Doing], Organ]

    def apply(self, doing: Doing) -> None:
        demand = doing.record
        left, demand.organ = demand.organ, self.organ(doing)
        demand.handler = None
        if left != demand.office:
            office_tells(demand, left)


class Assigns:
    """Assigns the handler's post, and hands the open obligations over to it."""

    def apply(self, doing: Doing) -> None:
        doing.record.handler = doing.data["handler"]
        obligations.hand_over(doing.record.matter, doing.record.chain_subject())


class StoreAnswer:
    """Stores the handling opinion (处理意见) as a row of its own, and its outcome on the demand."""

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
        """Removes the outcome from the demand; the row of the opinion stays."""

        def apply(self, doing: Doing) -> None:
            doing.record.outcome = ""
