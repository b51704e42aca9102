"""The roles that acts on tasks allow, the rules under which tasks owe, and the base of their acts."""

from typing import Any

from inspection.models import TaskRole
from massline.acts import Act, Doing
from records.models import RecordRole

TO_ISSUE, TO_DEPLOY, TO_COMPLETE, TO_REACH = "DD00", "DD01", "DD14", "DD10"
TO_ANSWER, TO_VERIFY, TO_RECHECK = "DD12", "DD13", "DD11"

OFFICE = frozenset({RecordRole.OFFICE, TaskRole.HEAD})
ORDERER = frozenset({TaskRole.ORDERER})
CHIEFS = frozenset({TaskRole.IN_CHARGE, RecordRole.LEADER})
"""Who answers for the lead organ: the responsible leader, and its top."""
DOERS = CHIEFS | {RecordRole.HANDLER}
READERS = frozenset({RecordRole.READER})
BY_LAW = "《政府督查工作条例》"
DID_IT = ("sign", "feed_back", "coordinate", "report", "help")
"""What the doing hands do: whoever did one of these on a task never verifies it, in its whole life."""


class TaskAct(Act):
    """An act on a task; its event names the lead organ."""

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"organ": doing.record.organ.name}
