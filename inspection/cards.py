"""The cards of a task's page that other kinds do not have."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inspection.models import FINAL, OWED, Milestone, Task
from inspection.plan import Item, Planned, backward_plan, expected_end
from massline.time import local_day
from records.cards import Card
from records.publishing.cards import OF_RECORD as PUBLICATIONS
from records.standard_cards import CHAIN, FILES, INSTRUCTIONS, LINKS, OBLIGATIONS, TIMELINE
from records.view import RecordView
from responsibility.calendar import calendar


@dataclass(frozen=True)
class TaskOrder:
    """The order (四定): goal, deadline, requirement, and who answers for it."""

    goal: str
    requirement: str
    due_on: date
    first_due_on: date
    lead: str
    leader: str
    handler: str
    ordered_by: str
    origin: str
    origin_note: str
    track: str
    category: str
    waits_for: str


@dataclass(frozen=True)
class PlannedItem:
    """One milestone with its latest safe day."""

    item: int
    goal: str
    requirement: str
    days: int
    last_day: date
    latest_safe_day: date
    expected: date
    done: bool
    late: bool
    unsafe: bool
    fact: str


@dataclass(frozen=True)
class Help:
    """What one helping organ (协办单位) owes to the lead, and what it did."""

    item: int
    organ: str
    goal: str
    requirement: str
    last_day: date
    done_on: date | None
    late: bool
    fact: str


@dataclass(frozen=True)
class Helps:
    """The helping organs of a task."""

    helps: list[Help]


@dataclass(frozen=True)
class BackwardPlan:
    """The milestones (倒排工期), and on which day the last of them is expected."""

    items: list[PlannedItem]
    due_on: date
    expected_end: date | None
    in_danger: bool


def _order(view: RecordView) -> TaskOrder:
    task = view.record
    return TaskOrder(
        goal=task.goal,
        requirement=task.requirement,
        due_on=task.due_on,
        first_due_on=task.first_due_on,
        lead=task.organ.called,
        leader=str(task.leader),
        handler=str(task.handler),
        ordered_by=str(task.ordered_by),
        origin=task.get_origin_display(),
        origin_note=task.origin_note,
        track=task.get_track_display(),
        category=task.category_path if task.category else "",
        waits_for=task.waits_for.name if task.waits_for else "",
    )


def plan_of(task: Task, today: date) -> list[Planned]:
    """Plans the lead's milestones as of a day; a help goes on beside them."""
    items = [
        Item(one.item, one.days, one.last_day, local_day(one.done_at) if one.done_at else None)
        for one in task.milestones.all()
        if one.days is not None
    ]
    return backward_plan(task.due_on, items, today, calendar())


def _plan(view: RecordView) -> BackwardPlan | None:
    task, today = view.record, local_day(timezone.now())
    rows = {one.item: one for one in task.milestones.all() if not one.helper_id}
    if not rows:
        return None
    planned, over = plan_of(task, today), task.state in FINAL
    items = [
        PlannedItem(
            item=one.item,
            goal=rows[one.item].goal,
            requirement=rows[one.item].requirement,
            days=rows[one.item].days,
            last_day=one.last_day,
            latest_safe_day=one.latest_safe_day,
            expected=one.expected,
            done=one.done,
            late=one.late and not over,
            unsafe=one.unsafe and not over,
            fact=rows[one.item].fact,
        )
        for one in planned
    ]
    end = expected_end(planned)
    danger = task.state in OWED and any(one.unsafe and not one.done for one in items)
    return BackwardPlan(items, task.due_on, end, danger)


def _helps(view: RecordView) -> Helps | None:
    task, today = view.record, local_day(timezone.now())
    helps = [_help(one, today, over=task.state in FINAL) for one in task.helps]
    return Helps(helps) if helps else None


def _help(one: Milestone, today: date, *, over: bool) -> Help:
    assert one.helper is not None
    done_on = local_day(one.done_at) if one.done_at else None
    late = (done_on or today) > one.last_day and not over
    return Help(one.item, one.helper.called, one.goal, one.requirement, one.last_day, done_on, late, one.fact)


CARDS = (
    Card("order", "inspection/order.html", _order, heading=_("交办内容"), shape=TaskOrder),
    Card("plan", "inspection/plan.html", _plan, heading=_("倒排工期"), shape=BackwardPlan),
    Card("helps", "inspection/helps.html", _helps, heading=_("协办单位"), shape=Helps),
    INSTRUCTIONS,
    FILES,
    TIMELINE,
    OBLIGATIONS,
    CHAIN,
    PUBLICATIONS,
    LINKS,
)
