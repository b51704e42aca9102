"""Celery entry points. A message is only a wake-up: what to do is found by a query on committed rows."""

from celery import shared_task

from audit.context import SYSTEM, acting
from responsibility import recompute as recomputing
from responsibility import recurring
from responsibility import sweep as sweeping
from responsibility.outbox.deliver import deliver


@shared_task(name="responsibility.sweep")
def sweep() -> None:
    """Takes what has come due up the chain; every minute by beat."""
    sweeping.sweep()


@shared_task(name="responsibility.outbox")
def outbox() -> None:
    """Sends the messages that are ready; every half minute by beat."""
    deliver()


@shared_task(name="responsibility.recompute")
def recompute() -> None:
    """Recomputes dates after a new arrangement of holidays was loaded; every minute by beat."""
    with acting(SYSTEM):
        recomputing.recompute()


@shared_task(name="responsibility.recurring")
def recurring_duties() -> None:
    """Opens and ends periods of recurring duties; soon after midnight by beat."""
    recurring.run_daily()
