"""Declining (不予受理) a forwarded petition: the organ proposes it, the petition office agrees or does not.

An organ does not end a petition alone that the office forwarded. The organ's own period goes on running meanwhile: the
petitioner was promised an answer by that day, whichever of the two still decides.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from citizens.effects import Issues
from massline.acts import Doing
from massline.inputs import ActForm, Text
from massline.texts import text_field
from petitions import events, notices
from petitions.acts.base import BY_LAW, OFFICE, DemandAct, office_can_verify
from petitions.models import Demand, State
from records.effects import Writes
from records.models import ActText
from responsibility.effects import Closes, Notifies


def office_decides(doing: Doing) -> bool:
    return doing.state_before == State.FORWARDED and office_can_verify(doing.record)


def is_proposed(doing: Doing) -> bool:
    """Returns whether the act has left the petition as a proposal that the office has to decide."""
    return doing.record.state == State.DECLINING


def is_decided(doing: Doing) -> bool:
    return not is_proposed(doing)


def proposed_texts(demand: Demand) -> list[ActText]:
    """Returns the texts of the last proposal to decline: the reason, and where to go. Read once for each demand
    object."""
    found: list[ActText] | None = getattr(demand, "_proposed", None)
    if found is None:
        written = ActText.objects.about(Demand.KIND, demand.pk).filter(act="decline")
        found = list(written.filter(event_id__in=written.order_by("-event_id").values("event_id")[:1]))
        demand._proposed = found  # type: ignore[attr-defined]
    return found


class AgreeForm(ActForm):
    """The form for agreeing. The petitioner is told the reason and the way on that the organ wrote, not those of the
    office."""

    note = text_field(_("核实情况"), rows=3, hint=_("只有办理人员看得到；告知书使用承办单位写的理由和去处"))

    def clean(self) -> dict[str, Any]:
        return (super().clean() or {}) | {one.kind: one.text for one in proposed_texts(self.record)}


class Discloses:
    """Shows the petitioner the texts that the organ wrote."""

    def apply(self, doing: Doing) -> None:
        for one in proposed_texts(doing.record):
            one.public = True
            one.save(update_fields=["public"])


class Decides(DemandAct):
    """The petition office decides on a proposal to decline; not by the official who made it."""

    basis = BY_LAW + "第二十三条第三款：转送、交办机关核实同意"
    from_states, roles = frozenset({State.DECLINING}), OFFICE

    other_hands_than = ("decline",)
    same_hands = _("提出不予受理的人不能自己核实，请由其他人决定")


class Agree(Decides):
    slug, label = "agree", _("同意不予受理")
    to = (State.NOT_ACCEPTED,)
    tone, form, event = "danger", AgreeForm, events.DECLINE_AGREED
    effects = (
        Writes("note"),
        Discloses(),
        Closes(),
        Issues("declined"),
    )


class Disagree(Decides):
    slug, label = "disagree", _("不同意不予受理")
    to = (State.FORWARDED,)
    event = events.DECLINE_REFUSED
    fields = (Text("reason", _("不同意的理由"), rows=3),)
    effects = (
        Writes("reason"),
        Closes("ML04"),
        Notifies(notices.RETURNED, lambda demand: demand.next_to_act()),
    )
