"""Celery entry points. A message is only a wake-up: what to do is found by a query on committed rows."""

from celery import shared_task

from records.files import later


@shared_task(name="records.files")
def files() -> None:
    """Every ten minutes, by beat, and when a file is queued: what waits to be judged or scanned; files no row knows."""
    later.check_queued()
    later.rescan()
    later.sweep_out()
