"""Repairs: what is broken in an organ's house, until somebody else has seen that it was mended."""

from django.db import models

from audit.columns import Columns, SaltField
from records.models import Record, RecordQuerySet


class RepairState(models.TextChoices):
    BROKEN = "broken", "待修"
    MENDED = "mended", "已修，待验"
    CLOSED = "closed", "已验"


class RepairQuerySet(RecordQuerySet["Repair"]):
    """(A class of its own, so that mypy finds the manager.)"""


class Repair(Record):
    KIND, PREFIX = "repair", "BX"

    state = models.CharField(max_length=16, choices=RepairState, default=RepairState.BROKEN)
    title = models.CharField(max_length=50)
    salt = SaltField()

    objects = RepairQuerySet.as_manager()
    audit = Columns(personal=("title",))
