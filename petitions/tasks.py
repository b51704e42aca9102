"""Celery entry points. A message is only a wake-up: what to do is found by a query on committed rows."""

import logging

from celery import shared_task
from django.db import transaction

from petitions.attachments import keeping
from petitions.importing import tidying
from petitions.importing.models import Import
from petitions.importing.run import work_on

logger = logging.getLogger(__name__)
HOUR = 3600


@shared_task(name="petitions.imports", soft_time_limit=HOUR - 300, time_limit=HOUR - 240)
def imports() -> None:
    """Every minute, by beat, and when somebody confirms one: what waits, and what a killed worker left behind."""
    while job := Import.claim():
        work_on(job)
    tidying.tidy()


@shared_task(name="petitions.attachments")
def attachments() -> None:
    """Every hour, by beat: what waited for the scanner, and files that no row knows."""
    keeping.rescan()
    keeping.sweep_out()


def wake_after_commit() -> None:
    """While the broker is away the clock finds the work anyway."""
    transaction.on_commit(_wake)


def _wake() -> None:
    from massline.celery import app  # the web server knows no other

    try:
        app.send_task(imports.name)
    except Exception:
        logger.warning("the worker could not be woken", exc_info=True)
