"""Celery entry points. A message is only a wake-up: each task finds its work by a query on committed rows."""

from celery import shared_task

from citizens.filing import idempotency


@shared_task(name="citizens.delete_expired_answers")
def delete_expired_answers() -> None:
    """Deletes the answers kept a day for repeated requests; hourly by beat."""
    idempotency.delete_expired()
