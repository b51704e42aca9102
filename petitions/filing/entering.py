"""Enters a petition that an official received (Art. 21 to 23): filed as of its day of receipt, and registered at
once."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from citizens.accusations import ACCUSATION, NotReceivedHere
from citizens.filing.forms import besides, check_persons
from citizens.filing.idempotency import once
from citizens.filing.list_fields import complained_field, representatives_field
from citizens.filing.receipt import Filed
from massline.acts import perform
from petitions.acts import OFFICIAL_ACTS
from petitions.duties import PETITION_OFFICE
from petitions.filing import filing
from petitions.filing.day_received import moment_received
from petitions.filing.forms import ClerkFilingForm
from petitions.models import Demand
from responsibility.models import Organ
from responsibility.people import HeldPost, position_of


def receiving_posts(user: User) -> dict[str, HeldPost]:
    """Returns the posts in which the user enters petitions, by the code of their organ: any post of a petition office,
    and the receiving post of every other organ (Art. 23)."""
    enters = [h for h in position_of(user).held if PETITION_OFFICE in h.duties or h.is_intake]
    codes = dict(Organ.objects.filter(pk__in=[held.organ for held in enters]).values_list("pk", "code"))
    return {codes[held.organ]: held for held in enters}


@transaction.atomic(savepoint=False)
def enter(data: Mapping[str, Any], user: User, received_by: HeldPost) -> Filed:
    """Files the petition for the organ that received it, and registers it at once where the user may register it."""
    organ = None
    if PETITION_OFFICE not in received_by.duties:
        organ = Organ.objects.get(pk=received_by.organ)
    filed = filing.file(
        data,
        channel=data["channel"],
        received_at=moment_received(data.get("received_on")),
        actor=user,
        received_by=organ,
    )
    demand, register = Demand.objects.get(petition=filed.filing.pk), OFFICIAL_ACTS["register"]
    if register.allowed(demand, demand.roles_of(user)):
        given = {"category": data["category"], "purpose": data["purpose"], "region": data["region"].code}
        perform(register, Demand, demand.pk, user, given)
    return filed


class NotEnteredHere(NotReceivedHere):
    """Refuses an accusation that an official was about to enter: it belongs in the register of transfers, without its
    words."""

    directions = _("检举控告不在这里登记，内容也没有保存。请登记移送。")
    leads_to = "transfer_new"


class EntryForm(ClerkFilingForm):
    """The clerk's form in one piece, with the persons and units complained about and the other representatives of a
    group."""

    nonce = altcha = None  # type: ignore[assignment]
    complained_about = complained_field()
    representatives = representatives_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("purpose") == ACCUSATION:
            raise NotEnteredHere()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if {"persons", "representatives"} <= data.keys():
            data["representatives"] = besides(data, data["representatives"])
            try:
                check_persons(data["persons"], len(data["representatives"]))
            except ValidationError as error:
                self.add_error("persons", error)
        return data


def organs_of(user: User) -> dict[str, Any]:
    """Returns the organs for which the user receives petitions, as arguments of the form."""
    return {"organs": [(code, held.organ_name) for code, held in receiving_posts(user).items()]}


def enter_form(data: Mapping[str, Any], user: User, at: datetime) -> Demand:
    """Enters the petition of a valid form, and puts the receipt for the petitioner on the returned demand."""
    posts = receiving_posts(user)
    filed = enter(data, user, posts[data.get("organ") or next(iter(posts))])
    demand = _with_receipt(Demand.objects.get(petition=filed.filing.pk), filed.receipt())
    demand.filed = filed  # type: ignore[attr-defined]
    return demand


def enter_once(key: str, sent: Any, make: Callable[[], Any]) -> Demand:
    """Calls `make` once for each key: a repeated request gets the demand of the first one, with its receipt."""
    receipt = once(f"rest:{key}", sent, lambda: make().filed)
    return _with_receipt(Demand.objects.get(petition__number=receipt["number"]), receipt)


def _with_receipt(demand: Demand, receipt: Mapping[str, Any]) -> Demand:
    """Puts the receipt on the demand for this answer alone: no row keeps the tracking code in it."""
    demand.receipt = receipt  # type: ignore[attr-defined]
    return demand
