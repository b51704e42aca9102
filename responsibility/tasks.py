"""Celery entry points. A message is only a wake-up: what to do is found by a query on committed rows."""

from celery import shared_task

from audit.context import SYSTEM, acting
from responsibility import recompute as recomputing
from responsibility import recurring
from responsibility import sweep as sweeping
from responsibility.outbox.deliver import deliver


@shared_task(name="responsibility.sweep")
def sweep() -> None:
    """Every minute, by beat."""
    sweeping.sweep()


@shared_task(name="responsibility.outbox")
def outbox() -> None:
    """Every half minute, by beat: what has to leave, leaves."""
    deliver()


@shared_task(name="responsibility.recompute")
def recompute() -> None:
    """Every minute, by beat: what a new arrangement of holidays may move, and nothing when there is none."""
    with acting(SYSTEM):
        recomputing.recompute()


@shared_task(name="responsibility.recurring")
def keep_up() -> None:
    """Soon after midnight, by beat: periods of recurring duties begin and end."""
    recurring.run_daily()
