"""The addresses of tasks."""

from inspection.desk import TASKS
from records.addresses import desk_paths

urlpatterns = desk_paths(TASKS)
