"""The ratings (评价) that citizens give to the handling of their matters."""

from django.db import models
from django.db.models import Q

from audit.columns import Columns, SaltField
from responsibility.models import Organ


class RatingQuerySet(models.QuerySet["Rating"]):
    def about(self, kind: str, *pks: int) -> "RatingQuerySet":
        """Selects the ratings of these records."""
        return self.filter(subject_kind=kind, subject_id__in=pks)


class Rating(models.Model):
    """A citizen's rating, 1 to 5 (好差评 has five levels); a later one replaces the earlier."""

    subject_kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    object = models.CharField(max_length=16)
    """The rated object, as a word of the kind."""
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True)
    rated_at = models.DateTimeField()
    salt = SaltField()

    objects = RatingQuerySet.as_manager()
    audit = Columns(personal=("reason",))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id", "object"], name="one_rating_an_object"),
            models.CheckConstraint(condition=Q(score__range=(1, 5)), name="score_1_to_5"),
        ]
