"""Delivers messages: each is claimed and marked in one transaction, sent outside of any, settled in another.

Killed in between, a message stands as `sending`; after the lease it leaves again under the same Message-ID and is
recorded as a possible repeat. One recipient's failure stops nobody else's message.
"""

import random
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import log
from audit.log import Subject
from massline.time import today
from responsibility import events, notices
from responsibility.models import Delivery, Message, Notice, Obligation
from responsibility.models.obligations import collapsed_into_older
from responsibility.models.outbox import Purpose
from responsibility.outbox import channels, message_texts
from responsibility.outbox.channels import ChannelDown, Outgoing, PermanentFailure, TemporaryFailure, Transport
from responsibility.outbox.failure_recipients import is_walled, level_above
from responsibility.outbox.queue import fill
from responsibility.outbox.sources import source_of
from responsibility.people import position_of
from responsibility.visibility import on_walled_records, visible_to

logger = structlog.get_logger(__name__)
LEASE = timedelta(minutes=5)
RETRY_DELAYS = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 480))
"""Waits before the second, third … attempt; after the last one the message has failed."""
MAX_IN_DIGEST = 50
DIGEST_AHEAD = timedelta(days=7)


@dataclass
class DeliveryReport:
    """Counts what one run sent, retried, dropped and gave up."""

    sent: int = 0
    retried: int = 0
    failed: int = 0
    dropped: int = 0
    transports: dict[str, Transport] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)


def deliver() -> DeliveryReport:
    """Queues and sends all that is ready."""
    fill()
    _reclaim_lost()
    report = DeliveryReport()
    try:
        while (message := _claim(report.down)) is not None:
            _send(message, report)
    finally:
        for transport in report.transports.values():
            transport.close()
    return report


def _reclaim_lost() -> None:
    """Makes messages wait again that were being sent when their sender died. One on which sender after sender dies is
    given up like any other."""
    now = timezone.now()
    lost = Message.objects.filter(state=Delivery.SENDING, sending_at__lt=now - LEASE)
    for message in lost.filter(attempts__gt=len(RETRY_DELAYS)):
        _give_up(message, "interrupted")
    with transaction.atomic():
        for message in lost.select_for_update(skip_locked=True):
            log.record(events.MESSAGE_MAY_REPEAT, subject=_subject(message))
            message.state, message.next_at, message.possible_repeat = Delivery.WAITING, now, True
            message.save(update_fields=["state", "next_at", "possible_repeat"])


def _claim(down: set[str]) -> Message | None:
    now = timezone.now()
    with transaction.atomic():
        ready = Message.objects.filter(state=Delivery.WAITING, next_at__lte=now).exclude(channel__in=down)
        message = ready.select_for_update(skip_locked=True).order_by("next_at", "id").first()
        if message is None:
            return None
        log.record(events.MESSAGE_SENDING, subject=_subject(message))
        message.state, message.sending_at, message.attempts = Delivery.SENDING, now, message.attempts + 1
        message.save(update_fields=["state", "sending_at", "attempts"])
    return message


def _send(message: Message, report: DeliveryReport) -> None:
    try:
        outgoing = _compose(message)
        if outgoing is None:
            _settle(message, Delivery.DROPPED)
            report.dropped += 1
            return
        report.transports.setdefault(message.channel, channels.TRANSPORTS[message.channel]()).send(outgoing)
    except ChannelDown as error:
        report.down.add(message.channel)
        _try_again(message, str(error), RETRY_DELAYS[0], used=False)
        report.retried += 1
    except TemporaryFailure as error:
        if message.attempts > len(RETRY_DELAYS):
            _give_up(message, str(error))
            report.failed += 1
        else:
            _try_again(message, str(error), RETRY_DELAYS[message.attempts - 1], maybe=error.maybe)
            report.retried += 1
    except Exception as error:  # one that cannot be sent at all stops nobody else's
        logger.warning("message not sent", message=message.pk, fault=type(error).__name__)
        _give_up(message, str(error) if isinstance(error, PermanentFailure) else type(error).__name__)
        report.failed += 1
    else:
        _settle(message, Delivery.SENT)
        report.sent += 1


