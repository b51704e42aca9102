"""Filing a petition: one transaction that ends with a number, a tracking code, and somebody who owes an answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from audit import context, log
from massline import crypto
from massline.time import local_time, today
from petitions import events
from petitions.complained import name_complained
from petitions.duties import PETITION_OFFICE
from petitions.models import (
    Channel,
    Demand,
    Petition,
    Petitioner,
    Representative,
    State,
)
from records.numbers import Numbers
from responsibility import obligations
from responsibility.duties import SERVING
from responsibility.models import Obligation, Organ
from responsibility.people import receiving_post
from responsibility.subjects import ChainSubject, Matter

NUMBERS = Numbers("XF", "petitions_number", "petition-number")
INTAKE = f"SELECT id, post, nextval('{NUMBERS.sequence}') FROM ({SERVING}) intake"  # noqa: S608 - both are ours


class NoPetitionOffice(Exception):
    """No petition department serves the region: a fault of the register of organs."""


@dataclass(frozen=True)
class Filed:
    """What the petitioner gets: shown once, kept only sealed."""

    petition: Petition
    code: str
    obligations: list[Obligation]

    def receipt(self) -> dict[str, Any]:
        """The answer of the REST endpoint, and what the receipt page shows."""
        return {
            "number": self.petition.number,
            "tracking_code": self.code,
            "received_at": local_time(self.petition.received_at).isoformat(),
            "persons": self.petition.persons,
            "obligations": [dates(o) for o in self.obligations],
        }


def dates(obligation: Obligation) -> dict[str, Any]:
    """An obligation as the outside sees it: the rule and its dates."""
    return {
        "rule": obligation.rule,
        "goal": obligation.goal,
        "basis": obligation.requirement,
        "due_strict": _iso(obligation.due_strict),
        "due_legal": _iso(obligation.due_legal),
        "provisional": obligation.provisional,
    }


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment is not None else None


@transaction.atomic(savepoint=False)
def file(
    data: Mapping[str, Any],
    *,
    channel: str = Channel.WEB,
    received_at: datetime | None = None,
    actor: Any = None,
    received_by: Organ | None = None,
) -> Filed:
    """Files what a valid FilingForm holds. `received_at` is the moment of receipt, from which every period runs.

    `received_by` is the organ that received it when that was no petition department (Art. 23): it keeps it, and owes
    the written notice. The petition department of the organ's own region is told of every step.
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
    petition.tracking_hash = crypto.code_hash(code)
    petition.save(force_insert=True)
    petitioner = Petitioner(petition=petition, tell_by=data["tell_by"])
    petitioner.put_identity(data)
    petitioner.save(force_insert=True)
    _represent(petition, data.get("representatives") or ())
    name_complained(petition, data["complained_about"])
    return Filed(petition, code, [_open_demand(petition, office, post, data, received_by)])


def _represent(petition: Petition, others: Iterable[Mapping[str, str]]) -> None:
    """Keeps who else speaks for the group, after the petitioner, who is the first."""
    rows = [Representative(petition=petition, seq=seq) for seq, _other in enumerate(others, start=2)]
    for row, other in zip(rows, others, strict=True):
        row.put_identity(other)
    if rows:
        Representative.objects.bulk_create(rows)


def _intake(region: int) -> tuple[Organ, int, int]:
    """The petition department, its post that receives petitions, and the next number: one statement for all."""
    with connection.cursor() as cursor:
        cursor.execute(INTAKE, {"duty": PETITION_OFFICE, "region": region, "day": today()})
        found = cursor.fetchone()
    if found is None or found[1] is None:
        raise NoPetitionOffice(f"no petition office with a post for region {region}")
    office, post, drawn = found
    return Organ(pk=office), post, drawn


def _open_demand(
    petition: Petition, office: Organ, post: int, data: Mapping[str, Any], received_by: Organ | None = None
) -> Obligation:
    """The demand: what is owed for it from the moment of receipt (Art. 22, 23)."""
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
    owed.save(force_insert=True)  # the demand was born with its dates
    return owed
