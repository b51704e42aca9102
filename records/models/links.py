"""Links between records, whatever their kinds."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit.columns import Columns
from responsibility.subjects import Matter


class LinkQuerySet(models.QuerySet["Link"]):
    def of(self, matter: Matter) -> "LinkQuerySet":
        """Returns the links that the record is an end of, the oldest first."""
        ends = Q(source_kind=matter.kind, source_id=matter.pk) | Q(target_kind=matter.kind, target_id=matter.pk)
        return self.filter(ends).order_by("pk")


class Link(models.Model):
    """A link from one record to another that it led to or concerns. Written once, and never changed."""

    source_kind = models.CharField(max_length=32)
    source_id = models.BigIntegerField()
    source_key = models.CharField(max_length=40)
    target_kind = models.CharField(max_length=32)
    target_id = models.BigIntegerField()
    target_key = models.CharField(max_length=40)
    relation = models.CharField(max_length=32)
    """What they are to each other: a name of the closed list in `records/links.py`."""
    event = models.BigIntegerField()
    """The event of the log that made it: an act's, or its own."""
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    """None where the system made it."""

    objects = LinkQuerySet.as_manager()
    audit = Columns(updates=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_kind", "source_id", "target_kind", "target_id", "relation"], name="linked_once"
            ),
            models.CheckConstraint(
                condition=~Q(source_kind=F("target_kind"), source_id=F("target_id")), name="linked_to_another"
            ),
        ]
        indexes = [models.Index(fields=["target_kind", "target_id"], name="link_target")]

    @property
    def source(self) -> Matter:
        return Matter(self.source_kind, self.source_id, self.source_key)

    @property
    def target(self) -> Matter:
        return Matter(self.target_kind, self.target_id, self.target_key)

    def other_end(self, here: Matter) -> Matter:
        """Returns the end that is not this record."""
        return self.target if (self.source_kind, self.source_id) == (here.kind, here.pk) else self.source
