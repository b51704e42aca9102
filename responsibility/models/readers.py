"""Readers of walled records: an allow-list, from a day to a day."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest

from audit.columns import Columns
from responsibility.models.organs import DateRange


class ReaderQuerySet(models.QuerySet["Reader"]):
    def on(self, day: date) -> "ReaderQuerySet":
        """Narrows to those who may read on a day (Shanghai), declared or not."""
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)

    def not_over(self, day: date) -> "ReaderQuerySet":
        """Narrows to rows that hold on a day or will later."""
        return self.filter(Q(until=None) | Q(until__gt=Greatest(F("since"), Value(day))))

    def of(self, user: Any) -> "ReaderQuerySet":
        """Narrows to rows of this person; none for a closed account."""
        return self.filter(user=user, user__is_active=True)

    def about(self, kind: str, record: int) -> "ReaderQuerySet":
        """Narrows to the readers of one record."""
        return self.filter(kind=kind, record=record)


class Reader(models.Model):
    """A person who may read a walled record, from the day `since` up to but without the day `until`.

    They read it once they have signed the commitment to secrecy (保密承诺), and until then know only that one waits.
    """

    kind = models.CharField(max_length=32)
    record = models.BigIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    since = models.DateField()
    until = models.DateField(null=True)
    declared_at = models.DateTimeField(null=True)
    """When they signed the commitment to secrecy for this record."""

    objects = ReaderQuerySet.as_manager()
    audit = Columns()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_reader_row_at_a_time",
                expressions=[
                    ("kind", RangeOperators.EQUAL),
                    ("record", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    (DateRange("since", "until"), RangeOperators.OVERLAPS),
                ],
            ),
            # Whose access ended on the day it began has a row without a day: it says that they had it.
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="reader_dates"),
        ]
        indexes = [models.Index(fields=["user", "kind", "record"], name="reader_reads")]

    def __str__(self) -> str:
        return f"{self.kind} {self.record} {self.user_id}"
