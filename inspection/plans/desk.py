"""Year plans of inspection as a kind of record."""

from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.menu import MenuItem, reads_records
from inspection.models import InspectionPlan, PlanState
from inspection.plans.acts import PLAN_ACTS
from inspection.plans.creating import PlanForm, draft_plan, may_draft
from records.cards import Card
from records.columns import Cell, number, personal
from records.exporting import Exported
from records.kinds import Create, RecordType, register
from records.listing import Listing
from records.standard_cards import CHAIN, INSTRUCTIONS, OBLIGATIONS, TIMELINE
from records.standard_columns import LIGHT, NUMBER, light_of, state_column
from records.view import RecordView
from responsibility.visibility import position


@dataclass(frozen=True)
class PlannedInspection:
    """One line of a plan, and how many inspections have used it."""

    item: int
    title: str
    used: int


def _items(view: RecordView) -> list[PlannedInspection]:
    rows = view.record.items.all().prefetch_related("inspections")
    return [PlannedInspection(one.item, one.title, len(one.inspections.all())) for one in rows]


SEVERAL = pgettext_lazy("several", "督查计划")
PLANS = register(
    RecordType(
        kind=InspectionPlan.KIND,
        plural="inspection-plans",
        title=_("督查计划"),
        several=SEVERAL,
        model=InspectionPlan,
        acts=PLAN_ACTS,
        final=frozenset({PlanState.APPROVED, PlanState.DROPPED}),
        columns=(
            LIGHT,
            NUMBER,
            personal(
                "title",
                _("督查计划"),
                F("title"),
                cell=Cell(
                    lambda plan, reading: reading.link(plan.KIND, plan.number, plan.title), css="title", labelled=False
                ),
            ),
            number("year", _("年度"), F("year"), cell=Cell(lambda plan, reading: plan.year)),
            state_column(PlanState),
        ),
        listing=Listing(
            _("年度督查计划"),
            "inspection_plans",
            shown=("light", "number", "title", "year", "state"),
            joined=("organ",),
            row_css=light_of,
            caption=_("督查部门的年度计划"),
            empty=_("还没有年度督查计划。督查部门拟定，报本级政府、党委批准。"),
        ),
        create=Create(PlanForm, may_draft, draft_plan),
        exported=Exported(),
        cards=(
            Card("items", "inspection/plan_items.html", _items, heading=_("督查项目"), shape=list[PlannedInspection]),
            INSTRUCTIONS,
            TIMELINE,
            OBLIGATIONS,
            CHAIN,
        ),
    )
)
MENU = (
    MenuItem(
        "inspection_plans",
        SEVERAL,
        "list",
        43,
        reads_records,
        position=position,
        needs=InspectionPlan.objects.for_user,
    ),
    MenuItem("inspection_plan_new", _("拟定督查计划"), "plus", 68, may_draft),
)
