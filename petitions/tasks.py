"""Celery entry points. A message is only a wake-up: what to do is found by a query on committed rows."""

from celery import shared_task

from petitions import idempotency
from petitions.transfers.tidying import tidy as tidy_transfers


@shared_task(name="petitions.transfers")
def transfers() -> None:
    """Every ten minutes, by beat: accusations of the time before the register that wait to be sealed or sent."""
    tidy_transfers()


@shared_task(name="petitions.forget_answers")
def forget_answers() -> None:
    """Every hour, by beat: what was kept a day for senders who send twice."""
    idempotency.forget()
