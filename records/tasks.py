"""Celery entry points. A message is only a wake-up: what to do is found by a query on committed rows."""

from celery import shared_task

from records.files import background
from records.importing import cleanup
from records.importing.models import Import
from records.importing.run import work_on
from records.proposals import notifying

HOUR = 3600


@shared_task(name="records.files")
def files() -> None:
    """Judges and scans files that wait, and removes files without a row: every ten minutes by beat, and when one is
    queued."""
    background.check_queued()
    background.rescan()
    background.remove_orphans()


@shared_task(name="records.imports", soft_time_limit=HOUR - 300, time_limit=HOUR - 240)
def imports() -> None:
    """Runs imports that wait or that a killed worker left: every minute by beat, and when a user confirms one."""
    while job := Import.claim():
        work_on(job)
    cleanup.delete_expired()


@shared_task(name="records.proposals")
def proposals() -> None:
    """Notifies heads of open proposals that no official can decide any more: soon after midnight by beat."""
    notifying.notify_heads_of_undecidable()
