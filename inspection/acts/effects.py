"""The effects of acts on a task's own rows."""

from collections.abc import Iterable
from dataclasses import dataclass

from inspection.models import Milestone, Task
from massline.acts import Doing
from massline.days import check_to_come
from responsibility.effects import Order


def next_item(task: Task) -> int:
    """Returns the number of the item that is added next."""
    return (task.milestones.order_by("-item").values_list("item", flat=True).first() or 0) + 1


def order_of_item(doing: Doing) -> Iterable[Order]:
    """Returns the milestone that the form adds, as an order."""
    return [Order(doing.data["last_day"], doing.facts["item"])]


def order_of_task(doing: Doing) -> Iterable[Order]:
    """Returns the task as an order."""
    return [Order(doing.record.due_on)]


def orders_of_items(doing: Doing) -> Iterable[Order]:
    """Returns the lead's open milestones, as orders."""
    own = [one for one in doing.record.milestones.all() if not one.helper_id]
    return [Order(one.last_day, one.item) for one in own if one.done_at is None]


def item_of_form(doing: Doing) -> int:
    return int(doing.data["item"])


@dataclass(frozen=True)
class DayToCome:
    """Refuses the day of this field, unless it lies after the day of the act."""

    field: str

    def apply(self, doing: Doing) -> None:
        check_to_come(self.field, doing.data[self.field], doing.at)


class AddsMilestone:
    """Adds the milestone of the form, after those that are there."""

    def apply(self, doing: Doing) -> None:
        names = ("goal", "requirement", "days", "last_day")
        Milestone.objects.create(
            task=doing.record, item=doing.facts["item"], **{name: doing.data[name] for name in names}
        )


class ReachesMilestone:
    """Marks the milestone of the form as reached, with its fact."""

    def apply(self, doing: Doing) -> None:
        one = doing.record.milestones.get(item=item_of_form(doing))
        one.done_at, one.done_by, one.fact = doing.at, doing.actor, doing.data["fact"]
        one.save(update_fields=["done_at", "done_by", "fact"])


class MovesDeadline:
    """Moves the task's last day to the form's; the first one stays."""

    def apply(self, doing: Doing) -> None:
        doing.record.due_on = doing.data["due_on"]


class WaitsFor:
    """Stores the organ that the task waits for."""

    def apply(self, doing: Doing) -> None:
        doing.record.waits_for = doing.data["organ"]


class WaitsNoLonger:
    def apply(self, doing: Doing) -> None:
        doing.record.waits_for = None


class AsksThose:
    """Notes since when those affected are asked."""

    def apply(self, doing: Doing) -> None:
        doing.record.asked_at = doing.at


class AskedNoLonger:
    def apply(self, doing: Doing) -> None:
        doing.record.asked_at = None
