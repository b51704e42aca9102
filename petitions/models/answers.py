"""The handling opinions about a demand, its texts, and the objects that petitioners rate."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.columns import Columns, SaltField


class Outcome(models.TextChoices):
    """The three outcomes of a handling opinion (信访处理意见书, Art. 32)."""

    SUPPORTED = "supported", _("予以支持")
    EXPLAINED = "explained", _("解释说明")
    NOT_SUPPORTED = "not_supported", _("不予支持")


class Answer(models.Model):
    """A handling opinion (信访处理意见书, Art. 32). A returned one stays; the next is a row of its own."""

    demand = models.ForeignKey("petitions.Demand", models.PROTECT, related_name="answers")
    outcome = models.CharField(max_length=16, choices=Outcome)
    text = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    organ_name = models.CharField(max_length=64, blank=True, default="", db_default="")
    """The name that the organ had then; a trigger writes it."""
    answered_at = models.DateTimeField()
    salt = SaltField()

    audit = Columns(personal=("text",))

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="answer_outcome")]


class TextKind(models.TextChoices):
    """The kinds of texts that acts on a petition write."""

    NOTE = "note", _("内部备注")
    QUESTION = "question", _("向信访人询问")
    SUPPLEMENT = "supplement", _("信访人补充")
    REASON = "reason", _("理由")
    WHERE_TO_GO = "where_to_go", _("应向何处提出")
    EVIDENCE = "evidence", _("核实销号依据")


class RatedObject(models.TextChoices):
    """The two objects that petitioners rate separately (满意度评价)."""

    PETITION_OFFICE = "petition_office", _("信访部门")
    ORGAN = "organ", pgettext_lazy("谁", "承办单位")
