"""A petitioner's act that was sent twice, by a double press or over a slow network: it is done once."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from audit.models import AuditEvent
from massline.acts import Act, lock_row, perform
from petitions.acts import CITIZEN_ACTS, Supplement, Urge
from petitions.models import Demand
from petitions.visibility import Citizen
from records.models import ActText

WINDOW = timedelta(seconds=60)
ABSORBED = frozenset({Supplement.slug, Urge.slug})
"""Acts that may be done again. A rating replaces the one before; a second withdrawal is told that it is late."""


@transaction.atomic
def perform_once(slug: str, demand: Demand, data: Mapping[str, Any]) -> None:
    """Does the petitioner's act, unless it repeats the last one that they did; raises an ActError.

    Of two requests at once the second waits for the row, and then finds the event of the first.
    """
    act, citizen = CITIZEN_ACTS[slug], Citizen(demand.petition_id)
    lock_row(Demand, demand.pk)
    if slug in ABSORBED and _repeats_the_last(act, demand, citizen, data):
        return
    perform(act, Demand, demand.pk, citizen, data, seen=demand)


def _repeats_the_last(act: Act, demand: Demand, citizen: Citizen, data: Mapping[str, Any]) -> bool:
    """Whether the petitioner's last event is this act with these texts, within the last minute."""
    about = AuditEvent.objects.filter(subject_kind=demand.matter.kind, subject_key=demand.matter.key)
    last = about.filter(actor_kind=citizen.kind).order_by("-id").first()
    if last is None or last.facts.get("act") != act.slug:
        return False
    done_at, form = parse_datetime(last.facts["at"]), act.build_form(demand, citizen, data)
    if done_at is None or timezone.now() - done_at > WINDOW or not form.is_valid():
        return False
    written = ActText.objects.filter(event_id=last.pk).values_list("text", flat=True)
    return sorted(written) == sorted(text for text in form.cleaned_data.values() if text)
