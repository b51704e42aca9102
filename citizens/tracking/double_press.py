"""Performs a citizen's act once when it was sent twice, by a double press or over a slow network."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from audit.models import AuditEvent
from citizens.citizen import Citizen
from citizens.public_sides import public_side
from citizens.tracking.lookup import filing_of
from massline.acts import Act, perform
from records.models import ActText

WINDOW = timedelta(seconds=60)


@transaction.atomic
def perform_once(slug: str, record: Any, data: Mapping[str, Any]) -> None:
    """Performs the citizen's act, unless it repeats their last one; raises an ActError.

    Of two requests at once the second waits for the row, and then finds the event of the first.
    """
    side, citizen = public_side(record.KIND), Citizen(filing_of(record))
    act, model = side.acts[slug], type(record)
    model.lock(record.pk)
    if slug in side.repeatable and _repeats_the_last(act, record, citizen, data):
        return
    perform(act, model, record.pk, citizen, data, seen=record)


def _repeats_the_last(act: Act, record: Any, citizen: Citizen, data: Mapping[str, Any]) -> bool:
    """Returns whether the citizen's last event is this act with these texts, within the last minute."""
    about = AuditEvent.objects.filter(subject_kind=record.matter.kind, subject_key=record.matter.key)
    last = about.filter(actor_kind=citizen.kind).order_by("-id").first()
    if last is None or last.facts.get("act") != act.slug:
        return False
    done_at, form = parse_datetime(last.facts["at"]), act.build_form(record, citizen, data)
    if done_at is None or timezone.now() - done_at > WINDOW or not form.is_valid():
        return False
    written = ActText.objects.filter(event_id=last.pk).values_list("text", flat=True)
    return sorted(written) == sorted(text for text in form.cleaned_data.values() if text)
