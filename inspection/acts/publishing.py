"""The act by which the inspection office proposes to tell the public what was ordered and what came of it."""

from django.utils.translation import gettext_lazy as _

from inspection.acts.base import OFFICE
from inspection.models import TaskState
from massline.inputs import Text
from massline.time import long_form
from records.publishing.proposing import ProposePublication


class PublishTask(ProposePublication):
    """Publishes a task that concerns citizens, once it is verified: its dates and what was found (公开督查结果)."""

    from_states, roles = frozenset({TaskState.VERIFIED, TaskState.CLOSED}), OFFICE
    fields = (
        Text("title", _("督查事项"), rows=2, max_length=100),
        Text("lead", _("牵头单位"), rows=1, max_length=64),
        Text("goal", _("目标"), rows=2, max_length=200),
        Text("due_on", _("完成时限"), rows=1, max_length=60, hint=_("延期过的，写明原定的日期")),
        Text("result", _("核实结果"), rows=4, hint=_("写清楚谁怎样核实、结果如何；不写个人信息")),
    )
    suggested = {
        "title": lambda task: task.title,
        "lead": lambda task: task.organ.name,
        "goal": lambda task: task.goal,
        "due_on": lambda task: _dates(task),
    }


def _dates(task: object) -> str:
    due, first = task.due_on, task.first_due_on  # type: ignore[attr-defined]
    if due == first:
        return long_form(due)
    return str(_("%(day)s（原定%(first)s）") % {"day": long_form(due), "first": long_form(first)})
