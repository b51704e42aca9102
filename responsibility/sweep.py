"""The sweep: takes the next step of whatever has come due, oldest first, until nothing is due.

Its cost follows what is due: it reads one partial index on the next moment. Any number of sweepers may run
side by side (SKIP LOCKED, and one row per obligation and step). The steps of a batch are worked out together and
written by one statement; when that fails each is taken by itself, and a poison row moves an hour forward and is
reported, so that it never stops the loop.
"""

import json
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from audit import log
from audit.context import SYSTEM, acting
from massline.time import local_time
from responsibility import events, ladder, notices, obligations
from responsibility.calendar import forget
from responsibility.escalation import StepPlanner, timeline_subject
from responsibility.models import Notice, Obligation

logger = logging.getLogger(__name__)

BATCH = 500
TAKE = "SELECT responsibility_take_steps(%s)"
RETRY_AFTER = timedelta(hours=1)


@dataclass
class SweepReport:
    """Counts what one sweep did."""

    now: datetime
    warned: int = 0
    overdue: int = 0
    escalated: int = 0
    remaining: int = 0
    failed: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "now": local_time(self.now).isoformat(),
            "warned": self.warned,
            "overdue": self.overdue,
            "escalated": self.escalated,
            "remaining": self.remaining,
        }


def sweep(now: datetime | None = None, batch: int = BATCH) -> SweepReport:
    """Takes every step that is due at `now`; each obligation takes at most one, for the next counts from it."""
    report = SweepReport(now or timezone.now())
    with acting(SYSTEM):
        while _sweep_batch(report, batch):
            pass
    report.remaining = Obligation.objects.filter(next_at__lte=report.now).count() + len(report.failed)
    return report


def _sweep_batch(report: SweepReport, batch: int) -> int:
    try:
        with transaction.atomic():
            due = _read_due(report.now, batch)
            if due:
                _take_steps(due, report)
    except Exception:  # one of them is poison: each by itself
        logger.warning("a batch of steps could not be taken together", exc_info=True)
        with transaction.atomic():
            due = _read_due(report.now, batch)
            for obligation in due:
                _take_step_or_postpone(obligation, report)
    return len(due)


def _read_due(now: datetime, batch: int) -> list[Obligation]:
    """Reads and locks the obligations that are due, oldest first, with what their steps need to know of earlier
    ones."""
    found = list(
        Obligation.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("escalation__obligation")
        .filter(next_at__lte=now)
        .order_by("next_at", "id")[:batch]
    )
    forget()  # asked for anew once they are locked: what was recomputed meanwhile climbs by the same calendar
    prefetch_related_objects([o for o in found if o.next_step in ladder.WARNINGS], "escalations")
    told = Notice.objects.filter(kind=notices.ESCALATED.name).select_related("post__organ")
    prefetch_related_objects([o.escalation for o in found if o.escalation], Prefetch("notices", told))
    return found


def _take_steps(due: list[Obligation], report: SweepReport) -> None:
    """Takes the next step of each of these: all or none, as the caller's transaction goes."""
    planner = StepPlanner(report.now, due)
    steps = [planner.next_step(obligation) for obligation in due]
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [json.dumps([step.as_json(report.now) for step in steps], default=str)])
    for step in steps:
        setattr(report, step.counted, getattr(report, step.counted) + 1)


def _take_step_or_postpone(obligation: Obligation, report: SweepReport) -> None:
    try:
        with transaction.atomic():
            _take_steps([obligation], report)
    except Exception:
        logger.exception("sweep failed for obligation %s", obligation.pk)
        obligation.refresh_from_db()
        facts = obligations.event_facts(obligation) | {"at": report.now.isoformat()}
        log.record(events.SWEEP_FAILED, subject=timeline_subject(obligation), facts=facts)
        obligation.next_at = report.now + RETRY_AFTER
        obligation.save(update_fields=["next_at"])
        report.failed.append(obligation.subject_key)
