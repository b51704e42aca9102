"""Files a petition: one transaction gives it a number, a tracking code (查询码) and an official who owes an answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import context, log
from citizens.filing.receipt import Filed, take_in
from massline import crypto
from massline.acts import Invalid
from massline.time import today
from petitions import events
from petitions.duties import PETITION_OFFICE
from petitions.models import Channel, Demand, Petition, State
from petitions.numbers import NUMBERS
from responsibility import obligations
from responsibility.duties import SERVING
from responsibility.models import Obligation, Organ
from responsibility.people import receiving_post
from responsibility.subjects import ChainSubject, Matter

INTAKE = f"SELECT id, post, nextval('{NUMBERS.sequence}') FROM ({SERVING}) intake"  # noqa: S608 - both are ours
NO_OFFICE = _("这个地方还没有受理信访的机构，请选择上一级地区")


@transaction.atomic(savepoint=False)
def file(
    data: Mapping[str, Any],
    *,
    channel: str = Channel.WEB,
    received_at: datetime | None = None,
    actor: Any = None,
    received_by: Organ | None = None,
) -> Filed:
    """Files the petition of a valid FilingForm. `received_at` is the moment of receipt, from which every period runs.

    `received_by` is the organ that received it when that was no petition office (Art. 23): it keeps it, and owes
    the written notice. The petition office of the organ's own region is told of every step.
    """
    at = received_at or timezone.now()
    office, post, drawn = _intake(received_by.region_id if received_by else data["region"].pk)
    number, code = NUMBERS.of(at, drawn), crypto.new_code()
    log.record(
        events.FILED,
        subject=log.Subject("petition", number),
        actor=context.actor_of(actor) if actor else None,
        facts={"channel": str(channel), "at": at.isoformat()},
    )
    petition = Petition(number=number, channel=channel, received_at=at, region=data["region"])
    for name in ("title", "body", "place", "wish"):
        setattr(petition, name, data[name])
    petition.postmarked_on = data.get("postmarked_on")
    petition.persons = data.get("persons") or 1
    petition.filing = take_in("petition", data, code=code, region=data["region"].pk)
    petition.save(force_insert=True)
    owed = _open_demand(petition, office, post, data, received_by)
    return Filed(petition.filing, number, code, at, [owed], {"persons": petition.persons})


def _intake(region: int) -> tuple[Organ, int, int]:
    """Returns the petition office of a region, its receiving post and the next number, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(INTAKE, {"duty": PETITION_OFFICE, "region": region, "day": today()})
        found = cursor.fetchone()
    if found is None or found[1] is None:
        raise Invalid({"region": [str(NO_OFFICE)]})
    office, post, drawn = found
    return Organ(pk=office), post, drawn


def _open_demand(
    petition: Petition, office: Organ, post: int, data: Mapping[str, Any], received_by: Organ | None = None
) -> Obligation:
    """Saves the demand, and opens its first obligation from the moment of receipt (Art. 22, 23)."""
    organ, rule = (received_by, "XF02") if received_by else (office, "XF01")
    demand = Demand(
        petition=petition,
        state=State.RECEIVED,
        organ=organ,
        office=office,
        category=data["category"],
        purpose=data["purpose"],
        received_at=petition.received_at,
    )
    due = obligations.due_under(rule, petition.received_at)
    demand.opened_at, demand.strict_at, demand.due_at = petition.received_at, due.strict_at, due.due_at
    demand.save(force_insert=True)
    receives = receiving_post(organ.pk) if received_by else post
    work = ChainSubject(organ.pk, demand.category, receives, office=office.pk)
    owed = obligations.build(Matter("petition", demand.pk, petition.number), rule, work, petition.received_at)
    owed.save(force_insert=True)  # the demand has the dates already
    return owed
