"""Celery entry point of accounts."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from accounts.models import RefusedSignIns, SignInCount
from accounts.sign_in_delays import FORGET_AFTER, QUARTER
from audit import context, events, log


@shared_task(name="accounts.note_refused")
@transaction.atomic
def note_refused() -> None:
    """Records for each account and quarter of an hour how many attempts had to wait, and deletes old counts; every
    minute by beat."""
    now = timezone.now()
    over = RefusedSignIns.objects.select_for_update(skip_locked=True).filter(quarter__lte=now - QUARTER)
    for refused in over.order_by("quarter", "user"):
        facts = {"username": refused.user.username, "attempts": refused.n, "from": refused.quarter.isoformat()}
        log.record(events.LOCKED_OUT, actor=context.CITIZEN, facts=facts)
        refused.delete()
    SignInCount.objects.filter(last_at__lte=now - FORGET_AFTER).delete()
