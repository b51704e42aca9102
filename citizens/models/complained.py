"""The persons and units complained about in a filing (被反映人或单位)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.columns import Columns, SaltField
from citizens.models.filings import Filing
from massline.texts import LineColumn
from responsibility.models import Organ


class ComplainedKind(models.TextChoices):
    ORGAN = "organ", _("单位")
    PERSON = "person", _("个人")


class Complained(models.Model):
    """A person or unit complained about. A person found among the users is recused (回避, Art. 28)."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="complained")
    kind = models.CharField(max_length=8, choices=ComplainedKind)
    name = LineColumn(max_length=64)
    organ_name = LineColumn(max_length=64, blank=True)
    organ = models.ForeignKey(Organ, models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    salt = SaltField()

    audit = Columns(personal=("name", "organ_name", "organ_id", "user_id"))

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=ComplainedKind.values), name="complained_kind")]
        indexes = [models.Index(fields=["user"], condition=Q(user__isnull=False), name="complained_user")]
