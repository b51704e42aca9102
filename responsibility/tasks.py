"""Celery entry points. A message is only a wake-up: what to do is found by a query on committed rows."""

from celery import shared_task

from responsibility import sweep as sweeping


@shared_task(name="responsibility.sweep")
def sweep() -> None:
    """Every minute, by beat."""
    sweeping.sweep()
