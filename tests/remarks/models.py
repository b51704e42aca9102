"""Remarks of citizens about an organ's work, until the organ has answered."""

from django.db import models

from audit.columns import Columns, SaltField
from citizens.citizen_record import CitizenRecord, CitizenRecordQuerySet


class RemarkState(models.TextChoices):
    MADE = "made", "待回复"
    ANSWERED = "answered", "已回复"


class RemarkQuerySet(CitizenRecordQuerySet["Remark"]):
    """(A class of its own, so that mypy finds the manager.)"""


class Remark(CitizenRecord):
    KIND, PREFIX = "remark", "YJ"

    state = models.CharField(max_length=16, choices=RemarkState, default=RemarkState.MADE)
    title = models.CharField(max_length=50)
    body = models.TextField()
    salt = SaltField()

    objects = RemarkQuerySet.as_manager()
    audit = Columns(personal=("title", "body"))
