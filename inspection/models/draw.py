"""Draws (抽查): which of the tasks that were written off are looked at again, by a lot that anybody can recompute."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.columns import Columns, SaltField
from inspection.duties import INSPECTION_OFFICE
from massline.texts import LineColumn
from records.models import Record, RecordQuerySet

MAX_DRAWN = 500


class DrawState(models.TextChoices):
    LOCKED = "locked", _("已锁定，待揭晓")
    DRAWN = "drawn", _("已抽定")


class DrawQuerySet(RecordQuerySet["Draw"]):
    """(A class of its own, so that mypy finds the manager.)"""


class Draw(Record):
    """One draw of an inspection office. Pool, size and seed stay as they were locked (a trigger refuses any other).

    The seed is shown once it is drawn; its hash and the pool's are in the event that locked them.
    """

    KIND, PREFIX, DUTY = "draw", "CY", INSPECTION_OFFICE

    state = models.CharField(max_length=16, choices=DrawState, default=DrawState.LOCKED)
    title = LineColumn(max_length=100)
    size = models.PositiveSmallIntegerField()
    pool_hash = models.CharField(max_length=64)
    seed_hash = models.CharField(max_length=64)
    seed = models.CharField(max_length=64)
    salt = SaltField()

    objects = DrawQuerySet.as_manager()
    audit = Columns(personal=("title",), secret=("seed",))

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=Q(state__in=DrawState.values), name="draw_state"),
            models.CheckConstraint(condition=Q(size__range=(1, MAX_DRAWN)), name="draw_size"),
        ]


class DrawEntry(models.Model):
    """One number of the pool, and whether it was drawn."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="entries", db_index=False)
    number = models.CharField(max_length=24)
    drawn = models.BooleanField(default=False)

    audit = Columns()

    class Meta:
        ordering = ("draw", "number")
        constraints = [models.UniqueConstraint(fields=["draw", "number"], name="draw_entry_once")]

    def __str__(self) -> str:
        return self.number
