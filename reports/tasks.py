"""Celery entry points of the reports. An id is all that a message carries; losing one delays, and loses nothing."""

from datetime import date

from celery import shared_task

from accounts.models import User
from petitions.figures import Period
from reports import snapshots


@shared_task(name="reports.reckon")
def reckon(kind: str, user: int, first: str, last: str) -> None:
    """Reckons what somebody waits for on a page, once more or for the first time."""
    snapshots.reckon(kind, User.objects.get(pk=user), Period(date.fromisoformat(first), date.fromisoformat(last)))
