"""What an official enters (Art. 21 to 23): filed as of its day of receipt, and registered in the same go."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from massline.acts import Invalid, perform
from massline.rest_forms import EntriesField
from petitions import filing
from petitions.acts import OFFICIAL_ACTS
from petitions.duties import PETITION_OFFICE
from petitions.filing import Filed
from petitions.forms import (
    COMPLAINED_MAX,
    NO_OFFICE,
    OTHERS,
    ClerkFilingForm,
    ComplainedForm,
    RepresentativeForm,
    besides,
    check_persons,
)
from petitions.idempotency import once
from petitions.models import Demand
from petitions.persons import MOST_REPRESENTATIVES
from petitions.receiving import moment_of
from petitions.signpost import ACCUSATION, NotEnteredHere
from responsibility.models import Organ
from responsibility.people import HeldPost, position_of


def receiving(user: User) -> dict[str, HeldPost]:
    """The posts in which this person enters what is received, by the code of their organ: any of a petition department,
    and the receiving post of every other organ (Art. 23)."""
    enters = [h for h in position_of(user).held if PETITION_OFFICE in h.duties or h.is_intake]
    codes = dict(Organ.objects.filter(pk__in=[held.organ for held in enters]).values_list("pk", "code"))
    return {codes[held.organ]: held for held in enters}


@transaction.atomic(savepoint=False)
def enter(data: Mapping[str, Any], user: User, received_by: HeldPost) -> Filed:
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


class EntryForm(ClerkFilingForm):
    """The clerk's form in one piece, with who is complained about and who else represents a group."""

    nonce = altcha = None  # type: ignore[assignment]
    complained_about = EntriesField(ComplainedForm, label=_("涉及谁"), most=COMPLAINED_MAX, needed=("kind", "name"))
    representatives = EntriesField(
        RepresentativeForm, label=_("其他代表"), most=MOST_REPRESENTATIVES, needed=("name",), shown=OTHERS
    )

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
    """The organs for which this person receives, as the form offers them."""
    return {"organs": [(code, held.organ_name) for code, held in receiving(user).items()]}


def make(data: Mapping[str, Any], user: User, at: datetime) -> Demand:
    """Enters what a valid form holds; `receipt` on it is what the petitioner is handed."""
    posts = receiving(user)
    try:
        filed = enter(data, user, posts[data.get("organ") or next(iter(posts))])
    except filing.NoPetitionOffice:
        raise Invalid({"region": [str(NO_OFFICE)]}) from None
    demand = _with_receipt(Demand.objects.get(petition=filed.petition), filed.receipt())
    demand.filed = filed  # type: ignore[attr-defined]
    return demand


def make_once(key: str, sent: Any, make: Callable[[], Any]) -> Demand:
    """What `make` enters; sent twice under a key, what the first entered, with its receipt."""
    receipt = once(f"rest:{key}", sent, lambda: make().filed)
    return _with_receipt(Demand.objects.get(petition__number=receipt["number"]), receipt)


def _with_receipt(demand: Demand, receipt: Mapping[str, Any]) -> Demand:
    """The tracking code is in it: for the answer alone, no row keeps it."""
    demand.receipt = receipt  # type: ignore[attr-defined]
    return demand
