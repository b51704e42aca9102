"""Celery entry points of the reports. An id is all that a message carries; losing one delays, and loses nothing."""

from datetime import date

from celery import shared_task

from accounts.models import User
from records.figures.periods import Period
from reports import exports, figures_cache


@shared_task(name="reports.compute")
def compute(kind: str, what: str, user: int, first: str, last: str) -> None:
    """Computes figures that a user waits for on a page, anew or for the first time."""
    period = Period(date.fromisoformat(first), date.fromisoformat(last))
    figures_cache.compute(kind, what, User.objects.get(pk=user), period)


@shared_task(name="reports.exports", soft_time_limit=3300, time_limit=3600)
def make_exports() -> None:
    """Makes the exports that wait: when a user requests one, and every minute by beat."""
    exports.delete_expired()
    exports.make_waiting()
