"""An import as a job, which old row became which record, and the rows that stayed outside."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.columns import Columns, Excused, SaltField
from massline.jobs import Job, JobState
from massline.keys import key_of
from massline.texts import LineColumn
from responsibility.models import Organ

PREVIEW = "preview"


class Import(Job):
    """An old ledger that is taken over. Until it is confirmed it is a preview, and only its asker's.

    The file lies under a random name in the private storage until the work is over. `total` and `done` are row numbers
    below the heading; the counters move in the same transaction as the rows.
    """

    PREVIEW_FOR: ClassVar = timedelta(hours=2)
    REJECTS_FOR: ClassVar = timedelta(days=30)

    kind = models.CharField(max_length=32)
    """What its rows become."""
    state = models.CharField(max_length=8, choices=[(PREVIEW, _("待确认")), *JobState.choices], default=PREVIEW)
    office = models.ForeignKey(Organ, models.PROTECT, null=True, related_name="+")
    """The office whose people import; none when it was typed on the server."""
    file = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64)
    filename = LineColumn(max_length=200)
    mapping = models.JSONField(default=dict)
    header = models.JSONField(default=list)
    came_in = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    already_there = models.PositiveIntegerField(default=0)

    # A preview that nobody confirmed is deleted.
    audit = Excused("how far a job is; asking, confirming, every step and the end of it are events", deletes=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[PREVIEW, *JobState.values]), name="import_state"),
            models.CheckConstraint(
                condition=Q(total=None) | Q(done__gte=F("came_in") + F("rejected") + F("already_there")),
                name="import_counts_rows_once",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "office", "-asked_at", "-id"], name="import_list"),
            models.Index(fields=["id"], condition=Q(state__in=["waiting", "running"]), name="import_queue"),
        ]

    def step(self, done: int, **more: int) -> None:
        """How far it is, and how many rows more of each sort; in the transaction of the rows. Raises LostLease."""
        counts = {name: getattr(self, name) + number for name, number in more.items()}
        self.change(done=done, leased_until=timezone.now() + self.LEASE, **counts)

    @property
    def key(self) -> str:
        """Its public name: in addresses, in the log and in what is exported."""
        return key_of("import", self.pk)

    @property
    def source(self) -> str:
        return str(self.mapping.get("source", ""))


class ImportedFromQuerySet(models.QuerySet["ImportedFrom"]):
    def about(self, kind: str, *pks: int) -> "ImportedFromQuerySet":
        """Returns the rows that these records were."""
        return self.filter(subject_kind=kind, subject_id__in=pks)


class ImportedFrom(models.Model):
    """Which row of which old ledger a record was. The database lets no row come in twice."""

    subject_kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    taken_by = models.ForeignKey(Import, models.PROTECT, related_name="taken")
    source = LineColumn(max_length=40)
    source_key = LineColumn(max_length=64)
    digest = models.BinaryField()
    taken_at = models.DateTimeField()
    salt = SaltField()

    objects = ImportedFromQuerySet.as_manager()
    audit = Columns(personal=("source_key", "digest"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "source", "source_key"], name="imported_once"),
            models.UniqueConstraint(fields=["subject_kind", "subject_id"], name="imported_from_one_row"),
        ]


class ImportReject(models.Model):
    """A row that did not come in, with the reasons; for its importer, and only for a while."""

    job = models.ForeignKey(Import, models.CASCADE, related_name="rejects")
    row = models.PositiveIntegerField()
    reasons = models.JSONField()
    cells = models.JSONField()
    salt = SaltField()

    audit = Columns(personal=("reasons", "cells"), updates=False, deletes=True)  # kept for thirty days

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "row"], name="rejected_once")]

    def as_row(self) -> list[Any]:
        return [self.row, "；".join(self.reasons), *self.cells]
