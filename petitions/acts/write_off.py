"""Verifies an answered petition: an official other than its handler writes it off (销号) or returns it."""

from django.utils.translation import gettext_lazy as _

from citizens.effects import Issues, Recalls
from massline.acts import Doing, Refused
from massline.inputs import Text
from petitions import events, notices
from petitions.acts.base import BY_LAW, IN_CHARGE, OFFICE, DemandAct, office_can_verify
from petitions.acts.effects import StoreAnswer
from petitions.models import State
from petitions.visibility import Role
from records.effects import Writes
from responsibility.effects import Closes, Notifies, Releases, Reopens


class Return(DemandAct):
    slug, label, basis = "return", _("退回重办"), "办理与核实分离；" + BY_LAW + "第四十条（敷衍）"
    done = _("退回重新办理")
    from_states, to, roles = frozenset({State.ANSWERED}), (State.HANDLING,), IN_CHARGE | OFFICE
    tone, event = "danger", events.RETURNED
    fields = (Text("reason", _("退回理由"), rows=3),)
    effects = (
        Writes("reason"),
        StoreAnswer.Cleared(),
        Releases("ML01"),
        Reopens("XF06"),
        Recalls("answered"),
        Issues("returned"),
        Notifies(notices.RETURNED, lambda demand: demand.handlers()),
    )


class WriteOff(DemandAct):
    """Writes a petition off (销号): not by its handler; of a forwarded one, by the office that forwarded it."""

    slug, label = "write_off", _("核实销号")
    basis = "办理与核实分离：销号须由经办人以外的人核实；转送来的由转送机关核实"
    from_states, to, roles = frozenset({State.ANSWERED}), (State.CLOSED,), IN_CHARGE | OFFICE
    event = events.CLOSED
    fields = (Text("evidence", _("核实情况"), hint=_("写明怎样核实、看到了什么：回访记录、现场情况、文书等")),)
    effects = (Writes("evidence"), Closes(), Issues("closed"))

    other_hands_than = ("answer",)
    same_hands = _("经办人不能核实销号自己办理的事项，请由其他人核实")

    def check(self, doing: Doing) -> None:
        others = doing.record.organ_id != doing.record.office_id and OFFICE.isdisjoint(doing.roles)
        if others and office_can_verify(doing.record):
            raise Refused(_("这件由信访部门核实销号，承办单位不能自己销号"))
        if Role.HANDLER in doing.roles:
            raise Refused(self.same_hands)
