"""The acts about helping organs (协办): whoever orders names them beside the lead, to which each owes its part."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from inspection import events, notices
from inspection.acts.base import OFFICE, ORDERER, TO_REACH, TaskAct
from inspection.acts.effects import DayToCome, ReachesMilestone, item_of_form, next_item
from inspection.acts.forms import AskHelpForm, HelpForm
from inspection.models import NOT_ISSUED, OWED, Milestone, TaskRole
from massline.acts import Doing
from massline.time import local_day, today
from responsibility import obligations
from responsibility.effects import Closes, Notifies
from responsibility.people import office_people, position_of


def _asks(doing: Doing, one: Milestone) -> None:
    """Has the helping organ owe its part, and tells it."""
    task, helper = doing.record, one.helper_id
    assert helper is not None
    days = (one.last_day - local_day(doing.at)).days
    work = task.help_chain_subject(helper)
    obligations.open_(task.matter, TO_REACH, work, doing.at, days=days, item=one.item)
    Notifies(notices.HELP_ASKED, lambda task: office_people(helper, today())).apply(doing)


class AsksHelpers:
    """Asks the helping organs that were named before the task was issued."""

    def apply(self, doing: Doing) -> None:
        for one in doing.record.milestones.filter(helper__isnull=False):
            _asks(doing, one)


class AddsHelper:
    """Names the organ of the form; asks it at once where the task is issued."""

    def apply(self, doing: Doing) -> None:
        given = {name: doing.data[name] for name in ("goal", "requirement", "last_day")}
        task = doing.record
        one = Milestone.objects.create(task=task, item=doing.facts["item"], helper=doing.data["organ"], **given)
        if task.state in OWED:
            _asks(doing, one)


class AskHelp(TaskAct):
    """Names an organ that helps (协办): who orders it, or the office for them; never the lead, which cannot pass its
    work on."""

    slug, label, basis = "ask_help", _("指定协办单位"), "谁交办、谁指定牵头和协办；协办单位对牵头单位负责"
    button = _("请它协办")
    from_states, roles, form, event = NOT_ISSUED | OWED, OFFICE | ORDERER, AskHelpForm, events.HELP_ASKED
    effects = (DayToCome("last_day"), AddsHelper())

    def facts(self, doing: Doing) -> dict[str, Any]:
        day, item = doing.data["last_day"].isoformat(), next_item(doing.record)
        return {"organ": doing.data["organ"].name, "item": item, "day": day}


class Help(TaskAct):
    """Ends a help by one fact: the helping organ itself, and nobody for it."""

    slug, label, basis = "help", _("完成协办"), "协办单位完成自己的一项；写一个可以核对的事实"
    from_states, roles, form, event = OWED, frozenset({TaskRole.HELPER}), HelpForm, events.HELPED
    effects = (
        ReachesMilestone(),
        Closes(TO_REACH, item=item_of_form),
        Notifies(notices.HELPED, lambda task: task.doers()),
    )

    def build_form(self, record: Any, actor: Any, data: Any) -> Any:
        form: Any = super().build_form(record, actor, data)
        if record is not None:
            own = {one.item: one for held in position_of(actor).held for one in record.helps_of(held)}
            form.offer([one for _item, one in sorted(own.items()) if one.done_at is None])
        return form

    def facts(self, doing: Doing) -> dict[str, Any]:
        one = doing.record.milestones.select_related("helper").get(item=doing.data["item"])
        return {"organ": one.helper.name, "item": one.item}
