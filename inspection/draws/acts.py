"""What can happen to a draw: its seed is opened, by another hand than the one that locked it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from audit import log
from inspection.acts import TASK_ACTS
from inspection.draws import events
from inspection.draws.checker import drawn
from inspection.models import Draw, DrawState, Task, TaskState
from massline.acts import Act, Acts, Doing, perform
from massline.inputs import Text
from records.effects import Writes
from records.models import RecordRole
from responsibility.effects import Closes

TO_OPEN = "DC06"


def numbers_drawn(draw: Draw) -> list[str]:
    """Returns the numbers that follow from the pool and the seed."""
    return drawn(draw.entries.values_list("number", flat=True), draw.seed, draw.size)


class PutsUpForRecheck:
    """Marks what was drawn, and orders a recheck of each task that is still written off."""

    def apply(self, doing: Doing) -> None:
        numbers = numbers_drawn(doing.record)
        doing.record.entries.filter(number__in=numbers).update(drawn=True)
        closed = Task.objects.filter(number__in=numbers, state=TaskState.CLOSED).order_by("pk")
        for pk in closed.values_list("pk", flat=True):
            perform(TASK_ACTS["order_recheck"], Task, pk, doing.actor, {}, at=doing.at)
        assert doing.event is not None
        log.resume(doing.event)


class Open(Act):
    slug, label, basis = "open", _("揭晓抽查结果"), "锁定在先、揭晓在后，锁定的人不揭晓；任何人可以复算"
    button = _("揭晓")
    from_states, to = frozenset({DrawState.LOCKED}), (DrawState.DRAWN,)
    roles, event = frozenset({RecordRole.OFFICE}), events.DRAWN
    other_hands_than, same_hands = ("lock",), _("锁定抽查范围的人不能揭晓，请由其他人办理")
    fields = (Text("note", _("说明"), required=False, rows=2),)
    effects = (Writes("note"), PutsUpForRecheck(), Closes(TO_OPEN))

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"seed": doing.record.seed, "count": len(numbers_drawn(doing.record))}


DRAW_ACTS = Acts(Open)
