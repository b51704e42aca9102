"""Tasks (督查事项) and the milestones on the way to their deadlines; decisions (重大决策) with steps and votes."""

from inspection.decisions.models import Decision, DecisionStep, Vote
from inspection.models.milestone import Milestone
from inspection.models.task import FINAL, OPEN, OWED, Origin, Task, TaskRole, TaskState, Track

__all__ = [
    "FINAL",
    "OPEN",
    "OWED",
    "Decision",
    "DecisionStep",
    "Milestone",
    "Origin",
    "Task",
    "TaskRole",
    "TaskState",
    "Track",
    "Vote",
]
