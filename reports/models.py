"""Exports: each file with its filter, its rows and its hash."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.columns import Excused
from massline.jobs import Job, JobState
from massline.keys import key_of
from massline.texts import LineColumn
from reports.export_kinds import title_of


class FileFormat(models.TextChoices):
    CSV = "csv", _("CSV 表格")
    XLSX = "xlsx", _("Excel 工作簿")
    JSONL = "jsonl", _("JSONL（每行一条）")


class Export(Job):
    """One file that a user requested. It is theirs alone, and exists only until `expires_at`."""

    LEASE: ClassVar = timedelta(seconds=120)
    KEPT: ClassVar = timedelta(hours=24)

    nonce = models.UUIDField()
    """The form's own mark: sent twice, exported once."""
    what = models.CharField(max_length=32)
    """A kind of export (`reports.export_kinds`). Each kind of record names its own, so the database knows no list of
    them."""
    form = models.CharField(max_length=8, choices=FileFormat)
    kind = models.CharField(max_length=32, blank=True, default="", db_default="")
    """The kind of record whose list the filter narrows."""
    filter = models.JSONField(default=dict)
    fields = models.JSONField(default=list)
    """The personal fields that were asked for."""
    reason = LineColumn(max_length=300, blank=True)
    language = models.CharField(max_length=12)
    name = models.CharField(max_length=32, unique=True)
    """A random name; the file of each attempt is called after it."""
    rows = models.PositiveIntegerField(null=True)
    size = models.PositiveBigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    as_of = models.DateTimeField(null=True)
    """The moment that the file shows."""
    wall = models.CharField(max_length=64, blank=True)
    """A digest of what was hidden from the asker at that moment."""
    expires_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    """When its file was deleted."""
    withdrawn_at = models.DateTimeField(null=True)
    """When a person was erased who may stand in it: from then on it is not handed out."""

    audit = Excused("how far a job is; asking, the file with its hash, each fetching and the end of it are events")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asked_by", "nonce"], name="exported_once"),
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="export_state"),
            models.CheckConstraint(condition=Q(what__regex=r"^[a-z][a-z_]*$"), name="export_what"),
            models.CheckConstraint(condition=Q(form__in=FileFormat.values), name="export_form"),
            models.CheckConstraint(
                condition=Q(fields=[]) | Q(reason__regex=r"\S.{8,}\S"), name="personal_only_with_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="done")
                | Q(rows__isnull=False, as_of__isnull=False, expires_at__isnull=False, sha256__regex="^[0-9a-f]{64}$"),
                name="done_with_rows_and_hash",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_by", "-asked_at", "-id"], name="export_list"),
            models.Index(fields=["id"], condition=Q(state__in=["waiting", "running"]), name="export_queue"),
            models.Index(
                fields=["expires_at"], condition=Q(expires_at__isnull=False, removed_at=None), name="export_expiry"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.what}"

    @property
    def key(self) -> str:
        """Its key, in addresses, in the log and in exports."""
        return key_of("export", self.pk)

    @property
    def title(self) -> Any:
        return title_of(self.what)

    def is_ready(self) -> bool:
        """Tells whether the file can be downloaded."""
        here = self.removed_at is None and self.withdrawn_at is None
        kept = here and self.expires_at is not None and timezone.now() < self.expires_at
        return self.state == JobState.DONE and kept
