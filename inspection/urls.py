"""The addresses of tasks, decisions, plans, inspections, conclusions, draws and whistles."""

from citizens.catalogue.pages import catalogue_paths
from inspection.conclusions.desk import CONCLUSIONS
from inspection.decisions.desk import DECISIONS
from inspection.desk import TASKS
from inspection.draws.desk import DRAWS
from inspection.inspections.desk import INSPECTIONS
from inspection.models import Task
from inspection.plans.desk import PLANS
from inspection.whistles.desk import WHISTLES
from records.addresses import desk_paths

KINDS = (TASKS, DECISIONS, PLANS, INSPECTIONS, CONCLUSIONS, DRAWS, WHISTLES)
urlpatterns = [*catalogue_paths(Task.KIND), *(path for kind in KINDS for path in desk_paths(kind))]
