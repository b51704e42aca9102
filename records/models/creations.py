"""Requests that created a record, so that one sent again creates nothing."""

from django.conf import settings
from django.db import models

from audit.columns import Columns


class Creation(models.Model):
    """A request with an idempotency key that created a record. Stored for good: a key is used once."""

    request = models.BinaryField()
    """A keyed hash of the kind and the key."""
    sent = models.BinaryField(null=True)
    """A keyed hash of what was sent; none for requests of before it was kept."""
    kind = models.CharField(max_length=32)
    record = models.BigIntegerField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)

    audit = Columns(secret=("request", "sent"), updates=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["made_by", "request"], name="created_once")]
