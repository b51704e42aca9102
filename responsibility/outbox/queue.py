"""Queues messages that have to be sent, found by a query: the code that wrote a notice need not know of e-mail."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from audit import log
from massline.time import local_time
from responsibility import events, notices
from responsibility.calendar import calendar
from responsibility.deadlines import next_working_day
from responsibility.models import Channel, Message, Notice, Preference
from responsibility.models.obligations import collapsed_into_older
from responsibility.models.outbox import Purpose
from responsibility.outbox import channels
from responsibility.outbox.sources import sources

WINDOW = timedelta(days=7)
"""Older notices stand in the inbox and in the digest; nobody is mailed for last month."""
MAX_QUEUED = 500


def fill(now: datetime | None = None) -> int:
    """Queues what is not queued yet, at most 500 of each kind; returns how many. Safe to run twice at the same time."""
    now = now or timezone.now()
    ready = [*_notices(now), *_digests(now), *_of_sources(now)]
    if not ready:
        return 0
    with transaction.atomic():
        log.record(events.MESSAGES_QUEUED, facts={"n": len(ready)})
        Message.objects.bulk_create(ready, ignore_conflicts=True)
    return len(ready)


def new(purpose: str, channel: str, now: datetime, **about: object) -> Message:
    message_id = f"<{uuid4()}@{channels.domain()}>"
    return Message(purpose=purpose, channel=channel, message_id=message_id, made_at=now, next_at=now, **about)  # type: ignore[misc]


def _notices(now: datetime) -> Iterable[Message]:
    if not channels.is_open(Channel.EMAIL):
        return
    wants = Q(recipient__preference__at_once=True, told_at__gte=F("recipient__preference__since"))
    at_once = notices.names(lambda kind: kind.at_once)
    found = (
        Notice.objects.filter(wants, kind__in=at_once, told_at__gt=now - WINDOW, read_at=None)
        .filter(recipient__is_active=True)
        .exclude(recipient__preference__email="")
        .exclude(collapsed_into_older())
        .exclude(Exists(Message.objects.filter(notice=OuterRef("pk"))))
        .order_by("id")[:MAX_QUEUED]
    )
    for notice in found:
        yield new(Purpose.NOTICE, Channel.EMAIL, now, notice=notice, recipient_id=notice.recipient_id)


def _digests(now: datetime) -> Iterable[Message]:
    """Queues digests at or after the hour that each user chose, once a day; a day on which nothing ran has none."""
    if not channels.is_open(Channel.EMAIL):
        return
    local = local_time(now)
    wants = Q(digest_hour__lte=local.hour, user__is_active=True) & ~Q(email="")
    if next_working_day(local.date(), calendar()) != local.date():
        wants &= Q(working_days_only=False)
    had = Message.objects.filter(recipient=OuterRef("user"), day=local.date())
    for preference in Preference.objects.filter(wants).exclude(Exists(had)).order_by("id")[:MAX_QUEUED]:
        yield new(Purpose.DIGEST, Channel.EMAIL, now, recipient_id=preference.user_id, day=local.date())


def _of_sources(now: datetime) -> Iterable[Message]:
    ways = frozenset(channel for channel in Channel.values if channels.is_open(channel))
    if not ways:
        return
    for name, source in sources():
        for pk, channel in source.ready(ways, now):
            yield new(Purpose.CITIZEN, channel, now, source=name, source_id=pk)
