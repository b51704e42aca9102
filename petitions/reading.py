"""Reading an accusation (检举控告) is itself put on record."""

from typing import Any

from django.db import transaction

from audit import events, log
from petitions.models import Demand
from petitions.work import actor_for_log, subject_of


def note_reading(demand: Demand, user: Any) -> None:
    """Whoever opens an accusation leaves an event; other petitions are read without one."""
    if not demand.is_accusation:
        return
    with transaction.atomic():
        log.record(events.READ, subject=subject_of(demand), actor=actor_for_log(user))
