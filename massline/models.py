"""The tables of the library: counts that must outlive the broker, and drafts."""

from django.db import models

from massline.drafts.models import Draft as Draft


class Count(models.Model):
    """How often something happened until `until` (UTC). The key is a keyed hash: of whom or what, nobody can read."""

    key = models.BinaryField(primary_key=True)
    n = models.PositiveIntegerField()
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="count_until")]
