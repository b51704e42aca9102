"""Messages that are sent outside, and how each official wants to be notified."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.columns import Columns, SaltField
from responsibility.models.obligations import Notice


class Preference(models.Model):
    """How an official is notified outside of the application. The inbox is never off."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="preference")
    email = models.EmailField(blank=True)
    since = models.DateTimeField()
    """Since when this address is told at once, or not: nothing older is sent to it."""
    at_once = models.BooleanField(default=True)
    digest_hour = models.PositiveSmallIntegerField(null=True, default=8, validators=[MaxValueValidator(23)])
    """The hour of the daily digest in Shanghai; none when it is not wanted."""
    working_days_only = models.BooleanField(default=True)
    salt = SaltField()

    audit = Columns(personal=("email",))

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(digest_hour__lte=23), name="digest_hour")]


class Channel(models.TextChoices):
    EMAIL = "email", _("电子邮件")
    GATEWAY = "gateway", _("短信网关")


class Purpose(models.TextChoices):
    NOTICE = "notice", _("即时通知")
    DIGEST = "digest", _("每日摘要")
    CITIZEN = "citizen", _("告知")


class Delivery(models.TextChoices):
    WAITING = "waiting", _("待发送")
    SENDING = "sending", _("正在发送")
    SENT = "sent", _("已发送")
    FAILED = "failed", _("未送达")
    DROPPED = "dropped", _("不再需要")


class Message(models.Model):
    """One message to one address: sent at least once, always under the same Message-ID.

    It is marked `sending` before it leaves. Found in that state after the lease, it is sent again and marked as a
    possible repeat. The address stands nowhere in it: it is looked up at the moment of sending.
    """

    purpose = models.CharField(max_length=8, choices=Purpose)
    channel = models.CharField(max_length=8, choices=Channel)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, related_name="messages", db_index=False)
    day = models.DateField(null=True)
    source = models.CharField(max_length=32, blank=True, default="", db_default="")
    """Whose record it tells of: a name of `outbox.sources`; empty when the outbox itself sends it."""
    source_id = models.BigIntegerField(null=True)
    """The id of that record."""
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=8, choices=Delivery, default=Delivery.WAITING)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sending_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    possible_repeat = models.BooleanField(default=False)
    fault = models.CharField(max_length=120, blank=True)

    audit = Columns()
    AHEAD: ClassVar = (Delivery.WAITING, Delivery.SENDING)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="sent_once_a_notice"),
            models.UniqueConstraint(fields=["recipient", "day"], name="one_digest_a_day"),
            models.UniqueConstraint(fields=["source", "source_id"], name="sent_once_a_record"),
            models.CheckConstraint(
                condition=Q(purpose="notice", notice__isnull=False, recipient__isnull=False, day=None, source_id=None)
                | Q(purpose="digest", notice=None, recipient__isnull=False, day__isnull=False, source_id=None)
                | Q(purpose="citizen", notice=None, recipient=None, day=None, source_id__isnull=False),
                name="message_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(purpose="citizen") & ~Q(source="") | ~Q(purpose="citizen") & Q(source=""),
                name="only_messages_to_citizens_have_a_source",
            ),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="message_channel"),
            models.CheckConstraint(
                condition=Q(state="waiting", next_at__isnull=False, sent_at=None)
                | Q(state="sending", sending_at__isnull=False, sent_at=None)
                | Q(state="sent", sent_at__isnull=False, next_at=None)
                | Q(state__in=["failed", "dropped"], sent_at=None, next_at=None),
                name="message_state",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at", "id"], condition=Q(state="waiting"), name="message_next"),
            models.Index(fields=["sending_at"], condition=Q(state="sending"), name="message_sending"),
            models.Index(fields=["-id"], condition=Q(state="failed"), name="message_failed"),
        ]
