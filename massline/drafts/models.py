"""The table of drafts."""

from django.db import models


class Draft(models.Model):
    """The sealed content of one form in one browser. Without the browser's cookie nobody reads it."""

    browser = models.BinaryField()
    """A keyed hash of the key in the browser's cookie."""
    address = models.CharField(max_length=300)
    """The address that the form is sent to."""
    owner = models.CharField(max_length=40, blank=True)
    """Who opened the form: `user:5`, `filing:12`; empty for a form that is open to everybody."""
    sealed = models.BinaryField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["browser", "address", "owner"], name="draft_once")]
        indexes = [models.Index(fields=["saved_at"], name="draft_saved_at")]
