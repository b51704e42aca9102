"""Tasks (督查事项) and the milestones on the way to their deadlines."""

from inspection.models.milestone import Milestone
from inspection.models.task import FINAL, OPEN, OWED, Origin, Task, TaskRole, TaskState, Track

__all__ = ["FINAL", "OPEN", "OWED", "Milestone", "Origin", "Task", "TaskRole", "TaskState", "Track"]
