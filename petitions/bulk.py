"""One act on many petitions: on each it is an act of its own, in a transaction of its own, with its own result."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import structlog
from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from massline.acts import Act, ActError, Invalid, NotVisible, perform
from massline.texts import text_field
from massline.time import today
from petitions.act_forms import ForwardForm
from petitions.acts import OFFICIAL_ACTS
from petitions.duties import PETITION_OFFICE
from petitions.models import Demand, State
from responsibility.models import Appointment
from responsibility.people import standing
from responsibility.pickers import PersonField
from responsibility.recording import refusals_on_record

MOST = 100
"""Petitions at a time."""
SLUGS = ("register", "forward", "assign")
NOT_THERE = _("没有这件信访事项，或者它不在您的职责范围内")
logger = structlog.get_logger(__name__)


class Status(StrEnum):
    DONE = "done"
    ALREADY = "already"
    """It stands as it was to be: somebody pressed twice, or did it before."""
    REFUSED = "refused"


class Failed(ActError):
    """A fault of ours with one of them; the others go on."""

    status = 500
    title = _("系统出了故障，这一件没有办理，请稍后再试")


@dataclass(frozen=True)
class Result:
    number: str
    status: Status
    error: ActError | None = None

    @property
    def reason(self) -> str:
        """Why not, in one sentence."""
        if isinstance(self.error, Invalid):
            return "；".join(message for messages in self.error.errors.values() for message in messages)
        return str(self.error.message) if self.error else ""


def open_to(user: User) -> list[Act]:
    """The acts that this person's posts can do on many: the petition office routes, deputies and leaders assign."""
    held = standing(user).held
    routes = any(PETITION_OFFICE in h.duties for h in held)
    assigns = any(h.is_top or h.in_charge_of for h in held)
    return [OFFICIAL_ACTS[slug] for slug in SLUGS if (assigns if slug == "assign" else routes)]


def act_named(slug: str) -> Act:
    """Raises NotVisible for every other act."""
    if slug not in SLUGS:
        raise NotVisible(_("没有这一步"))
    return OFFICIAL_ACTS[slug]


class BulkForwardForm(ForwardForm):
    note = text_field(_("转办意见"), required=False, rows=2, hint=_("写在每一件的记录里"))

    def __init__(self, data: Any, user: User) -> None:
        super().__init__(data)


class BulkRegisterForm(forms.Form):
    """Each as the petitioner classed it; what needs another class is registered by itself."""

    def __init__(self, data: Any, user: User) -> None:
        super().__init__(data)


class BulkAssignForm(forms.Form):
    """Whoever works in the organs that this person leads; each petition says whether they can have it."""

    handler = PersonField(label=_("经办人"))

    def __init__(self, data: Any, user: User) -> None:
        super().__init__(data)
        organs = {h.organ for h in standing(user).held if h.is_top or h.in_charge_of}
        held = Appointment.objects.sitting(today()).filter(post__organ__in=organs).select_related("user", "post")
        self.fields["handler"].offer(  # type: ignore[attr-defined]
            held.order_by("post__organ", "post__is_top", "post_id", "kind")
        )


FORMS: dict[str, Any] = {"register": BulkRegisterForm, "forward": BulkForwardForm, "assign": BulkAssignForm}


def perform_each(act: Act, numbers: Iterable[str], user: User, data: Mapping[str, str]) -> list[Result]:
    """Does the act on each, in the order given, a number named twice once. One that fails stops no other."""
    wanted = list(dict.fromkeys(numbers))
    seen = Demand.objects.for_user(user).filter(petition__number__in=wanted).select_related("petition")
    found = {demand.petition.number: demand for demand in seen}
    return [_one(act, number, found.get(number), user, data) for number in wanted]


def _one(act: Act, number: str, seen: Demand | None, user: User, data: Mapping[str, str]) -> Result:
    try:
        if seen is None:
            raise NotVisible
        with refusals_on_record(seen, act), transaction.atomic():
            return Result(number, _done(act, seen, user, data))
    except NotVisible:
        return Result(number, Status.REFUSED, NotVisible(NOT_THERE))
    except ActError as error:
        return Result(number, Status.REFUSED, error)
    except Exception:
        logger.exception("bulk_act_failed", act=act.slug, number=number)
        return Result(number, Status.REFUSED, Failed())


def _done(act: Act, seen: Demand, user: User, data: Mapping[str, str]) -> Status:
    demand = Demand.locked(seen.pk)  # held until the act is over: a second press waits here, and finds it done
    if not act.who.isdisjoint(demand.roles_of(user)) and _stands(act, demand, data):
        return Status.ALREADY
    if act.slug == "register":
        data = {**act.build_form(demand, user, None).initial, **data}
    perform(act, Demand, seen.pk, user, data, seen=seen)
    return Status.DONE


def _stands(act: Act, demand: Demand, data: Mapping[str, str]) -> bool:
    """Whether the act would bring it to where it is."""
    if act.slug == "register":
        return demand.state == State.REGISTERED
    if act.slug == "forward":
        return demand.state == State.FORWARDED and demand.organ.code == data.get("organ")
    sitting = Appointment.objects.sitting(today()).filter(post=demand.handler_id, user__username=data.get("handler"))
    return demand.state == State.HANDLING and sitting.exists()
