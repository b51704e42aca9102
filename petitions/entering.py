"""What an official enters (Art. 21 to 23): filed as of its day of receipt, and registered in the same go."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from massline.acts import Invalid, perform
from petitions import filing
from petitions.acts import OFFICIAL_ACTS
from petitions.duties import PETITION_OFFICE
from petitions.filing import Filed
from petitions.forms import NO_OFFICE, ClerkFilingForm
from petitions.models import Demand
from petitions.receiving import moment_of
from responsibility.models import Organ
from responsibility.people import Held, standing


def receiving(user: User) -> dict[str, Held]:
    """The posts in which this person enters what is received, by the code of their organ: any of a petition department,
    and the receiving post of every other organ (Art. 23)."""
    enters = [h for h in standing(user).held if PETITION_OFFICE in h.duties or h.is_intake]
    codes = dict(Organ.objects.filter(pk__in=[held.organ for held in enters]).values_list("pk", "code"))
    return {codes[held.organ]: held for held in enters}


@transaction.atomic(savepoint=False)
def enter(data: Mapping[str, Any], user: User, received_by: Held) -> Filed:
    """Files it for the organ that received it; where this person may register it, it is registered at once."""
    organ = None
    if PETITION_OFFICE not in received_by.duties:
        organ = Organ.objects.get(pk=received_by.organ)
    filed = filing.file(
        data,
        channel=data["channel"],
        received_at=moment_of(data.get("received_on")),
        actor=user,
        received_by=organ,
    )
    demand, register = Demand.objects.get(petition=filed.petition), OFFICIAL_ACTS["register"]
    if register.allowed(demand, demand.roles_of(user)):
        given = {"category": data["category"], "purpose": data["purpose"], "region": data["region"].code}
        perform(register, Demand, demand.pk, user, given)
    return filed


def entry_form(data: Mapping[str, Any] | None, user: User) -> ClerkFilingForm:
    """What this person fills in, with the organs for which they receive."""
    organs = [(code, held.organ_name) for code, held in receiving(user).items()]
    return ClerkFilingForm(data, organs=organs)


def make(data: Mapping[str, Any], user: User, at: datetime) -> Demand:
    """Enters what a valid form holds; the receipt with its tracking code is on the record for the answer alone."""
    posts = receiving(user)
    try:
        filed = enter({"complained_about": [], **data}, user, posts[data.get("organ") or next(iter(posts))])
    except filing.NoPetitionOffice:
        raise Invalid({"region": [str(NO_OFFICE)]}) from None
    demand = Demand.objects.get(petition=filed.petition)
    demand.receipt = filed.receipt()  # type: ignore[attr-defined]
    return demand
