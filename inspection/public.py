"""What citizens see of inspection: tasks that concern them, with their dates and the verified result."""

from django.utils.translation import gettext_lazy as _

from citizens.catalogue.published import published
from citizens.public_sides import PublicSide
from inspection.acts import TASK_ACTS
from inspection.erasing import own_rows
from inspection.models import Task

TASKS = PublicSide(
    catalogue=published(
        Task.KIND,
        TASK_ACTS,
        _("督查结果"),
        intro=_("上级交办、经督查部门核实的事项；只列经审查公开的内容。"),
    ),
    own_rows=lambda task: own_rows(task) or (),
)