def _compose(message: Message) -> Outgoing | None:
    """Composes a message; None when it is not wanted any more: read meanwhile, sent by hand, walled off, erased, the
    address withdrawn."""
    if message.purpose == Purpose.CITIZEN:
        source = source_of(message)
        return source.compose(message) if source else None
    recipient = message.recipient
    preference = getattr(recipient, "preference", None)
    if recipient is None or preference is None or not preference.email or not recipient.is_active:
        return None
    if message.notice is not None:
        if message.notice.read_at or not preference.at_once or is_walled(message.notice, recipient):
            return None
        subject, text = message_texts.notice_text(message.notice)
    elif message.day != today():
        return None  # its day went by with the channel closed: the next digest has it all
    else:
        subject, text = _digest(recipient)
    if not text:
        return None
    return Outgoing(preference.email, subject, text, message.message_id, message.possible_repeat)


def _digest(user: User) -> tuple[str, str]:
    now = timezone.now()
    unread = (
        Notice.objects.filter(recipient=user, read_at=None)
        .exclude(on_walled_records(user))
        .exclude(collapsed_into_older())
    )
    posts = position_of(user).posts
    owed = Obligation.objects.open().filter(visible_to(user), post__in=posts, due_at__lte=now + DIGEST_AHEAD)
    owed = owed.order_by("due_at", "id")
    return message_texts.digest_text(
        unread.select_related("obligation").order_by("-told_at")[:MAX_IN_DIGEST], owed[:MAX_IN_DIGEST], now
    )


def _settle(message: Message, state: str) -> None:
    now = timezone.now()
    event = events.MESSAGE_SENT if state == Delivery.SENT else events.MESSAGE_DROPPED
    with transaction.atomic():
        if not _is_still_ours(message):
            return
        log.record(event, subject=_subject(message), facts={"repeat": message.possible_repeat})
        message.state, message.next_at, message.fault = state, None, ""
        message.sent_at = now if state == Delivery.SENT else None
        message.save(update_fields=["state", "next_at", "fault", "sent_at"])
        if state == Delivery.SENT and (source := source_of(message)):
            source.sent(message, now)


def _try_again(message: Message, fault: str, wait: timedelta, *, used: bool = True, maybe: bool = False) -> None:
    spread = wait * random.uniform(1.0, 1.2)  # noqa: S311 (so that not all come back at the same second)
    with transaction.atomic():
        if not _is_still_ours(message):
            return
        log.record(events.MESSAGE_DELAYED, subject=_subject(message), facts={"fault": fault})
        message.state, message.next_at, message.fault = Delivery.WAITING, timezone.now() + spread, fault
        message.attempts -= 0 if used else 1
        message.possible_repeat = message.possible_repeat or maybe
        message.save(update_fields=["state", "next_at", "fault", "attempts", "possible_repeat"])


def _give_up(message: Message, fault: str) -> None:
    """Gives a message up and notifies the level above."""
    now = timezone.now()
    with transaction.atomic():
        if not _is_still_ours(message):
            return
        log.record(events.MESSAGE_FAILED, subject=_subject(message), facts={"fault": fault})
        message.state, message.next_at, message.fault = Delivery.FAILED, None, fault
        message.save(update_fields=["state", "next_at", "fault"])
        if message.notice is not None and message.notice.kind == notices.UNDELIVERED.name:
            return  # the inbox has it; a failure to mail about a failure climbs no further
        Notice.objects.bulk_create(
            Notice.build(notices.UNDELIVERED, user, _subject(message), now, post) for user, post in level_above(message)
        )


def _is_still_ours(message: Message) -> bool:
    """Tells whether the message is still ours: no other worker reclaimed it while we sent."""
    current = Message.objects.select_for_update().get(pk=message.pk)
    return (current.state, current.sending_at) == (Delivery.SENDING, message.sending_at)


def _subject(message: Message) -> Subject:
    return Subject("message", str(message.pk))
