"""What can happen to gaps: the organ says who fills one by when, and the legal office closes it with a rule."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from institutions.acts.base import LEADERS, OFFICE, READERS
from institutions.gaps import events
from institutions.gaps.models import OPEN_GAP, GapState
from institutions.models import Regulation, RegulationState
from massline.acts import Act, Acts, Doing
from massline.days import DayField, check_to_come
from massline.inputs import ActForm, Reason
from massline.texts import LineField
from massline.time import today
from records.effects import Writes
from records.files.acts import Attach
from records.notes import KeepNote
from responsibility.effects import Closes, Opens, Order
from responsibility.models import Appointment
from responsibility.pickers import PersonField

TO_PLAN, TO_FILL = "IN14", "IN15"


class PlanForm(ActForm):
    """Who fills the gap, and by when."""

    handler = PersonField(by_post=True, label=_("由谁补上"))
    due_on = DayField(label=_("完成时限"))

    def prepare(self) -> None:
        organ = self.record.organ_id if self.record else None
        held = Appointment.objects.answering(today()).filter(post__organ=organ)
        self.fields["handler"].offer(held.select_related("user", "post__organ").order_by("post"))  # type: ignore[attr-defined]


class CloseForm(ActForm):
    """The regulation that fills the gap, by its number."""

    regulation = LineField(
        label=_("补上它的制度编号"), max_length=24, help_text=_("现行有效的制度，如 ZD20261130-123456")
    )
    said = LineField(label=_("哪一条补上了它"), max_length=100, help_text=_("如“第三条”"))

    def clean_regulation(self) -> Regulation:
        number = self.cleaned_data["regulation"]
        found: Regulation | None = Regulation.objects.filter(number=number, organ=self.record.organ_id).first()
        if found is None:
            raise ValidationError(_("这个单位没有编号为 %(number)s 的制度"), params={"number": number})
        if found.state != RegulationState.IN_FORCE:
            raise ValidationError(_("%(number)s 不是现行有效的制度，不能补上缺口"), params={"number": number})
        return found


def _order(doing: Doing) -> Iterable[Order]:
    return [Order(doing.data["due_on"])]


class SetsPlan:
    """Stores who fills it by when; the day lies ahead."""

    def apply(self, doing: Doing) -> None:
        check_to_come("due_on", doing.data["due_on"], doing.at)
        doing.record.handler, doing.record.due_on = doing.data["handler"], doing.data["due_on"]


class SetsRule:
    def apply(self, doing: Doing) -> None:
        doing.record.filled_by = doing.data["regulation"]


class OpenAgain:
    """Takes the plan and the rule away: both have not held."""

    def apply(self, doing: Doing) -> None:
        doing.record.filled_by = doing.record.handler = doing.record.due_on = None


class Plan(Act):
    slug, label, basis = "plan", _("安排补上"), "谁的权力谁补上制度：由单位主要负责人定人、定时限"
    from_states, to, roles = frozenset({GapState.FOUND}), (GapState.PLANNED,), LEADERS
    form, event = PlanForm, events.PLANNED
    effects = (SetsPlan(), Closes(TO_PLAN), Opens(TO_FILL, ordered=_order))

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"day": doing.data["due_on"].isoformat()}


class Close(Act):
    """Closes a gap with the rule that fills it: the legal office, never the organ itself."""

    slug, label, basis = "close", _("确认补上"), "由合法性审核机构核对制度条文后确认"
    from_states, to, roles = OPEN_GAP, (GapState.CLOSED,), OFFICE
    other_hands_than, same_hands = ("plan",), _("安排补上的人不能自己确认，请由另一人确认")
    form, event = CloseForm, events.CLOSED
    effects = (SetsRule(), Writes("said"), Closes())

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"regulation": doing.data["regulation"].number}


class Dismiss(Act):
    slug, label, basis, tone = "dismiss", _("不是缺口"), "核实没有缺口的说明理由后了结", "danger"
    from_states, to, roles = OPEN_GAP, (GapState.DISMISSED,), OFFICE
    fields, event = (Reason("reason", _("理由")),), events.DISMISSED
    effects = (Writes("reason"), Closes())


class Reopen(Act):
    slug, label, basis = "reopen", _("缺口又出现"), "补上的制度废止或者没有管住的，重新列为缺口"
    from_states, to, roles = frozenset({GapState.CLOSED, GapState.DISMISSED}), (GapState.FOUND,), OFFICE
    fields, event = (Reason("reason", _("理由")),), events.REOPENED
    effects = (Writes("reason"), OpenAgain(), Opens(TO_PLAN, "organ_chain_subject"))


class Note(KeepNote):
    from_states, event = frozenset(GapState), events.NOTED


class AttachToGap(Attach):
    from_states, roles = frozenset(GapState), READERS


GAP_ACTS = Acts(Plan, Close, Dismiss, Reopen, Note, AttachToGap)
