"""The addresses of tasks and decisions."""

from inspection.decisions.desk import DECISIONS
from inspection.desk import TASKS
from records.addresses import desk_paths

urlpatterns = [*desk_paths(TASKS), *desk_paths(DECISIONS)]
