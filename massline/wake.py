"""Wakes a worker. A message carries no work: what is not woken now, beat finds."""

import logging
from typing import Any

from kombu.exceptions import OperationalError

from massline.celery import app

logger = logging.getLogger(__name__)


def wake(task: str, *arguments: Any) -> bool:
    """Tells whether the broker took the message; while it is away, the caller goes on all the same."""
    try:
        app.send_task(task, arguments)
    except (OperationalError, OSError) as error:
        logger.warning("%s was not woken: %s", task, type(error).__name__)
        return False
    return True
