"""Milestones (阶段目标): the items of a task, each with its goal and its last day. An item that another organ owes to
the lead is its help (协办)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit.columns import Columns, SaltField
from massline.texts import LineColumn
from responsibility.models import Organ

MAX_ITEMS, MAX_DAYS = 50, 999


class Milestone(models.Model):
    """One item of a task. Its last day is on or before the task's, and its helper is not the lead (a trigger refuses
    any other)."""

    task = models.ForeignKey("inspection.Task", models.PROTECT, related_name="milestones", db_index=False)
    item = models.PositiveSmallIntegerField()
    """From 1 on, in the order of the work; 0 is the task itself."""
    goal = LineColumn(max_length=200)
    requirement = models.TextField(blank=True)
    days = models.PositiveSmallIntegerField(null=True)
    """Working days that its work takes, by whoever planned it; null of a help, which goes on beside the lead's work."""
    helper = models.ForeignKey(Organ, models.PROTECT, null=True, related_name="+")
    """The helping organ (协办单位), which owes it to the lead; null where it is the lead's own."""
    last_day = models.DateField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    fact = models.TextField(blank=True)
    """One fact by which another hand can check that it was reached."""
    salt = SaltField()

    audit = Columns(personal=("goal", "requirement", "fact"))

    class Meta:
        ordering = ("task", "item")
        constraints = [
            models.UniqueConstraint(fields=["task", "item"], name="milestone_once"),
            models.CheckConstraint(condition=Q(item__range=(1, MAX_ITEMS)), name="milestone_item"),
            models.CheckConstraint(
                condition=Q(helper=None, days__isnull=False, days__range=(1, MAX_DAYS))
                | Q(helper__isnull=False, days=None),
                name="milestone_days",
            ),
            models.UniqueConstraint(
                fields=["task", "helper"],
                condition=Q(helper__isnull=False, done_at=None),
                name="one_open_help_an_organ",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None, fact="") | Q(done_at__isnull=False, done_by__isnull=False),
                name="milestone_done_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.item}"
