"""The addresses of tasks, decisions, plans, inspections and conclusions."""

from inspection.conclusions.desk import CONCLUSIONS
from inspection.decisions.desk import DECISIONS
from inspection.desk import TASKS
from inspection.inspections.desk import INSPECTIONS
from inspection.plans.desk import PLANS
from records.addresses import desk_paths

urlpatterns = [path for kind in (TASKS, DECISIONS, PLANS, INSPECTIONS, CONCLUSIONS) for path in desk_paths(kind)]
