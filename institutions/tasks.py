"""What the system does about regulations each night."""

from celery import shared_task

from institutions.lapsing import lapse_expired
from institutions.posts import check_posts


@shared_task(name="institutions.lapse")
def lapse() -> None:
    """Ends what is past its last day."""
    lapse_expired()


@shared_task(name="institutions.posts")
def posts() -> None:
    """Looks whether those whom regulations name are there."""
    check_posts()
