"""The State Council's arrangements of days off and days worked (节假日安排), as they were loaded."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit.columns import Columns
from massline.texts import LineColumn


class Arrangement(models.Model):
    """One year's arrangement as one load brought it. Rows come and stay: a later version replaces the whole year.

    The version numbers the calendar, not the year: what one load brings together has one version, and every process
    knows by the highest that there is a new one.
    """

    version = models.PositiveIntegerField()
    year = models.PositiveSmallIntegerField()
    source = LineColumn(max_length=200)
    """The notice that it stands in: its title and number (文号)."""
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    """Nobody, when it came with the program or by a command that did not say by whom."""
    loaded_at = models.DateTimeField()

    audit = Columns(updates=False)  # a later version stands beside it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "year"], name="year_once_a_version"),
            models.CheckConstraint(condition=Q(version__gte=1), name="version_counts_from_one"),
            models.CheckConstraint(condition=~Q(source=""), name="arrangement_has_its_source"),
        ]

    def __str__(self) -> str:
        return f"{self.year} ({self.version})"


class ArrangedDay(models.Model):
    """One day of an arrangement: off, or worked at a weekend (调休)."""

    arrangement = models.ForeignKey(Arrangement, models.PROTECT, related_name="days", db_index=False)
    day = models.DateField()
    name = LineColumn(max_length=64)
    off = models.BooleanField()

    audit = Columns(updates=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["arrangement", "day"], name="day_once_an_arrangement")]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
