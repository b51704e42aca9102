"""Tasks (督查事项) and the milestones on the way to their deadlines; decisions (重大决策) with steps and votes; plans,
inspections (督查活动) and their conclusions; draws (抽查); whistles (吹哨报到)."""

from inspection.decisions.models import Decision, DecisionStep, Vote
from inspection.models.conclusion import Conclusion, ConclusionRole, ConclusionState, RecheckDecision
from inspection.models.draw import Draw, DrawEntry, DrawState
from inspection.models.inspection import (
    Approval,
    Check,
    Found,
    Inspection,
    InspectionRole,
    InspectionState,
    InspectionType,
    Outcome,
    TeamMember,
    VisitedOrgan,
)
from inspection.models.milestone import Milestone
from inspection.models.plan import InspectionPlan, PlanItem, PlanRole, PlanState
from inspection.models.task import FINAL, NOT_ISSUED, OPEN, OWED, Origin, Task, TaskRole, TaskState, Track
from inspection.whistles.models import Whistle, WhistleCall

__all__ = [
    "FINAL", "NOT_ISSUED", "OPEN", "OWED", "Approval", "Check", "Conclusion", "ConclusionRole", "ConclusionState",
    "Decision", "DecisionStep", "Draw", "DrawEntry", "DrawState", "Found",
    "Inspection", "InspectionPlan", "InspectionRole", "InspectionState", "InspectionType",
    "Milestone", "Origin", "Outcome", "PlanItem", "PlanRole", "PlanState", "RecheckDecision", "Task", "TaskRole",
    "TaskState", "TeamMember", "Track", "VisitedOrgan", "Vote", "Whistle", "WhistleCall",
]  # fmt: skip
