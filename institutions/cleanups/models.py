"""Cleanups (集中清理): every regulation in force of some organs is judged one by one, each with its reason."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from audit.columns import Columns, SaltField
from institutions.duties import LEGAL_OFFICE
from institutions.models.regulation import Regulation
from institutions.models.roles import RegulationRole
from massline.texts import LineColumn
from records.models import Record, RecordQuerySet
from records.models.frozen import not_frozen
from responsibility.people import HeldPost


class CleanupState(models.TextChoices):
    JUDGING = "judging", _("清理中")
    CLOSED = "closed", _("已完成")
    DROPPED = "dropped", _("不再清理")


class Verdict(models.TextChoices):
    KEEP = "keep", _("继续有效")
    AMEND = "amend", _("修改")
    REPEAL = "repeal", _("废止")
    VOID = "void", _("宣布失效")


class CleanupQuerySet(RecordQuerySet["Cleanup"]):
    """(A class of its own, so that mypy finds the manager.)"""


class Cleanup(Record):
    """One cleanup: its scope is frozen when it begins, so that nothing is left out afterwards. Days are Shanghai's."""

    KIND, PREFIX, DUTY = "cleanup", "QL", LEGAL_OFFICE

    state = models.CharField(max_length=16, choices=CleanupState, default=CleanupState.JUDGING)
    title = LineColumn(max_length=100)
    grounds = models.TextField()
    """Why it is done: which law changed, who ordered it."""
    size = models.PositiveSmallIntegerField()
    """How many regulations its scope has."""
    due_on = models.DateField()
    met_on = models.DateField(null=True)
    """The day of the meeting that approved its result."""
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    salt = SaltField()

    objects = CleanupQuerySet.as_manager()
    audit = Columns(personal=("title", "grounds"))

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=Q(state__in=CleanupState.values), name="cleanup_state"),
            models.CheckConstraint(condition=Q(size__gte=1), name="cleanup_of_something"),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(met_on__isnull=False), name="cleanup_approved_by_a_meeting"
            ),
        ]

    def roles_in(self, held: HeldPost) -> frozenset[str]:
        member = held.organ == self.organ_id
        return super().roles_in(held) | ({RegulationRole.MEMBER} if member else set())


class CleanupItemQuerySet(models.QuerySet["CleanupItem"]):
    def named(self) -> Self:
        """Adds the regulation's title; an empty one of a regulation that is frozen (spill)."""
        frozen = ~not_frozen(Regulation.KIND, "regulation_id")
        title = Case(When(frozen, then=Value("")), default=F("regulation__title"), output_field=models.CharField())
        return self.select_related("regulation").annotate(title=title)


class CleanupItem(models.Model):
    """One regulation of the scope, and what shall become of it."""

    cleanup = models.ForeignKey(Cleanup, models.PROTECT, related_name="items", db_index=False)
    item = models.PositiveSmallIntegerField()
    regulation = models.ForeignKey(Regulation, models.PROTECT, related_name="cleanup_items")
    verdict = models.CharField(max_length=8, choices=Verdict, blank=True)
    reason = models.TextField(blank=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    judged_at = models.DateTimeField(null=True)
    salt = SaltField()

    objects = CleanupItemQuerySet.as_manager()
    audit = Columns(personal=("reason",))

    class Meta:
        ordering = ("cleanup", "item")
        constraints = [
            models.UniqueConstraint(fields=["cleanup", "item"], name="cleanup_item_once"),
            models.UniqueConstraint(fields=["cleanup", "regulation"], name="cleanup_regulation_once"),
            models.CheckConstraint(
                condition=Q(verdict="", judged_by=None, judged_at=None)
                | Q(verdict__in=Verdict.values, judged_by__isnull=False, judged_at__isnull=False),
                name="cleanup_item_judged_by_whom",
            ),
        ]
