"""What officials can do to a task."""

from inspection.acts.helping import AskHelp, Help
from inspection.acts.ordering import Approve, Drop, Issue, PlanItem, Postpone, ReportUp, Stop, Urge
from inspection.acts.publishing import PublishTask
from inspection.acts.verifying import Ask, Hear, OrderRecheck, Recheck, Reopen, SendBack, Verify, WriteOff
from inspection.acts.working import AttachToTask, Coordinate, FeedBack, Note, Report, Resume, Sign
from massline.acts import Acts

TASK_ACTS = Acts(
    Approve, Issue, Drop, Sign, PlanItem, AskHelp, FeedBack, Help, Coordinate, Resume, Postpone, Report, SendBack,
    Verify, Ask, Hear, ReportUp, WriteOff, OrderRecheck, Recheck, Reopen, PublishTask, Urge, Stop, Note, AttachToTask,
)  # fmt: skip
