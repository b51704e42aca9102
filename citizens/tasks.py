"""Celery entry points. A message is only a wake-up: what to do is found by a query on committed rows."""

from celery import shared_task

from citizens.filing import idempotency


@shared_task(name="citizens.delete_expired_answers")
def delete_expired_answers() -> None:
    """Every hour, by beat: what was kept a day for senders who send twice."""
    idempotency.delete_expired()
