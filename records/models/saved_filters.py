"""Filters of lists that officials keep under a name of their own."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from audit.columns import Columns, SaltField
from massline.texts import LineColumn


class SavedFilter(models.Model):
    """A filter of the list of one kind that an official keeps under a name of their own.

    Words may name a person, so the log keeps neither the name nor the query.
    """

    MAX: ClassVar = 20
    """Of each kind."""
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters")
    kind = models.CharField(max_length=32)
    name = LineColumn(max_length=40)
    query = models.CharField(max_length=1000)
    """The list's address after the question mark; only parameters that its filter knows."""
    salt = SaltField()

    audit = Columns(personal=("name", "query"), deletes=True)  # their owner throws them away

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "name"], name="one_filter_a_name"),
            models.CheckConstraint(condition=~models.Q(kind=""), name="filter_of_a_kind"),
        ]

    def __str__(self) -> str:
        return self.name
