"""What can happen to a year plan: the head of the government or of the committee approves it, or does not."""

from django.utils.translation import gettext_lazy as _

from inspection.models import InspectionPlan, PlanRole, PlanState
from inspection.plans import events
from massline.acts import Act, Acts, Doing, Refused, WrongState
from massline.inputs import Reason
from records.effects import Writes
from responsibility.effects import Closes, Releases

TO_APPROVE = "DC03"
CHIEF = frozenset({PlanRole.CHIEF})


class ApprovePlan(Act):
    slug, label, basis = "approve", _("批准计划"), "《政府督查工作条例》第十一条、第十五条：年度计划报本级政府批准"
    from_states, to, roles = frozenset({PlanState.DRAFT}), (PlanState.APPROVED,), CHIEF
    event, effects = events.APPROVED, (Closes(TO_APPROVE),)

    def check(self, doing: Doing) -> None:
        plan = doing.record
        if plan.drafted_by_id == doing.actor.pk:
            raise Refused(_("拟定计划的人不能批准自己拟的计划，请由其他负责人批准"))
        approved = InspectionPlan.objects.filter(office=plan.office_id, year=plan.year, state=PlanState.APPROVED)
        if approved.exists():
            raise WrongState(_("这个年度已有批准的计划；计划以外的督查一事一报"))


class DropPlan(Act):
    slug, label, basis = "drop", _("不予批准"), "《政府督查工作条例》第十五条：控制督查频次"
    from_states, to, roles = frozenset({PlanState.DRAFT}), (PlanState.DROPPED,), CHIEF
    tone, event, fields = "danger", events.DROPPED, (Reason("reason", _("理由")),)
    effects = (Writes("reason"), Releases())


PLAN_ACTS = Acts(ApprovePlan, DropPlan)
