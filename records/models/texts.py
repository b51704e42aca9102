"""Free texts that came with acts, of every kind of record."""

from django.conf import settings
from django.db import models

from audit.columns import Columns, SaltField


class ActTextQuerySet(models.QuerySet["ActText"]):
    def about(self, kind: str, *pks: int) -> "ActTextQuerySet":
        """Returns the texts about these records."""
        return self.filter(subject_kind=kind, subject_id__in=pks)


class ActText(models.Model):
    """A free text that came with an act. The log keeps that it was written; the text itself can be erased."""

    subject_kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    kind = models.CharField(max_length=32)
    """What sort of text it is, in a word of the mechanism: as a rule the field of the form that it was typed into."""
    act = models.CharField(max_length=24)
    event_id = models.BigIntegerField()
    public = models.BooleanField(default=False)
    """Whether the citizen whom the record concerns reads it."""
    text = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    """None when a citizen wrote it, or the system."""
    written_at = models.DateTimeField()
    salt = SaltField()

    objects = ActTextQuerySet.as_manager()
    audit = Columns(personal=("text",))

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="act_text_subject"),
            models.Index(fields=["event_id"], name="act_text_event"),
        ]
