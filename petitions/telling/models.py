"""A letter that the petitioner is to be told (告知): by which organ, by when, and what became of it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit import context
from audit.columns import Columns, SaltField
from massline.acts import lock_row
from massline.time import clock_time
from petitions.persons import TellBy
from responsibility.models import Obligation, Organ
from responsibility.people import position_of
from responsibility.subjects import Matter

TELLER, SENDER = "teller", "sender"
"""Who works in the organ that tells; the system, when a message of its own has told."""


class TellingState(models.TextChoices):
    WAITING = "waiting", _("待告知")
    TOLD = "told", _("已告知")
    CANNOT = "cannot", _("无法告知")
    RECALLED = "recalled", _("已撤下")
    """What it says holds no longer: the opinion was returned before anybody had told it."""


class TellingQuerySet(models.QuerySet["Telling"]):
    def printable(self) -> "TellingQuerySet":
        """Those that were not taken back, while their words are there."""
        return self.exclude(state=TellingState.RECALLED).exclude(text="")


class Telling(models.Model):
    """What the petitioner is to be told (告知), by the way they chose; and who told them, when, how."""

    demand = models.ForeignKey("petitions.Demand", models.PROTECT, related_name="tellings")
    office = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    """The organ that tells."""
    letter = models.CharField(max_length=24)
    text = models.TextField()
    state = models.CharField(max_length=8, choices=TellingState, default=TellingState.WAITING, db_default="waiting")
    owed = models.OneToOneField(Obligation, models.PROTECT, null=True, related_name="+")
    """What is done when it is told. None for a letter that was in the queue before letters had a date."""
    made_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    """Nobody when a message that the system sent told them."""
    told_how = models.CharField(max_length=8, choices=TellBy, blank=True)
    salt = SaltField()

    objects = TellingQuerySet.as_manager()
    audit = Columns(personal=("text",))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(told_at=None, told_by=None, told_how="")
                | (Q(told_at__isnull=False, told_by__isnull=False) & ~Q(told_how=""))
                | Q(told_at__isnull=False, told_by=None, told_how__in=[TellBy.EMAIL, TellBy.SMS]),
                name="told_by_whom_when_how",
            ),
            models.CheckConstraint(condition=Q(state__in=TellingState.values), name="telling_state"),
            models.CheckConstraint(
                condition=Q(state=TellingState.TOLD, told_at__isnull=False)
                | (~Q(state=TellingState.TOLD) & Q(told_at=None)),
                name="told_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "made_at"], condition=Q(state=TellingState.WAITING), name="telling_queue")
        ]

    def __str__(self) -> str:
        return f"{self.demand} {self.letter}"

    @classmethod
    def locked(cls, pk: int) -> "Telling":
        """Locked in the order of all acts: the petition first."""
        demand: Any = cls._meta.get_field("demand").related_model
        lock_row(demand, cls.objects.values_list("demand", flat=True).get(pk=pk))
        lock_row(cls, pk)
        related = ("demand__petition__petitioner", "demand__organ", "demand__office", "demand__handler", "office")
        return cls.objects.select_related(*related, "told_by").get(pk=pk)

    @property
    def matter(self) -> Matter:
        return self.demand.matter

    def roles_of(self, actor: Any) -> frozenset[str]:
        if actor is context.SYSTEM:
            return frozenset({SENDER})
        tells = self.office_id in position_of(actor).organs and self.demand.roles_of(actor)
        return frozenset({TELLER} if tells else ())

    def posts_used(self, actor: Any, who: frozenset[str]) -> set[int]:
        return {held.post for held in position_of(actor).held if held.organ == self.office_id}

    def last_change(self, actor: Any) -> str:
        """For somebody who was too late: what became of it."""
        if self.state == TellingState.RECALLED:
            return str(_("这份处理意见已经退回重办，不再告知。"))
        if self.told_at is None:
            return str(_("这份文书已经登记为无法告知，不用再告知。"))
        by = self.office.name if self.told_by_id else _("系统")
        said = {"by": by, "when": clock_time(self.told_at), "how": self.get_told_how_display()}
        return str(_("%(by)s已于 %(when)s 告知信访人（%(how)s），不用再告知。") % said)
