"""Tasks as a kind of record: their declaration and menu items."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.menu import MenuItem, reads_records
from citizens.public_sides import open_to_citizens
from inspection import public
from inspection.acts import TASK_ACTS
from inspection.acts.base import TO_REACH
from inspection.adapter import AdapterWithSources
from inspection.cards import CARDS
from inspection.creating import TaskForm, draft, may_create, what_happens
from inspection.decisions.models import Decision
from inspection.figures import FIGURES, TaskFilter
from inspection.models import FINAL, Conclusion, Milestone, Task, TaskState
from inspection.sources import begin_because, office_of_source
from massline.templatetags.front import short_day
from records.columns import Cell, code, personal, text
from records.exporting import Exported
from records.kinds import Create, RecordType, register
from records.listing import Listing
from records.ordered import OrderedItems
from records.standard_columns import LIGHT, NUMBER, light_of, state_column

TASKS = register(
    RecordType(
        kind=Task.KIND,
        plural="tasks",
        title=_("督查事项"),
        several=pgettext_lazy("several", "督查事项"),
        model=Task,
        acts=TASK_ACTS,
        adapter=AdapterWithSources,
        note="note",
        final=FINAL,
        columns=(
            LIGHT,
            NUMBER,
            personal(
                "title",
                _("督查事项"),
                F("title"),
                cell=Cell(
                    lambda task, reading: reading.link(task.KIND, task.number, task.title), css="title", labelled=False
                ),
            ),
            text("lead", _("牵头单位"), F("organ__name"), cell=Cell(lambda task, reading: task.organ.called)),
            code(
                "due_on",
                _("完成时限"),
                F("due_on"),
                cell=Cell(lambda task, reading: short_day(task.due_on), css="nowrap"),
            ),
            state_column(TaskState),
        ),
        listing=Listing(
            _("督查台账"),
            "tasks",
            shown=("light", "number", "title", "lead", "due_on", "state"),
            joined=("organ", "handler"),
            filters=TaskFilter,
            row_css=light_of,
            caption=_("按法定截止日期排列的督查事项"),
            empty=_("还没有督查事项。督查部门可以拟立项，领导可以直接交办。"),
        ),
        ordered=(OrderedItems(TO_REACH, Milestone, "task", "item"),),
        create=Create(
            TaskForm,
            may_create,
            draft,
            form_arguments=lambda user: {"user": user},
            button=what_happens,
            sources=frozenset({"petition", Decision.KIND, Conclusion.KIND}),
            receiver=office_of_source,
            begun=begin_because,
            prefilled={"title": "title", "requirement": "words"},
        ),
        with_related=lambda tasks: Task.with_joined(tasks).prefetch_related("milestones__helper"),
        exported=Exported(),
        cards=CARDS,
        figures=FIGURES,
    )
)
open_to_citizens(Task.KIND, public.TASKS)
MENU = (
    MenuItem("tasks", _("督查台账"), "ok", 35, reads_records),
    MenuItem("task_new", _("督查立项"), "plus", 65, may_create),
)
