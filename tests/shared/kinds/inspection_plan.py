"""Year plans of the city's inspection office, and who is what to one."""

from types import SimpleNamespace

from django.db import transaction

from inspection.models import InspectionPlan
from tests.chain_lab import event
from tests.inspection_activity_lab import PLAN_ENTRY, PLAN_INPUT, plan_in
from tests.inspection_lab import add_liaison
from tests.shared.kinds import ADMINISTRATIONS, NOTHING, Case, Given, Plays

ALL = ("draft", "approved", "dropped")
READER = Plays("reader")
CAST = {
    **dict.fromkeys(("dc_clerk", "dc_other", "dc_head", "district_clerk"), (READER, Plays("office"))),
    **dict.fromkeys(("mayor", "secretary"), (READER, Plays("chief"))),
    "inspector": (Plays("inspector"),),
    "auditor": (Plays("auditor"),),
    **dict.fromkeys(("leader", "other_leader", "clerk", "chief", "district_head", *ADMINISTRATIONS), NOTHING),
}


@transaction.atomic
def plan(city: SimpleNamespace, state: str) -> InspectionPlan:
    """A plan in this state; of a year one is approved, so the one that was approved before gives way in a test."""
    event()
    InspectionPlan.objects.filter(state="approved").update(year=2020 + InspectionPlan.objects.count())
    return plan_in(city, state)


GIVEN = Given(
    cases={"ordinary": Case(CAST, ALL, plan)},
    input=PLAN_INPUT,
    enters=("district_clerk",),
    entry=PLAN_ENTRY,
    hidden={"outsiders": lambda city: plan_in(city, "draft", items="强拆遗留问题")},
    city=add_liaison,
)
