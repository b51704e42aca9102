"""The bulk acts on petitions: the petition office registers and forwards, deputies and leaders assign."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from massline.texts import text_field
from massline.time import today
from petitions.acts import OFFICIAL_ACTS
from petitions.acts.forms import ForwardForm
from petitions.duties import PETITION_OFFICE
from petitions.models import Demand, State
from records.kinds import BulkAct
from responsibility.models import Appointment
from responsibility.people import HeldPost, position_of
from responsibility.pickers import PersonField

Sent = Mapping[str, Any]


class BulkForwardForm(ForwardForm):
    note = text_field(_("转办意见"), required=False, rows=2, hint=_("写在每一件的记录里"))


class BulkAssignForm(forms.Form):
    """Offers the officials of the organs that the user leads; whether one can handle a petition is checked for each
    petition."""

    handler = PersonField(label=_("经办人"))

    def __init__(self, data: Any, user: User) -> None:
        super().__init__(data)
        organs = {h.organ for h in position_of(user).held if _leads(h)}
        held = Appointment.objects.answering(today()).filter(post__organ__in=organs).select_related("user", "post")
        self.fields["handler"].offer(  # type: ignore[attr-defined]
            held.order_by("post__organ", "post__is_top", "post_id", "kind")
        )


def _leads(held: HeldPost) -> bool:
    return bool(held.is_top or held.in_charge_of)


def _is_in_petition_office(user: User) -> bool:
    return any(PETITION_OFFICE in held.duties for held in position_of(user).held)


def _may_assign(user: User) -> bool:
    return any(map(_leads, position_of(user).held))


def _forwarded(demand: Demand, data: Sent) -> bool:
    return demand.state == State.FORWARDED and demand.organ.code == data.get("organ")


def _assigned(demand: Demand, data: Sent) -> bool:
    answering = Appointment.objects.answering(today()).filter(
        post=demand.handler_id, user__username=data.get("handler")
    )
    return demand.state == State.HANDLING and answering.exists()


BULK_ACTS = (
    BulkAct(
        OFFICIAL_ACTS["register"],
        form=lambda data, user: forms.Form(data),
        may=_is_in_petition_office,
        already_done=lambda demand, data: demand.state == State.REGISTERED,
        hint=_("按信访人自己选的分类、属地和目的登记；要改的、待分类的请单件登记。"),
    ),
    BulkAct(
        OFFICIAL_ACTS["forward"],
        form=lambda data, user: BulkForwardForm(data),
        may=_is_in_petition_office,
        already_done=_forwarded,
    ),
    BulkAct(OFFICIAL_ACTS["assign"], form=BulkAssignForm, may=_may_assign, already_done=_assigned),
)
