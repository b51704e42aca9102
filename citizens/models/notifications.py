"""The letters that citizens are to be told (告知): by which organ, until when, and with which result."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from audit import context
from audit.columns import Columns, SaltField
from citizens.models.filings import Filing, TellBy
from massline.acts import lock_row
from massline.time import SHANGHAI, clock_time
from records.kinds import record_type
from responsibility.models import Obligation, Organ
from responsibility.people import position_of
from responsibility.subjects import Matter

TELLER, SENDER = "teller", "sender"
"""The roles: an official of the organ that tells; the system, when its own message has told."""


class NotificationState(models.TextChoices):
    WAITING = "waiting", _("待告知")
    TOLD = "told", _("已告知")
    CANNOT = "cannot", _("无法告知")
    RECALLED = "recalled", _("已撤下")
    """The letter is no longer true: the opinion was returned before it was told."""


class WhyReturned(models.TextChoices):
    """The reasons for which the post returns a letter (退改批条)."""

    UNKNOWN = "unknown", _("原址查无此人")
    MOVED = "moved", _("迁移新址不明")
    ADDRESS = "address", _("地址欠详")
    UNCLAIMED = "unclaimed", _("逾期未领")
    REFUSED = "refused", _("收件人拒收")
    OTHER = "other", _("其他")


class NotificationQuerySet(models.QuerySet["CitizenNotification"]):
    def about(self, kind: str, *pks: int) -> "NotificationQuerySet":
        """Selects the letters about these records."""
        return self.filter(subject_kind=kind, subject_id__in=pks)

    def waiting(self) -> "NotificationQuerySet":
        return self.filter(state=NotificationState.WAITING)

    def not_known_to_be_served(self) -> "NotificationQuerySet":
        """Selects the letters that were sent, of which no day is known on which they arrived."""
        return self.filter(state=NotificationState.TOLD, served_on=None)

    def printable(self) -> "NotificationQuerySet":
        """Selects the letters that were not recalled and whose words are not erased."""
        return self.exclude(state=NotificationState.RECALLED).exclude(text="")


class CitizenNotification(models.Model):
    """A letter to be told to a citizen (告知), in the way they chose; and who told it, when and how."""

    subject_kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="+")
    """The citizen who is told, and in which way."""
    office = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    """The organ that tells."""
    letter = models.CharField(max_length=24)
    text = models.TextField()
    state = models.CharField(
        max_length=8, choices=NotificationState, default=NotificationState.WAITING, db_default="waiting"
    )
    owed = models.OneToOneField(Obligation, models.PROTECT, null=True, related_name="+")
    """The obligation that telling it closes. Null for the letter about an accusation that was handed over."""
    made_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    """Null when a message of the system told the citizen."""
    told_how = models.CharField(max_length=8, choices=TellBy, blank=True)
    served_on = models.DateField(null=True)
    """The day on which it reached the citizen (送达): periods of theirs run from it. Null until a letter that was sent
    by post is known to have arrived."""
    served_noted_at = models.DateTimeField(null=True)
    """When that day was entered."""
    returned = models.CharField(max_length=12, choices=WhyReturned, blank=True, db_default="")
    """Why the post returned the letter the last time; empty while it never did. It waits to be told again."""
    salt = SaltField()

    objects = NotificationQuerySet.as_manager()
    audit = Columns(personal=("text",))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(told_at=None, told_by=None, told_how="")
                | (Q(told_at__isnull=False, told_by__isnull=False) & ~Q(told_how=""))
                | Q(told_at__isnull=False, told_by=None, told_how__in=[TellBy.EMAIL, TellBy.SMS]),
                name="told_by_whom_when_how",
            ),
            models.CheckConstraint(condition=Q(state__in=NotificationState.values), name="notification_state"),
            models.CheckConstraint(
                condition=Q(state=NotificationState.TOLD, told_at__isnull=False)
                | (~Q(state=NotificationState.TOLD) & Q(told_at=None)),
                name="told_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(served_on=None, served_noted_at=None)
                | Q(
                    told_at__isnull=False,
                    served_on__isnull=False,
                    served_noted_at__isnull=False,
                    served_on__gte=TruncDate("made_at", tzinfo=SHANGHAI),
                    served_on__lte=TruncDate("served_noted_at", tzinfo=SHANGHAI),
                ),
                name="served_after_it_was_made",
            ),
            models.CheckConstraint(condition=Q(returned__in=["", *WhyReturned.values]), name="notification_returned"),
        ]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="notification_subject"),
            models.Index(
                fields=["office", "made_at"], condition=Q(state=NotificationState.WAITING), name="notification_queue"
            ),
            models.Index(
                fields=["office", "told_at"],
                condition=Q(state=NotificationState.TOLD, served_on=None),
                name="notification_unserved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} {self.letter}"

    @classmethod
    def locked(cls, pk: int) -> "CitizenNotification":
        """Locks the letter in the order of all acts: the record first."""
        kind, subject = cls.objects.values_list("subject_kind", "subject_id").get(pk=pk)
        model: Any = record_type(kind).model
        model.lock(subject)
        lock_row(cls, pk)
        return cls.objects.select_related("filing", "office", "told_by").get(pk=pk)

    @cached_property
    def record(self) -> Any:
        """The record that the letter is about, with the relations that its chain and its page need."""
        model: Any = record_type(self.subject_kind).model
        return model.with_joined(model._default_manager.all()).get(pk=self.subject_id)

    @property
    def matter(self) -> Matter:
        found: Matter = self.record.matter
        return found

    def roles_of(self, actor: Any) -> frozenset[str]:
        if actor is context.SYSTEM:
            return frozenset({SENDER})
        tells = self.office_id in position_of(actor).organs and self.record.roles_of(actor)
        return frozenset({TELLER} if tells else ())

    def posts_used(self, actor: Any, who: frozenset[str]) -> set[int]:
        return {held.post for held in position_of(actor).held if held.organ == self.office_id}

    def last_change(self, actor: Any) -> str:
        """Describes the letter's last change to an official who came too late."""
        if self.state == NotificationState.RECALLED:
            return str(_("这份处理意见已经退回重办，不再告知。"))
        if self.told_at is None:
            return str(_("这份文书已经登记为无法告知，不用再告知。"))
        said = {
            "by": self.office.name if self.told_by_id else _("系统"),
            "when": clock_time(self.told_at),
            "whom": record_type(self.subject_kind).citizen,
            "how": self.get_told_how_display(),
        }
        return str(_("%(by)s已于 %(when)s 告知%(whom)s（%(how)s），不用再告知。") % said)
