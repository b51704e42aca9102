"""Celery entry points. A message is only a wake-up: what to do is found by a query on committed rows."""

from celery import shared_task

from petitions import idempotency
from petitions.importing import tidying
from petitions.importing.run import work_on
from petitions.transfers.tidying import tidy as tidy_transfers
from records.importing.models import Import

HOUR = 3600


@shared_task(name="petitions.imports", soft_time_limit=HOUR - 300, time_limit=HOUR - 240)
def imports() -> None:
    """Every minute, by beat, and when somebody confirms one: what waits, and what a killed worker left behind."""
    while job := Import.claim():
        work_on(job)
    tidying.tidy()


@shared_task(name="petitions.transfers")
def transfers() -> None:
    """Every ten minutes, by beat: accusations of the time before the register that wait to be sealed or sent."""
    tidy_transfers()


@shared_task(name="petitions.forget_answers")
def forget_answers() -> None:
    """Every hour, by beat: what was kept a day for senders who send twice."""
    idempotency.forget()
