"""Celery entry points. A message is only a wake-up: what to do is found by a query on committed rows."""

from celery import shared_task

from petitions.attachments import keeping
from petitions.importing import tidying
from petitions.importing.models import Import
from petitions.importing.run import work_on

HOUR = 3600


@shared_task(name="petitions.imports", soft_time_limit=HOUR - 300, time_limit=HOUR - 240)
def imports() -> None:
    """Every minute, by beat, and when somebody confirms one: what waits, and what a killed worker left behind."""
    while job := Import.claim():
        work_on(job)
    tidying.tidy()


@shared_task(name="petitions.attachments")
def attachments() -> None:
    """Every ten minutes, by beat: what waited for the scanner, and files that no row knows."""
    keeping.rescan()
    keeping.sweep_out()
